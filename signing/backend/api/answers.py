"""Documents of an order as integrators read them, in calls and in call-backs."""

from signing.backend import wording
from signing.backend.api.schemas import RequestAnswer
from signing.backend.models import Order, SignatureRequest


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
