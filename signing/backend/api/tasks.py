"""Celery shell of call-backs; `signing.backend.jobs.sweep` rings it by its name."""

from celery import shared_task
from celery.signals import worker_process_shutdown
from django.db import connection
from django.utils.timezone import now

from signing.backend.api import callbacks
from signing.backend.api.rounds import Rounds
from signing.backend.outbox import Callback

GRACE_SECONDS = 2.0


def _post(callback_id: str) -> None:
    try:
        callbacks.call_back(callback_id, at=now())
    finally:
        connection.close()  # the thread's own


rounds = Rounds(_post)


@shared_task
def call_back(*, callback_id: str) -> None:
    """Come back before it is posted: this process is there for signatures."""
    host = Callback.host_of(callback_id)
    if host is not None:
        rounds.add(host, callback_id)


@worker_process_shutdown.connect
def finish(**_signal: object) -> None:
    """What is under way comes to its end, where its receiver is quick; else it is posted again after its lease."""
    rounds.finish(GRACE_SECONDS)
