"""Dossiers of paths that have ended: queued, and sealed as a worker does."""

from typing import Any

from django.utils import timezone

from evidence import jobs
from evidence.models import Dossier
from tests.evidence.trails import Walk


def queued(walk: Walk, **given: Any) -> Dossier:
    now = timezone.now()
    return Dossier.objects.create(
        trail=walk.trail, subject=walk.signer, **{"requested_at": now, "due_at": now, **given}
    )


def seal(row: Dossier, *, owner: str = "worker-1") -> Dossier:
    assert jobs.seal_dossier(str(row.pk), owner=owner, clock=timezone.now) == []
    row.refresh_from_db()
    return row
