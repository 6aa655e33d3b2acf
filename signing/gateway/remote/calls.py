"""The calls of the CertSign User API that the path makes, in its own words (certsign-api.md).

Here and in `answers` the JSON names of that contract and our own meet.
"""

import base64
import re
from collections.abc import Sequence
from dataclasses import dataclass

from signing.gateway.remote import answers
from signing.gateway.remote.answers import Answered, Placed
from signing.gateway.remote.wire import Refused, Wire

__all__ = ["NewOrder", "Refused", "Service", "Stamp", "tries_left"]

LEVEL = "PAdES_BASELINE_LTA"
NOT_FOUND = 404
WRONG_CODE, NO_TRIES, NO_CODE = "ERROR_MAUVAIS_CODE", "ERROR_NBR_ESSAI", "ERROR_CODE_KO"
# Ours, as our own service spells them; another one has others, and is asked what became of the order.
TOO_SOON, UNDELIVERED, CODE_NEEDED = "ERROR_OTP_TOO_SOON", "ERROR_OTP_UNDELIVERED", "ERROR_OTP_REQUIRED"
AT_WORK = "ERROR_STATE"
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
        return self._wire.call("POST", "/ephemeral/orders", query={}, body=body, read=answers.placed(new.external_id))

    def order(self, external_id: str) -> Placed | None:
        """Where an order stands; None where there is none."""
        query = {"externalId": external_id}
        try:
            return self._wire.call("GET", "/ephemeral/orders/", query=query, read=answers.placed(external_id))
        except Refused as error:
            if error.status == NOT_FOUND:
                return None
            raise

    def delete(self, external_id: str) -> None:
        """Give an order up; one that is not there (any more) is given up already."""
        query = {"externalId": external_id}
        try:
            self._wire.call("DELETE", "/ephemeral/orders/", query=query, read=answers.anything)
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
            "POST", path, query={"orderRequestId": order.id}, body=[element], read=answers.added(order, external_id)
        )

    def documents(self, order: Placed) -> list[Answered]:
        """All documents of an order, without their contents; none where it has none, or is given up."""
        try:
            return self._wire.call(
                "GET",
                "/ephemeral/signatures/search/",
                query={"orderRequestId": order.id},
                read=answers.documents(order),
            )
        except Refused as error:
            if error.status == NOT_FOUND:
                return []
            raise

    def document(self, request_id: str, external_id: str) -> Answered:
        """One document; once it is signed, with the signed file."""
        query = {"id": request_id}
        return self._wire.call(
            "GET", "/ephemeral/signatures/", query=query, read=answers.document(request_id, external_id)
        )

    def send_code(self, order: Placed, application_code: str) -> None:
        """Have a code sent; again, another one."""
        query = {"orderRequestId": order.id}
        if application_code:
            query["smsApplicationCode"] = application_code
        self._wire.call(
            "POST", "/ephemeral/trigger/signatures/validate", query=query, body={}, read=answers.of_this(order)
        )

    def sign(self, order: Placed, code: str | None, *, otp: bool) -> list[Answered]:
        """Have all documents signed; waits for it as long as the other side does."""
        path = "/ephemeral/trigger/signatures/sign" if otp else "/ephemeral/signatures/sign"
        query = {"orderRequestId": order.id, "mode": "SYNC", **({"otp": code} if code else {})}
        return self._wire.call(
            "POST", path, query=query, body={}, seconds=self._sign_seconds, read=answers.documents(order)
        )

    def refuse(self, request_id: str) -> None:
        """The signer refused: of one document, and so of the order."""
        body = {"status": "REFUSED"}
        self._wire.call("PATCH", "/ephemeral/signatures/", query={"id": request_id}, body=body, read=answers.anything)


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
