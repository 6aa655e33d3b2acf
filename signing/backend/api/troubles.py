"""Why a code that was asked for did not go out, as the worker wrote it in the row: said to who waits for the answer."""

from datetime import datetime
from http import HTTPStatus

from otp import caps, codes
from otp.models import Policy
from signing.backend.api.errors import Label, Refused

_REFUSALS: dict[str, tuple[HTTPStatus, Label, str]] = {
    "LOCKED": (HTTPStatus.CONFLICT, Label.NO_TRIES, "Trop de codes faux : aucun autre ne part."),
    "BOUNCED": (HTTPStatus.CONFLICT, Label.CODE_UNDELIVERED, "Le message avec le code a été refusé pour ce contact."),
    "NOT_SENT": (HTTPStatus.CONFLICT, Label.CODE_UNDELIVERED, "Le message avec le code n'a pas pu partir."),
}


def check(trouble: str, *, owner: str, policy: Policy, at: datetime) -> None:
    """Raise what a row's trouble means: `codes.TooSoon`, `codes.Capped` with the moment to come back, or `Refused`.

    `owner`: whose codes these are. A code that left without an answer (UNANSWERED) is one that was sent.
    """
    if trouble == "TOO_SOON":
        raise codes.TooSoon(codes.next_send_at(owner=owner, policy=policy, at=at))
    if trouble == "CAPPED":
        raise codes.Capped(caps.tomorrow(at))
    if trouble in _REFUSALS:
        raise Refused(*_REFUSALS[trouble])
