"""The calls of the CertSign User API that the path makes, in its own words (certsign-api.md).

The one place where the JSON names of that contract and our own meet. Ids are strings, whatever the other side sends.
An answer is held against what was asked: one about another order or document is no answer.
"""

import base64
import binascii
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from signing.engine import names
from signing.gateway.remote.wire import NoAnswer, Refused, Trouble, Wire

__all__ = ["Answered", "NewOrder", "Placed", "Refused", "Service", "tries_left"]

LEVEL = "PAdES_BASELINE_LTA"
NOT_FOUND = 404
WRONG_CODE, NO_TRIES, NO_CODE = "ERROR_MAUVAIS_CODE", "ERROR_NBR_ESSAI", "ERROR_CODE_KO"
# Ours, as our own service spells them; another one has others, and is asked what became of the order.
TOO_SOON, UNDELIVERED, CODE_NEEDED = "ERROR_OTP_TOO_SOON", "ERROR_OTP_UNDELIVERED", "ERROR_OTP_REQUIRED"
AT_WORK = "ERROR_STATE"
LONGEST_WORD = 40
TRIES_LEFT = re.compile(r"encore ([0-9]{1,4}) essai")
MOST_TRIES = 100


@dataclass(frozen=True)
class NewOrder:
    """What an order is created with; `external_id` is ours, and the same for the same path."""

    external_id: str
    first_name: str
    last_name: str
    country: str
    email: str
    mobile: str
    otp: bool
    contact: str


@dataclass(frozen=True)
class Placed:
    """An order as the other service has it: its id, and the word for where it stands."""

    id: str
    word: str


@dataclass(frozen=True)
class Answered:
    """A document as the other service has it; `content` only where it was asked for and is signed."""

    id: str
    external_id: str
    word: str
    reason: str
    content: bytes | None = None


@dataclass(frozen=True)
class Stamp:
    """The visible signature: page from 1, lower left corner in points, lines from top to bottom."""

    page: int
    x: float
    y: float
    lines: Sequence[str]


class Service:
    """Another CertSign. Every call raises `NoAnswer`, and `Refused` where it is refused."""

    def __init__(self, wire: Wire, *, sign_seconds: float) -> None:
        self._wire = wire
        self._sign_seconds = sign_seconds

    def create_order(self, new: NewOrder) -> Placed:
        """Create an order. The same again is the same order at ours, and refused by others: then ask `order`."""
        holder = {
            "firstname": new.first_name or new.last_name,
            "lastname": new.last_name or new.first_name,
            "email": new.email,
            "country": new.country,
            "mobile": new.mobile or None,
        }
        body = {
            "externalOrderRequestId": new.external_id,
            "holder": holder,
            "enableOtp": new.otp,
            "otpContact": new.contact if new.otp else None,
            "enableEmail": False,
            "enableSharing": False,
        }
        return self._wire.call("POST", "/ephemeral/orders", query={}, body=body, read=_placed(new.external_id))

    def order(self, external_id: str) -> Placed | None:
        """Where an order stands; None where there is none."""
        query = {"externalId": external_id}
        try:
            return self._wire.call("GET", "/ephemeral/orders/", query=query, read=_placed(external_id))
        except Refused as error:
            if error.status == NOT_FOUND:
                return None
            raise

    def delete(self, external_id: str) -> None:
        """Give an order up; one that is not there (any more) is given up already."""
        query = {"externalId": external_id}
        try:
            self._wire.call("DELETE", "/ephemeral/orders/", query=query, read=_anything)
        except Refused as error:
            if error.status != NOT_FOUND:
                raise

    def add(self, order: Placed, external_id: str, content: bytes, stamp: Stamp | None, *, otp: bool) -> Answered:
        """Hand over one document."""
        element = {
            "externalSignatureRequestId": external_id,
            "orderRequestId": order.id,
            "signatureOptions": {
                "signatureType": LEVEL,
                "digestAlgorithmName": "SHA256",
                "signaturePackagingType": "ENVELOPED",
                "documentType": "INLINE",
            },
            "pdfSignatureOptions": _stamp(stamp) if stamp else None,
            "toSignContent": base64.b64encode(content).decode(),
        }
        path = "/ephemeral/trigger/signatures" if otp else "/ephemeral/signatures"
        return self._wire.call(
            "POST", path, query={"orderRequestId": order.id}, body=[element], read=_added(order, external_id)
        )

    def documents(self, order: Placed) -> list[Answered]:
        """All documents of an order, without their contents; none where it has none, or is given up."""
        try:
            return self._wire.call(
                "GET", "/ephemeral/signatures/search/", query={"orderRequestId": order.id}, read=_documents(order)
            )
        except Refused as error:
            if error.status == NOT_FOUND:
                return []
            raise

    def document(self, request_id: str, external_id: str) -> Answered:
        """One document; once it is signed, with the signed file."""
        query = {"id": request_id}
        return self._wire.call("GET", "/ephemeral/signatures/", query=query, read=_document(request_id, external_id))

    def send_code(self, order: Placed, application_code: str) -> None:
        """Have a code sent; again, another one."""
        query = {"orderRequestId": order.id}
        if application_code:
            query["smsApplicationCode"] = application_code
        self._wire.call("POST", "/ephemeral/trigger/signatures/validate", query=query, body={}, read=_of_this(order))

    def sign(self, order: Placed, code: str | None, *, otp: bool) -> list[Answered]:
        """Have all documents signed; waits for it as long as the other side does."""
        path = "/ephemeral/trigger/signatures/sign" if otp else "/ephemeral/signatures/sign"
        query = {"orderRequestId": order.id, "mode": "SYNC", **({"otp": code} if code else {})}
        return self._wire.call("POST", path, query=query, body={}, seconds=self._sign_seconds, read=_documents(order))

    def refuse(self, request_id: str) -> None:
        """The signer refused: of one document, and so of the order."""
        body = {"status": "REFUSED"}
        self._wire.call("PATCH", "/ephemeral/signatures/", query={"id": request_id}, body=body, read=_anything)


