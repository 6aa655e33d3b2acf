"""What mail providers report through anymail's webhooks: delivered, bounced, rejected; found by the provider's id."""

from typing import Any

from django.db import transaction
from django.utils.timezone import now

from otp import early, reports
from otp.lines import one_line
from otp.models import Channel, Message

LONGEST_ID = 200
_TOLD = {
    "delivered": reports.Report.DELIVERED,
    "bounced": reports.Report.FAILED,
    "rejected": reports.Report.FAILED,
    "failed": reports.Report.FAILED,
}


def tracked(*, event: Any, **_signal: object) -> None:
    """Listen to `anymail.signals.tracking`; whether the webhook was the provider's own is anymail's to check."""
    told, known_as = _TOLD.get(event.event_type), one_line(event.message_id or "")[:LONGEST_ID]
    if told is None or not known_as:
        return
    row = Message.objects.filter(channel=Channel.EMAIL, message_id=known_as).first()
    with transaction.atomic():
        if row is None:
            early.keep(known_as, told, at=now())
        else:
            reports.take(row.pk, told, answer=event.mta_response or event.description or "", at=now())
