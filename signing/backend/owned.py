"""Whose code a message carries: what the outbox says of it to the operator."""

from dataclasses import dataclass

from evidence.models import Trail
from otp.models import Message
from signing.backend.challenges import Challenge
from signing.backend.models import Order
from signing.backend.orders import OWNER


@dataclass(frozen=True)
class Owned:
    """An order's code: reference, signer and trail. Or one that stands alone: its number (`otpId`)."""

    reference: str = ""
    signer: str = ""
    trail: Trail | None = None
    alone: int | None = None


def code_in(message: Message) -> Owned | None:
    """Whose code a message carries; None where it carries none, or nobody knows its owner."""
    number = message.owner.removeprefix(OWNER)
    if number != message.owner:
        order = Order.objects.filter(pk=number).select_related("trail").first() if number.isdecimal() else None
        return Owned(order.reference, order.signer, order.trail) if order else None
    row = Challenge.objects.filter(owner=message.owner, n=message.n).first()
    return Owned(alone=row.pk) if row else None