def tries_left(sentence: str) -> int:
    """How many tries a refusal says are left: at least one, for it would say otherwise by its label."""
    found = TRIES_LEFT.search(sentence)
    return min(max(int(found[1]), 1), MOST_TRIES) if found else 1


def _stamp(stamp: Stamp) -> dict[str, object]:
    lines = [
        {"lineContent": line, "lineFontSize": 9, "linePosXInImage": 2, "linePosYInImage": 2 + 12 * above}
        for above, line in enumerate(reversed(stamp.lines))
    ]
    return {
        "signaturePage": stamp.page,
        "signaturePosX": stamp.x,
        "signaturePosY": stamp.y,
        "linesOptions": lines,
    }


def _anything(_told: object) -> None:
    """A 204 says it all."""


def _placed(external_id: str) -> Callable[[object], Placed]:
    def read(told: object) -> Placed:
        if _text(told, "externalOrderRequestId") != external_id:
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return Placed(_text(told, "orderRequestId"), _text(told, "status")[:LONGEST_WORD])

    return read


def _documents(order: Placed) -> Callable[[object], list[Answered]]:
    def read(told: object) -> list[Answered]:
        if not isinstance(told, list):
            raise NoAnswer(Trouble.OTHER_SHAPE)
        if any(_text(each, "orderRequestId") != order.id for each in told):
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return [_answered(each) for each in told]

    return read


def _added(order: Placed, external_id: str) -> Callable[[object], Answered]:
    def read(told: object) -> Answered:
        found = _documents(order)(told)
        if [each.external_id for each in found] != [external_id]:
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return found[0]

    return read


def _document(request_id: str, external_id: str) -> Callable[[object], Answered]:
    def read(told: object) -> Answered:
        found = _answered(told)
        if (found.id, found.external_id) != (request_id, external_id):
            raise NoAnswer(Trouble.OTHERS_ANSWER)
        return found

    return read


def _of_this(order: Placed) -> Callable[[object], None]:
    """The contract does not say what a code's sending is answered with; where it names an order, it is this one."""

    def read(told: object) -> None:
        for each in told if isinstance(told, list) else [told]:
            if isinstance(each, dict) and str(each.get("orderRequestId", order.id)) != order.id:
                raise NoAnswer(Trouble.OTHERS_ANSWER)

    return read


def _answered(told: object) -> Answered:
    content = told.get("signedContent") if isinstance(told, dict) else None
    reason = told.get("reason") if isinstance(told, dict) else None
    return Answered(
        id=_text(told, "signatureRequestId"),
        external_id=_text(told, "externalSignatureRequestId"),
        word=_text(told, "status")[:LONGEST_WORD],
        reason="".join(each if not names.has_controls(each) else " " for each in str(reason or "")[:200]),
        content=_decoded(content) if content is not None else None,
    )


def _decoded(content: object) -> bytes:
    if not isinstance(content, str):
        raise NoAnswer(Trouble.OTHER_SHAPE)
    try:
        return base64.b64decode("".join(content.split()), validate=True)
    except (binascii.Error, ValueError) as error:
        raise NoAnswer(Trouble.OTHER_SHAPE) from error


def _text(told: Any, name: str) -> str:
    """A member that must be there: a text that can be kept, or an id as a number."""
    value = told.get(name) if isinstance(told, dict) else None
    if isinstance(value, str) and names.has_controls(value):
        raise NoAnswer(Trouble.OTHER_SHAPE)
    if not isinstance(value, str | int) or isinstance(value, bool) or not 0 < len(str(value)) <= 200:  # noqa: PLR2004 - the longest id that is kept
        raise NoAnswer(Trouble.OTHER_SHAPE)
    return str(value)
