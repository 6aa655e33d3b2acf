"""The roll-up of an envelope of several signers, for its client: queued with the last dossier, made by a worker.

The row is the queue, held by its due date while somebody makes it, as addenda are. Of one signer none is made: the
dossier says it all.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction
from django.db.models import F, QuerySet

from evidence import background, chain, events, keys, seal, timestamps, trail
from evidence.archive import requests
from evidence.archive.certificate import language_of
from evidence.bell import Next
from evidence.dossier import rollup
from evidence.models import Dossier, Entry, RollUp, Trail

logger = logging.getLogger("paraphe.rollup")
Clock = Callable[[], datetime]
WAITS = (keys.KeyUnavailable, seal.StaleRevocationList, timestamps.TimestampRefused)
LONGEST_WAIT = timedelta(minutes=5)
BATCH = 20


def queue(of: Trail, *, at: datetime) -> None:
    """Ask for it, where the envelope is closed and the dossier of every signer, of several, is sealed.

    Inside the transaction that seals one, after its entry: the trail is locked, so the last one finds all others.
    """
    rows = Entry.objects.filter(trail=of)
    signers = {
        chain.members(bytes(canonical))["data"]["signer"]
        for canonical in rows.filter(kind=events.SignerDeclared.kind).values_list("canonical", flat=True)
    }
    sealed = Dossier.objects.filter(trail=of, state=Dossier.State.SEALED).values_list("subject", flat=True)
    closed = rows.filter(kind=events.EnvelopeClosed.kind).exists()
    if closed and len(signers) > 1 and signers == set(sealed):
        RollUp.objects.get_or_create(trail=of, defaults={"due_at": at})


def sweep(at: datetime) -> list[Next]:
    """Those that are due and held by nobody."""
    keys_due = _due(at).order_by("due_at").values_list("pk", flat=True)[:BATCH]
    return [Next("evidence.tasks.seal_rollup", {"rollup_id": str(pk)}) for pk in keys_due]


def seal_one(rollup_id: str, *, clock: Clock) -> None:
    """Make one; what it waits for, and a failure, is told, and it is tried again, later each time.

    After `MAX_ATTEMPTS` failures it is tried once in each `LONGEST_WAIT`, with an error in the log: nothing waits
    for it.
    One whose dossiers were eliminated meanwhile is given up.
    """
    at = clock()
    lease = at + timedelta(seconds=settings.LEASE_SECONDS)
    if not _due(at).filter(pk=rollup_id).update(due_at=lease, attempt=F("attempt") + 1):
        return
    row = RollUp.objects.select_related("trail").get(pk=rollup_id)
    dossiers = list(Dossier.objects.filter(trail=row.trail))
    if any(each.state == Dossier.State.DESTROYED for each in dossiers):
        row.delete()
        return
    try:
        made = background.gives_way(rollup.sealed, dossiers, language=language_of(row.trail), at=at)
    except WAITS as error:
        logger.warning("roll-up waits", extra={"row": str(row.pk), "label": type(error).__name__})
        _put_back(row, at=clock())
    except Exception:  # the renderer raises anything; the row must not stay claimed
        level = logging.ERROR if row.attempt >= settings.MAX_ATTEMPTS else logging.WARNING
        logger.log(level, "roll-up failed", extra={"row": str(row.pk), "attempt": row.attempt}, exc_info=True)
        _put_back(row, at=clock())
    else:
        _commit(row, dossiers, made, at=clock())


def _commit(row: RollUp, dossiers: list[Dossier], made: str, *, at: datetime) -> None:
    with transaction.atomic():
        if _mine(row).update(pdf_sha256=made, sealed_at=at):
            told = events.RollUpSealed(dossiers=sorted(each.xml_sha256 for each in dossiers), pdf_sha256=made)
            trail.append(row.trail, told, actor=trail.SYSTEM, at=at)
            requests.queue_roll_up(row, at=at)


def _put_back(row: RollUp, *, at: datetime) -> None:
    wait = min(timedelta(seconds=settings.SWEEP_SECONDS) * 2 ** min(row.attempt, 16), LONGEST_WAIT)
    _mine(row).update(due_at=at + wait)


def _due(at: datetime) -> QuerySet[RollUp]:
    return RollUp.objects.filter(sealed_at=None, due_at__lte=at)


def _mine(row: RollUp) -> QuerySet[RollUp]:
    """The row, if this attempt still holds it."""
    return RollUp.objects.filter(pk=row.pk, sealed_at=None, attempt=row.attempt)
