"""How a worker looks for the broker it lost: often. Celery's own waits grow to half a minute, and codes wait too."""

from functools import partial
from typing import Any

from celery.worker.consumer import Consumer as CelerysConsumer

FIRST_SECONDS = 0.5
LONGEST_SECONDS = 2.0


class Consumer(CelerysConsumer):
    """A worker's end of the broker (settings.CELERY_WORKER_CONSUMER)."""

    def ensure_connected(self, conn: Any) -> Any:
        """Try until there is a connection: after half a second, then each time half a second later, up to two."""
        conn.ensure_connection = partial(
            conn.ensure_connection,
            interval_start=FIRST_SECONDS,
            interval_step=FIRST_SECONDS,
            interval_max=LONGEST_SECONDS,
        )
        return super().ensure_connected(conn)
