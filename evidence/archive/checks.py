"""Scheduled checks: every package is read whole at least every ARCHIVE_CHECK_DAYS, a few at a time."""

import logging
from datetime import datetime, timedelta
from functools import partial

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q

from evidence import events, sweeps, trail
from evidence.archive import adapters
from evidence.archive.models import Deposit
from evidence.archive.package import Condition, NotKept, Unavailable

logger = logging.getLogger("paraphe.archive")
BATCH = 20


def check(at: datetime, *, most: int = BATCH) -> int:
    """Check the packages whose last check is oldest, if it is old enough; gives how many. Damage is an alarm."""
    before = at - timedelta(days=settings.ARCHIVE_CHECK_DAYS)
    due = Q(checked_at__lte=before) | Q(checked_at__isnull=True, kept_at__lte=before)
    rows = Deposit.objects.filter(due, state=Deposit.State.KEPT).select_related("trail")
    found = list(rows.order_by(F("checked_at").asc(nulls_first=True), "kept_at")[:most])
    sweeps.each(found, partial(_check, at=at), job="evidence.archive.checks", in_transaction=False)
    return len(found)


def _check(row: Deposit, at: datetime) -> None:
    try:
        condition = adapters.named(row.archive).check(row.section, row.archive_id, at=at)
    except NotKept:
        condition = Condition(row.archive_id, 1, (1,))
    except (Unavailable, LookupError) as error:
        logger.warning("archive not checked", extra={"row": str(row.pk), "label": type(error).__name__})
        return
    with transaction.atomic():
        Deposit.objects.filter(pk=row.pk).update(checked_at=at, sound=not condition.lost)
        if condition.damaged and row.trail is not None:
            event = events.ArchiveDamaged(
                archive=row.archive,
                deposit=str(row.pk),
                copies=list(condition.damaged),
                mended=not condition.lost,
            )
            trail.append(row.trail, event, actor=trail.SYSTEM, at=at)
    if condition.damaged:
        logger.error("archive damaged", extra={"row": str(row.pk), "label": "lost" if condition.lost else "mended"})
