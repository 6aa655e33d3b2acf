"""What an order's code is tied to: the signer and the documents, as they stood when the code was sent or typed."""

from datetime import datetime

from evidence import chain, events, trail
from otp import codes
from otp.judging import Verdict
from otp.models import Code, Try
from signing.backend import orders
from signing.backend.models import Order


def bind(order: Order, at: datetime) -> None:
    """Tie signer and documents as they are now; a code that waits for them is tied, another one is void."""
    documents = [
        events.BoundDocument(sha256=each.presented_sha256, role="to_sign") for each in order.requests.order_by("n")
    ]
    declared = trail.first(order.trail, events.SignerDeclared)
    binding = chain.binding(
        reference=order.reference,
        signer=trail.commitments(declared, "first_name", "last_name", "email", "mobile"),
        documents=[each.model_dump(mode="json") for each in documents],
        consents=[],
    )
    if binding == order.binding:
        return
    Order.objects.filter(pk=order.pk).update(binding=binding)
    order.binding = binding
    armed = events.PathArmed(
        signer=order.signer,
        binding=binding,
        documents=documents,
        consents=[],
        code_channel=orders.channel_name(order) if order.otp else "none",
        independent_channel=False,
        dwell_ms=0,
        coverage_percent=0,
        expires_at=chain.instant(order.expires_at or at),
    )
    trail.append(order.trail, armed, actor=trail.SYSTEM, at=at)
    tied = codes.tie(owner=orders.code_owner(order), binding=binding) if order.otp else None
    if tied is not None:
        event = events.CodeTied(signer=order.signer, n=tied, binding=binding)
        trail.append(order.trail, event, actor=trail.SYSTEM, at=at)


def check_code(order: Order) -> None:
    """Raise `codes.Gone` where the code that was accepted was for other documents than the order has now."""
    owner = orders.code_owner(order)
    accepted = Try.objects.filter(owner=owner, verdict=Verdict.ACCEPTED).order_by("-pk").first()
    if accepted is None or not Code.objects.filter(owner=owner, n=accepted.n, binding=order.binding).exists():
        raise codes.Gone(accepted.n if accepted else 0)
