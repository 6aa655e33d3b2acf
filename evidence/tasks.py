"""Celery shells: ids in, one job called, what follows is rung."""

import os
import socket
import uuid
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from evidence import addenda, bell, jobs, looks, renewal, rollups, sweeps
from evidence.archive import checks, deposits, elimination, segments
from evidence.models import Heartbeat


def _owner() -> str:
    """Who claims: unique to this run of this task."""
    return f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"


@shared_task
def seal_dossier(*, dossier_id: str) -> None:
    bell.ring(*jobs.seal_dossier(dossier_id, owner=_owner(), clock=now))


@shared_task
def seal_rollup(*, rollup_id: str) -> None:
    rollups.seal_one(rollup_id, clock=now)


@shared_task
def deposit(*, deposit_id: str) -> None:
    bell.ring(*deposits.deposit(deposit_id, owner=_owner(), clock=now))


@shared_task
def check_archive() -> None:
    if Heartbeat.turn("check-archive", every=timedelta(seconds=settings.ARCHIVE_CHECK_SECONDS / 2), at=now()):
        checks.check(now())


@shared_task
def seal_addenda(*, dossier_id: str) -> None:
    addenda.seal_due(dossier_id, clock=now)


@shared_task
def renew() -> None:
    if Heartbeat.turn("renewal", every=timedelta(seconds=settings.RENEWAL_SECONDS / 2), at=now()):
        renewal.renew(clock=now)


@shared_task
def eliminate(*, elimination_id: str) -> None:
    bell.ring(*elimination.eliminate(elimination_id, owner=_owner(), clock=now))


@shared_task
def keep_logs() -> None:
    if Heartbeat.turn("keep-logs", every=timedelta(seconds=settings.KEEPING_SECONDS / 2), at=now()):
        segments.keep(now())


@shared_task
def checkpoint() -> None:
    if Heartbeat.turn("checkpoint", every=timedelta(seconds=settings.CHECKPOINT_SECONDS / 2), at=now()):
        jobs.checkpoint()


@shared_task
def sweep() -> None:
    if Heartbeat.turn("sweep-dossiers", every=timedelta(seconds=settings.SWEEP_SECONDS / 2), at=now()):
        found = (jobs.sweep, deposits.sweep, addenda.sweep, rollups.sweep, elimination.sweep, looks.gather)
        bell.ring(*sweeps.parts(now(), *found))
