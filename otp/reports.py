"""What becomes of a message after it was handed over: delivery reports of SMS, bounces of mail.

A report comes late, twice, in any order, for something unknown, or from somebody who forges it. Its address carries a
code of ours (HMAC), and what it says only ever moves a message on.
"""

import hashlib
import hmac
import uuid
from datetime import datetime

from django.conf import settings
from django.dispatch import Signal

from otp.models import Message

reported = Signal()  # with `message` and `at`, inside the transaction of the report: who owns the message listens
DELIVERED, FAILED, TAKEN, REFUSED = 1, 2, 8, 16  # bits: an expired message is 34
Report = Message.Report
_BEFORE = {
    Report.TAKEN: [Report.NONE],
    Report.DELIVERED: [Report.NONE, Report.TAKEN],
    Report.FAILED: [Report.NONE, Report.TAKEN],
}
_SENT = (Message.Outcome.SENT, Message.Outcome.WAITING)  # a report may be quicker than the answer it follows


def address(reference: str) -> str:
    """Where the reports of the message with this reference are taken."""
    return f"{settings.SMS_REPORT_URL}/reports/{reference}/{code_of(reference)}"


def code_of(reference: str) -> str:
    """What a report of this message must know."""
    key = hashlib.sha256(b"paraphe delivery report\x00" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, reference.encode(), hashlib.sha256).hexdigest()[:32]


def is_ours(reference: str, code: str) -> bool:
    return hmac.compare_digest(code_of(reference).encode(), code.encode())


def of_gateway(kind: int) -> Report:
    """What a gateway's type says; bits are tested, several may be set."""
    if kind & DELIVERED:
        return Report.DELIVERED
    if kind & (FAILED | REFUSED):
        return Report.FAILED
    return Report.TAKEN if kind & TAKEN else Report.NONE


def take(message_id: uuid.UUID, report: Report, *, answer: str, at: datetime) -> Message | None:
    """Move a message on by a report, and tell its owner; None where it is unknown, or has come as far already.

    Call it in a transaction: what the owner writes belongs to it.
    """
    rows = Message.objects.filter(pk=message_id, outcome__in=_SENT, report__in=_BEFORE.get(report, []))
    if not rows.update(report=report, reported_at=at, report_answer=answer[:200]):
        return None
    message = Message.objects.get(pk=message_id)
    reported.send(sender=Message, message=message, at=at)
    return message
