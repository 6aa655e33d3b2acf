"""Celery shells: ids in, one job called, what follows is rung."""

import os
import socket
import uuid
from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils.timezone import now

from evidence import bell
from evidence.models import Heartbeat
from otp.draining import drain
from otp.seats import FOR_CODES, FOR_LETTERS
from signing.jobs import bundles, keeping, letters, paths
from signing.jobs import sweep as sweeper


def _owner() -> str:
    """Who claims: unique to this run of this task."""
    return f"{socket.gethostname()[:20]}-{os.getpid()}-{uuid.uuid4().hex[:12]}"


@shared_task
def send_message(*, message_id: str) -> None:
    """This letter, and what else is due beside it, where a seat is free."""
    sent = drain(
        message_id,
        seats=FOR_LETTERS,
        due=lambda: sweeper.letters_beside(message_id, now()),
        send=lambda row: letters.send_message(row, owner=_owner(), clock=now),
        again=lambda row: bell.Next("signing.tasks.send_message", {"message_id": row}),
    )
    bell.ring(*sent)


@shared_task
def send_code(*, signer_id: str) -> None:
    """The code of this path, and the others that are due beside it, where a seat is free."""
    sent = drain(
        signer_id,
        seats=FOR_CODES,
        due=lambda: sweeper.due_codes(now()),
        send=lambda row: paths.send_code(row, owner=_owner(), clock=now),
        again=lambda row: bell.Next("signing.tasks.send_code", {"signer_id": row}),
    )
    bell.ring(*sent)


@shared_task
def sign(*, signer_id: str) -> None:
    bell.ring(*paths.sign(signer_id, owner=_owner(), clock=now))


@shared_task
def close_order(*, signer_id: str) -> None:
    bell.ring(*paths.close_order(signer_id, owner=_owner(), clock=now))


@shared_task
def bundle(*, bundle_id: str) -> None:
    bell.ring(*bundles.make(bundle_id, owner=_owner(), clock=now))


@shared_task
def keep() -> None:
    if Heartbeat.turn("keep", every=timedelta(seconds=settings.KEEPING_SECONDS / 2), at=now()):
        keeping.sweep(now())


@shared_task
def sweep() -> None:
    if Heartbeat.turn("sweep", every=timedelta(seconds=settings.SWEEP_SECONDS / 2), at=now()):
        bell.ring(*sweeper.sweep(now()))
