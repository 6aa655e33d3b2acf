"""What becomes of a message after it was handed over: delivery reports of SMS, bounces of mail.

A report comes late, twice, in any order, for something unknown, or from somebody who forges it. Its address carries a
code of ours (HMAC), and what it says only ever moves a message on.
"""

import hashlib
import hmac
import uuid
from datetime import datetime
from typing import Any

from django.conf import settings
from django.db.models import Q
from django.dispatch import Signal
from django.http import QueryDict
from twilio.request_validator import RequestValidator

from otp.lines import one_line
from otp.models import Channel, Message

# With `message`, `answer` and `at`, inside the transaction of the report: who owns the message listens. The carrier's
# words name the recipient more often than not; they are told and kept in no row of ours, where nobody would erase them.
reported = Signal()
ANSWER_CHARACTERS = 200
DELIVERED, FAILED, TAKEN, REFUSED = 1, 2, 8, 16  # bits: an expired message is 34
Report = Message.Report
_BEFORE = {
    Report.TAKEN: [Report.NONE],
    Report.DELIVERED: [Report.NONE, Report.TAKEN],
    Report.FAILED: [Report.NONE, Report.TAKEN],
}
_OF_TWILIO = {
    "sent": Report.TAKEN,
    "delivered": Report.DELIVERED,
    "read": Report.DELIVERED,
    "undelivered": Report.FAILED,
    "failed": Report.FAILED,
    "canceled": Report.FAILED,
}


def address(reference: str) -> str:
    """Where the reports of the message with this reference are taken."""
    return f"{settings.SMS_REPORT_URL}/reports/{reference}/{code_of(reference)}"


def twilio_address(reference: str) -> str:
    """Where Twilio reports: it signs what it tells, so that the address needs no code, which its console would show."""
    return f"{settings.SMS_REPORT_URL}/reports/{reference}/twilio"


def is_twilios(reference: str, told: QueryDict, signature: str) -> bool:
    """Whether Twilio signed this report of the message: HMAC with the account's token over address and fields.

    Its documentation, "Validating signatures from Twilio". The address is the one that it was given: behind a proxy,
    what a request says of itself is another.
    """
    token = settings.TWILIO["token"]
    return bool(token) and bool(RequestValidator(token).validate(twilio_address(reference), told, signature))


def of_twilio(status: str) -> Report:
    """What a `MessageStatus` says; what stands for no step of ours (queued, sending, any new word) says nothing."""
    return _OF_TWILIO.get(status, Report.NONE)


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


def take(
    message_id: uuid.UUID,
    report: Report,
    *,
    answer: str,
    at: datetime,
    known_as: str = "",
    channel: str = "",
) -> Message | None:
    """Move a message on by a report, and tell its owner; None where it is unknown, or has come as far already.

    `known_as`: its id at the carrier, where the report names it. The report of another id is of another message; one
    that came before the answer to the call, or in place of it, is where the id is learnt. `channel`: the only one whose
    messages such a report is of. A message in the hand of its sender has its report told by `tell_early`. Call it in a
    transaction: what the owner writes belongs to it.
    """
    answer, known_as = one_line(answer), one_line(known_as)
    before = Q(report__in=_BEFORE.get(report, []))
    if report == Report.FAILED:  # a mail that one server has taken for its recipient comes back from the next
        before |= Q(report=Report.DELIVERED, channel=Channel.EMAIL)
    rows = Message.objects.filter(before, pk=message_id)
    values: dict[str, Any] = {"report": report, "reported_at": at}
    if known_as:
        rows, values = rows.filter(Q(message_id="") | Q(message_id=known_as)), values | {"message_id": known_as}
    if channel:
        rows = rows.filter(channel=channel)
    # In this order: the first waits for a sender who is just writing that it went out, the second then sees it.
    if rows.filter(outcome=Message.Outcome.WAITING).update(**values):
        return None
    if not rows.filter(outcome=Message.Outcome.SENT).update(**values):
        return None
    message = Message.objects.get(pk=message_id)
    reported.send(sender=Message, message=message, answer=answer[:ANSWER_CHARACTERS], at=at)
    return message


def tell_early(message: Message, *, at: datetime) -> None:
    """Tell a report that was quicker than the answer to the call, without its words; nothing where there was none.

    Whoever has just written that the message went out calls it, in that transaction: nothing arrives before it is sent.
    """
    row = Message.objects.get(pk=message.pk)
    if row.outcome == Message.Outcome.SENT and row.report:
        reported.send(sender=Message, message=row, answer="", at=at)
