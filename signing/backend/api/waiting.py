"""Waiting in a request for what a worker does: the row is looked at, for the row is where the work is told done."""

import threading
import time
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.db import connection
from django.db.models import QuerySet
from django.utils.timezone import now

from evidence.models import Heartbeat
from signing.backend.api import places

SOONEST_SECONDS = 0.05  # nothing that is waited for is done sooner
LOOK_SECONDS = 0.02
NEAR, FAR_SECONDS = 4, 0.5  # so many look that often, and keep their connection to the database; the others this often
SILENT_SECONDS = 2.0
PULSE_SECONDS = 5.0

_places = threading.BoundedSemaphore(settings.SYNC_AT_ONCE)
_near = threading.BoundedSemaphore(NEAR)


def while_any(rows: QuerySet[Any], *, seconds: float) -> None:
    """Come back when no row is left in `rows`, or after so many seconds.

    A call that waits leaves its place at work to another. Come back at once where as many wait already as may
    (SYNC_AT_ONCE): the process has threads left for probes and short calls. After SILENT_SECONDS where no worker has
    been heard of for HEARTBEAT_MAX_AGE_SECONDS, also where the last one fell silent meanwhile. Whoever asked reads from
    the rows how far things have come.
    """
    if not _places.acquire(blocking=False):
        return
    try:
        with places.aside():
            _look(rows, time.monotonic() + seconds)
    finally:
        _places.release()


def _look(rows: QuerySet[Any], deadline: float) -> None:
    """The statement is written once and not at every look: with four that wait, writing it took an eighth of a
    processor.
    """
    statement, values = rows.order_by().values("pk")[:1].query.sql_with_params()
    pulse = time.monotonic() + SILENT_SECONDS
    time.sleep(SOONEST_SECONDS)
    near = False
    try:
        while time.monotonic() < deadline:
            near = near or _near.acquire(blocking=False)
            with connection.cursor() as cursor:
                cursor.execute(statement, values)
                if cursor.fetchone() is None:
                    return
            if time.monotonic() >= pulse:
                if _silent():
                    return
                pulse += PULSE_SECONDS
            _pause(deadline, near=near)
    finally:
        if near:
            _near.release()


def _pause(deadline: float, *, near: bool) -> None:
    """Until the next look; who stands further back gives its connection to the database away meanwhile."""
    if not near:
        connection.close()
    time.sleep(max(0.0, min(LOOK_SECONDS if near else FAR_SECONDS, deadline - time.monotonic())))


def _silent() -> bool:
    """Whether workers were there and are no more; where none ever was, one may be about to start."""
    last = Heartbeat.objects.filter(name="worker").values_list("at", flat=True).first()
    return last is not None and now() - last > timedelta(seconds=settings.HEARTBEAT_MAX_AGE_SECONDS)
