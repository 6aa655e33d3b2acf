"""Time stamps put anew over dossiers and all their addenda, before the last authority's certificate ends."""

import hashlib
import logging
from datetime import timedelta

from django.conf import settings
from django.db import transaction

from evidence import addenda, chain, events, jobs, sweeps, timestamps, trail
from evidence.dossier.container import container
from evidence.models import Dossier

logger = logging.getLogger("paraphe.addenda")


def renew(*, clock: addenda.Clock) -> None:
    """Have dossiers stamped again whose last authority's certificate ends within RENEWAL_DAYS.

    Nothing is done, with an alarm, while the authority of now does not last longer than the former.
    """
    _look_up_ends()
    near = clock() + timedelta(days=settings.RENEWAL_DAYS)
    rows = Dossier.objects.filter(proven_until__lte=near).exclude(addenda__sealed_at=None, addenda__isnull=False)
    due = list(rows.select_related("trail").order_by("proven_until")[: addenda.LOOKED_AT])
    if not due:
        return
    try:
        lasts = addenda.end_of(timestamps.timestamper().stamp(hashlib.sha256(b"").digest()))
    except jobs.WAITS as error:
        logger.error("no renewal", extra={"label": type(error).__name__})  # noqa: TRY400 - its type says it all
        return
    for row in due:
        if row.proven_until is None or lasts <= row.proven_until:
            logger.error("no later authority", extra={"row": str(row.pk)})
            continue
        event = events.DossierStamped(signer=row.subject, proven_until=chain.instant(row.proven_until))
        with transaction.atomic():
            addenda.record(row, event, actor=trail.SYSTEM, at=clock())


def _look_up_ends() -> None:
    """Dossiers say by themselves until when their last time stamp holds; here the row learns it."""
    rows = Dossier.objects.filter(proven_until=None, state=Dossier.State.SEALED).exclude(sealing_sha256="")
    sweeps.each(rows[: addenda.LOOKED_AT], _look_up_end, job="renew", in_transaction=False)


def _look_up_end(row: Dossier) -> None:
    end = addenda.end_of(container.content(row.sealing_sha256, container.TOKEN))
    Dossier.objects.filter(pk=row.pk, proven_until=None).update(proven_until=end)
