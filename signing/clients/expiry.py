"""When a client's access ends: the operator is told a month ahead, by the alarms that the administration shows."""

from datetime import datetime, timedelta

from django.db.models import Max

from otp import alarms
from otp.models import Alarm
from signing.clients.models import AccessCertificate

TOLD_BEFORE = timedelta(days=30)


def watch(at: datetime) -> list[Alarm]:
    """The new alarms on clients whose last access certificate ends within TOLD_BEFORE; told in the log, once a day.

    A client with a later one has been given its next (`rotate_access`). One whose last has ended is told of for as long
    again; then it is a client that calls no more.
    """
    good = AccessCertificate.objects.filter(revoked_at=None).values("client").annotate(end=Max("not_after"))
    rows = good.filter(end__gt=at - TOLD_BEFORE, end__lte=at + TOLD_BEFORE).order_by("client")
    found = [
        alarms.raised(str(row["client"]), Alarm.Kind.ACCESS, at, count=max(0, (row["end"] - at).days), verified=None)
        for row in rows
    ]
    return [each for each in found if each is not None]
