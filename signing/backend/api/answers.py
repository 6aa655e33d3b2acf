"""Documents of an order as integrators read them, in calls and in call-backs."""

import json
from collections.abc import Sequence

from signing.backend import wording
from signing.backend.added import Added
from signing.backend.api.schemas import RequestAnswer
from signing.backend.models import Order, SignatureRequest

CHECKS = "X-Document-Checks"
"""A header, for the answers' members are the contract's and no others."""


def checks(taken: Sequence[Added]) -> str:
    """What intake found in the documents of one call, in their order, as JSON in ASCII.

    `sha256` is told of a document that was repaired: it names the version that is shown and signed from now on.
    """
    found = [
        {"checks": list(each.accepted.checks)} | ({"sha256": each.accepted.sha256} if each.accepted.repaired else {})
        for each in taken
    ]
    return json.dumps(found, separators=(",", ":"))


def of_documents(order: Order) -> list[RequestAnswer]:
    """Every document of an order and where it stands, in the order in which they came."""
    return [of_document(each, order) for each in order.requests.order_by("n")]


def of_document(row: SignatureRequest, order: Order) -> RequestAnswer:
    return RequestAnswer(
        signature_request_id=str(row.pk),
        external_signature_request_id=row.external_id,
        order_request_id=str(order.pk),
        external_order_request_id=order.external_id,
        status=wording.of_request(row, order),
        reason=row.reason,
    )
