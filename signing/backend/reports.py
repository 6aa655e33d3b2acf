"""What carriers tell of a code's message, later: an entry in the trail of its order."""

from datetime import datetime

from evidence import events, trail
from otp.models import Message
from signing.backend.models import Order
from signing.backend.orders import channel_name, order_of


def told(*, message: Message, answer: str, at: datetime, **_signal: object) -> None:
    """Listen to `otp.reports.reported`: delivered, or given back although it had been taken."""
    order = order_of(message.owner)
    if order is None or message.kind != "code":
        return
    event = _event(order, message, answer or None)
    if event is not None:
        trail.append(order.trail, event, actor=trail.SYSTEM, at=at)


def _event(order: Order, message: Message, answer: str | None) -> events.Event | None:
    if message.report == Message.Report.DELIVERED:
        return events.CodeDelivered(
            signer=order.signer,
            n=message.n,
            channel=channel_name(order),
            message_id=message.message_id,
            recipient=order.contact,
            answer=answer,
        )
    if message.report == Message.Report.FAILED:
        return events.CodeUndelivered(
            signer=order.signer,
            n=message.n,
            channel=channel_name(order),
            final=True,
            recipient=order.contact,
            answer=answer,
        )
    return None
