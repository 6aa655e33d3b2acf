"""Reports that are quicker than the answer to our call, of providers who alone give a message its id.

They are kept, without their words, until the answer has told the id, or for a while: other programs may write by the
same account of the provider, and of their messages no answer ever comes.
"""

from datetime import datetime, timedelta

from django.db import models
from django.db.models import Exists, OuterRef

from otp import reports
from otp.models import Channel, Message

KEPT_FOR = timedelta(minutes=10)  # no answer is waited for longer
MOST_KEPT = 1000


class EarlyReport(models.Model):
    """What a provider told of a message whose id there we do not know yet."""

    message_id = models.CharField(max_length=200)
    report = models.CharField(max_length=12, choices=Message.Report)
    arrived_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["message_id", "report"], name="early_report_once")]

    def __str__(self) -> str:
        return f"{self.message_id} {self.report}"


def keep(message_id: str, report: Message.Report, *, at: datetime) -> None:
    """Keep what was told of a message that nobody knows; of too many the oldest go."""
    EarlyReport.objects.get_or_create(message_id=message_id, report=report, defaults={"arrived_at": at})
    newest = EarlyReport.objects.order_by("-arrived_at", "-pk").values_list("pk", flat=True)
    EarlyReport.objects.filter(pk__in=list(newest[MOST_KEPT : 2 * MOST_KEPT])).delete()


def known(at: datetime) -> list[EarlyReport]:
    """Those whose message is known by now; what is too old is forgotten."""
    EarlyReport.objects.filter(arrived_at__lt=at - KEPT_FOR).delete()
    sent = Message.objects.filter(channel=Channel.EMAIL, message_id=OuterRef("message_id"))
    return list(EarlyReport.objects.filter(Exists(sent)).order_by("arrived_at", "pk"))


def tell(row: EarlyReport, *, at: datetime) -> None:
    """Tell such a report as one that comes now. Call it in a transaction."""
    message = Message.objects.filter(channel=Channel.EMAIL, message_id=row.message_id).earliest("created_at")
    reports.take(message.pk, Message.Report(row.report), answer="", at=at)
    row.delete()
