"""Celery is the bell: a message tells a worker to look at a row. Losing one costs seconds, a sweeper rings again."""

import logging
import time
from dataclasses import dataclass, field
from typing import Any

from celery import current_app
from django.conf import settings
from django.db import transaction

logger = logging.getLogger("paraphe.bell")
QUIET_SECONDS = 2.0


@dataclass(frozen=True)
class Next:
    """What should follow: a task by its name and the ids it is told (never codes, names or bytes).

    `more_seconds`: how much longer than other tasks it may last.
    """

    task: str
    ids: dict[str, str] = field(default_factory=dict)
    more_seconds: int = 0


@dataclass
class Unheard:
    """The rings of this process that no broker took: how many, and until when (monotonic) none is tried again."""

    count: int = 0
    quiet_until: float = 0.0


unheard = Unheard()


def ring(*nexts: Next) -> None:
    """Tell workers, once the surrounding transaction has committed. Never raises: the row is the queue.

    A broker that hangs costs a request one timeout (1 s), however often it rings: after a ring that was not heard none
    is tried for QUIET_SECONDS, which is less than the sweeper needs to look.
    """
    for each in nexts:
        transaction.on_commit(lambda each=each: _send(each))  # type: ignore[misc]  # the default binds the loop's value


def tell(task: str, **options: Any) -> None:
    """Tell workers now, database or not; `options` as Celery's send_task takes them. Never raises."""
    if time.monotonic() < unheard.quiet_until:
        unheard.count += 1
        return
    try:
        current_app.send_task(task, retry=False, **options)
    except Exception:  # noqa: BLE001 - the change has committed: whatever a broker does must not become its answer
        unheard.count += 1
        unheard.quiet_until = time.monotonic() + QUIET_SECONDS
        logger.warning("bell not heard", extra={"job": task, "count": unheard.count})


def _send(each: Next) -> None:
    usual = {"soft_time_limit": settings.CELERY_TASK_SOFT_TIME_LIMIT, "time_limit": settings.CELERY_TASK_TIME_LIMIT}
    limits = {name: seconds + each.more_seconds for name, seconds in usual.items()} if each.more_seconds else {}
    tell(each.task, kwargs=each.ids, **limits)
