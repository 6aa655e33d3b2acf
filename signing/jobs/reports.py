"""What carriers tell of a path's messages, later: its letters have entries, its code page says that a code is lost."""

from collections.abc import Callable
from datetime import datetime

from evidence import bell, events
from otp.models import Message
from signing.gateway.contract import OrderRef
from signing.gateway.embedded import order_of_code
from signing.jobs.letters import KINDS, accepted, bounced, recorded
from signing.models import Signer
from signing.states import SignerState


def told(*, message: Message, answer: str, at: datetime, **_signal: object) -> None:
    """Listen to `otp.reports.reported`: a letter with the link came there, or something came back that was taken."""
    if message.report == Message.Report.DELIVERED and message.kind == "link":
        _letter(message, answer, at, accepted)
    if message.report != Message.Report.FAILED:
        return
    if message.kind in KINDS:
        _letter(message, answer, at, bounced)
    elif message.kind == "code":
        _code(message)


def _letter(
    message: Message, answer: str, at: datetime, told_of: Callable[[Signer, Message, str], events.Event]
) -> None:
    signer = Signer.objects.select_related("envelope__trail").get(public_id=message.owner)
    bell.ring(*recorded(signer, message, told_of(signer, message, answer), at))


def _code(message: Message) -> None:
    """The page offers another code, unless one was sent since."""
    order = order_of_code(message.owner)
    if order is None or Message.objects.filter(owner=message.owner, kind="code", n__gt=message.n).exists():
        return
    lost(order)


def lost(order: OrderRef) -> None:
    """Have the page of a path that waits for its code say that it did not arrive."""
    waiting = Signer.objects.filter(order=order, state=SignerState.CODE_SENT, work="")
    waiting.update(code_trouble=Signer.CodeTrouble.UNDELIVERED)
