"""Finding what a call is about. Foreign and unknown are one answer; what the path made is no integrator's business."""

from django.db.models import QuerySet
from django.http import HttpRequest

from evidence.trail import Actor, Terminal
from signing.backend.api import errors
from signing.backend.models import Challenge, Order, SignatureRequest
from signing.clients.models import Client

LARGEST = 2**63
LONGEST = len(str(LARGEST))  # int() refuses thousands of digits with an error of its own


def caller(request: HttpRequest) -> Client:
    """The client whose certificate TLS has verified (`signing.backend.api.callers`)."""
    found: Client = request.caller  # type: ignore[attr-defined]  # the middleware's
    return found


def actor(request: HttpRequest) -> Actor:
    """Who acts, for the trail: the client's machine."""
    terminal = Terminal(
        ip=request.META.get("REMOTE_ADDR", ""),
        port=request.META.get("REMOTE_PORT", ""),
        user_agent=request.headers.get("User-Agent", "")[:500],
    )
    return Actor(role="client", request=getattr(request, "request_id", ""), terminal=terminal)


def orders(request: HttpRequest) -> QuerySet[Order]:
    """The orders that the caller can speak of: its own, made over REST, not deleted."""
    return Order.objects.filter(client=caller(request), bare=True, deleted_at=None)


def order(request: HttpRequest, number: str | None, external_id: str | None) -> Order:
    """The caller's order with these ids; where both are given, both must be its own. Raises `Refused` (404)."""
    found = orders(request).select_related("trail").filter(**_ids(number, external_id)).first()
    if found is None:
        raise errors.not_found()
    found.client = caller(request)  # read a moment ago, for this call
    return found


def signature_request(request: HttpRequest, number: str | None, external_id: str | None) -> SignatureRequest:
    """The caller's document with these ids, the newest where an id of the integrator's was used twice."""
    rows = SignatureRequest.objects.filter(order__in=orders(request))
    found = rows.filter(**_ids(number, external_id)).select_related("order__client").order_by("-pk").first()
    if found is None:
        raise errors.not_found()
    return found


def challenge(request: HttpRequest, number: str | None, external_id: str | None) -> Challenge:
    """The caller's code alone with these ids. Raises `Refused` (404)."""
    rows = Challenge.objects.filter(client=caller(request)).select_related("client__policy")
    found = rows.filter(**_ids(number, external_id)).first()
    if found is None:
        raise errors.not_found()
    return found


def last_challenge(request: HttpRequest, channel: str, contact: str) -> Challenge:
    """The last one that went to a contact for the caller. Raises `Refused` (404)."""
    client, out = caller(request), (Challenge.State.SENT, Challenge.State.VERIFIED)
    rows = Challenge.objects.filter(
        client=client, owner=Challenge.owner_of(client, contact), channel=channel, state__in=out
    )
    found = rows.select_related("client__policy").order_by("-n").first()
    if found is None:
        raise errors.not_found()
    return found


def _ids(number: str | None, external_id: str | None) -> dict[str, object]:
    """The ids as a filter; raises `Refused` where none is given, or one that none of ours can be."""
    asked: dict[str, object] = {}
    if number:
        if not (len(number) <= LONGEST and number.isascii() and number.isdigit() and int(number) < LARGEST):
            raise errors.not_found()
        asked["pk"] = int(number)
    if external_id:
        asked["external_id"] = external_id
    if not asked:
        raise errors.not_found()
    return asked
