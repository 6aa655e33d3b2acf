"""Gunicorn's worker, which waits for a handshake and a header together no longer than SECONDS.

gunicorn itself gives each read of a header as long as it takes: a handful of callers that send an octet now and then
would hold every thread. nginx bounds that where it stands in front (client_header_timeout).
"""

import contextlib
import socket
import time
from typing import Any

from gunicorn.workers.gthread import ThreadWorker

SECONDS = 15.0


class Worker(ThreadWorker):  # type: ignore[misc]  # gunicorn has no types
    """Threads as gunicorn's own; a call whose header is not there in time finds its connection closed."""

    def __init__(self, *arguments: Any, **named: Any) -> None:
        super().__init__(*arguments, **named)
        self._heads: dict[Any, float] = {}

    def handle(self, conn: Any) -> Any:
        """From the first octet on, in a thread."""
        self._heads[conn] = time.monotonic() + SECONDS
        try:
            return super().handle(conn)
        finally:
            self._heads.pop(conn, None)

    def handle_request(self, req: Any, conn: Any) -> Any:
        """The header is there."""
        self._heads.pop(conn, None)
        return super().handle_request(req, conn)

    def murder_pending(self) -> None:
        """Called about once a second, outside of the threads: who is read from meanwhile has come to an end."""
        super().murder_pending()
        at = time.monotonic()
        for conn, ends in list(self._heads.items()):
            if ends <= at:
                with contextlib.suppress(OSError):
                    socket.socket.shutdown(conn.sock, socket.SHUT_RDWR)  # not TLS's own, which is the thread's
