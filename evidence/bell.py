"""Celery is the bell: a message tells a worker to look at a row. Losing one costs seconds, a sweeper rings again."""

import logging
from dataclasses import dataclass, field

from celery import current_app
from django.db import transaction
from kombu.exceptions import ChannelError, OperationalError

logger = logging.getLogger("paraphe.bell")


@dataclass(frozen=True)
class Next:
    """What should follow: a task by its name and the ids it is told (never codes, names or bytes)."""

    task: str
    ids: dict[str, str] = field(default_factory=dict)


def ring(*nexts: Next) -> None:
    """Tell workers, once the surrounding transaction has committed. Never raises: the row is the queue."""
    for each in nexts:
        transaction.on_commit(lambda each=each: _send(each))  # type: ignore[misc]  # the default binds the loop's value


def _send(each: Next) -> None:
    try:
        current_app.send_task(each.task, kwargs=each.ids, retry=False)
    except (OperationalError, ChannelError, OSError):
        logger.warning("bell not heard", extra={"job": each.task})
