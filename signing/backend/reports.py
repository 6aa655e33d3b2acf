"""What carriers tell of a code's message, later: an entry in the trail of its order."""

from datetime import datetime
from typing import Any

from evidence import addenda, bell, chain, events, trail
from evidence.archive import elimination
from evidence.models import Opening
from otp.models import Message
from signing.backend.models import Order
from signing.backend.orders import order_of


def told(*, message: Message, answer: str, at: datetime, **_signal: object) -> None:
    """Listen to `otp.reports.reported`: delivered, or given back although it had been taken."""
    order = order_of(message.owner)
    if order is None or message.kind != "code" or elimination.is_begun(order.trail):
        return  # of a person who is erased nothing is told: the carrier's words name whom they are about
    event = _event(order, message, answer or None)
    if event is not None:
        bell.ring(*addenda.tell(order.trail, order.signer, event, actor=trail.SYSTEM, at=at))


def _event(order: Order, message: Message, answer: str | None) -> events.Event | None:
    """Of the message's own way and recipient: by now the order's codes may go elsewhere."""
    told: dict[str, Any] = {"signer": order.signer, "n": message.n, "channel": message.channel}
    told |= {"recipient": _recipient(order, message), "answer": answer}
    if message.report == Message.Report.DELIVERED:
        return events.CodeDelivered(message_id=message.message_id, **told)
    if message.report == Message.Report.FAILED:
        return events.CodeUndelivered(final=True, **told)
    return None


def _recipient(order: Order, message: Message) -> str:
    """Whom the message went to, as the entry of its sending has it; empty where that was erased."""
    if message.channel == order.channel:
        return order.contact
    sent = Opening.objects.filter(entry__trail=order.trail, entry__kind=events.CodeSent.kind, field="recipient")
    for each in sent.select_related("entry"):
        data = chain.members(bytes(each.entry.canonical))["data"]
        if (data["signer"], data["n"]) == (order.signer, message.n):
            return each.value
    return ""
