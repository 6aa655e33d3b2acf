"""Waiting in a request for what a worker does: the row is looked at, for the row is where the work is told done."""

import time
from typing import Any

from django.db import connection
from django.db.models import QuerySet

SOONEST_SECONDS = 0.05  # nothing that is waited for is done sooner
LOOK_SECONDS = 0.02


def while_any(rows: QuerySet[Any], *, seconds: float) -> None:
    """Come back when no row is left in `rows`, or after so many seconds.

    The statement is written once and not at every look: with four that wait, writing it took an eighth of a processor.
    """
    statement, values = rows.order_by().values("pk")[:1].query.sql_with_params()
    deadline = time.monotonic() + seconds
    time.sleep(SOONEST_SECONDS)
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute(statement, values)
            if cursor.fetchone() is None:
                return
        time.sleep(LOOK_SECONDS)
