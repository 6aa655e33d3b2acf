"""Sealing that stopped after too many attempts, put back to work by the operator once its cause is mended."""

from datetime import datetime

from django.db import transaction
from django.db.models import Exists, OuterRef, Q, QuerySet

from evidence import addenda, bell, events, trail
from evidence.bell import Next
from evidence.models import Addendum, Dossier
from evidence.trail import Actor


class NotStopped(Exception):
    """Neither the dossier nor one of its addenda is quarantined."""


def stopped() -> QuerySet[Dossier]:
    """The dossiers that are quarantined, or of which an addendum is."""
    held = Addendum.objects.filter(dossier=OuterRef("pk"), sealed_at=None, quarantined_at__isnull=False)
    return Dossier.objects.filter(Q(state=Dossier.State.QUARANTINED) | Q(Exists(held)))


def release(*, dossier: Dossier, actor: Actor, at: datetime) -> None:
    """Have a dossier, or its addenda, sealed after all, with all attempts before it. Raises `NotStopped`.

    That it was done is an entry: of the dossier itself where it is not sealed yet.
    """
    with transaction.atomic():
        row = Dossier.objects.filter(pk=dossier.pk, state=Dossier.State.QUARANTINED)
        own = row.update(state=Dossier.State.QUEUED, due_at=at, attempt=0, owner="", lease_until=None)
        held = Addendum.objects.filter(dossier=dossier, sealed_at=None, quarantined_at__isnull=False)
        numbers = sorted(held.values_list("n", flat=True))
        held.update(quarantined_at=None, attempt=0, due_at=at)
        if not own and not numbers:
            raise NotStopped
        told = events.SealingResumed(signer=dossier.subject, dossier=bool(own), addenda=numbers or None)
        trail.append(dossier.trail, told, actor=actor, at=at)
        key = {"dossier_id": str(dossier.pk)}
        bell.ring(*([Next("evidence.tasks.seal_dossier", key)] if own else []))
        bell.ring(*([Next(addenda.TASK, key)] if numbers else []))
