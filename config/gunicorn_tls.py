"""TLS of the listeners without a proxy in front: one context for all connections, always that of the files."""

import os
import ssl
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

Stamp = tuple[int, int, int]


class Contexts:
    """Gives gunicorn the context of each connection.

    It is built anew only when one of its files has changed on disk (replace them by rename): a new certificate, CA or
    revocation list is live from the next connection on, and building costs more than the handshake. TLS 1.2 at least.
    With a list, a client's certificate that its issuer has revoked is refused in the handshake; so is everybody's, once
    the list is over.
    """

    def __init__(self, *, revocation_list: Path | None = None) -> None:
        self._revocation_list = revocation_list
        self._lock = threading.Lock()
        self._cached: dict[tuple[Stamp, ...], ssl.SSLContext] = {}

    def __call__(self, config: Any, default_factory: Callable[[], ssl.SSLContext]) -> ssl.SSLContext:
        """What gunicorn's `ssl_context` is to be; raises OSError where a file is missing: nobody is let in then."""
        files = [config.certfile, config.keyfile, config.ca_certs, self._revocation_list]
        stamp = tuple(_stamp(file) for file in files if file)
        with self._lock:
            if stamp not in self._cached:
                self._cached.clear()
                self._cached[stamp] = self._built(default_factory())
            return self._cached[stamp]

    def _built(self, context: ssl.SSLContext) -> ssl.SSLContext:
        context.minimum_version = ssl.TLSVersion.TLSv1_2
        context.set_alpn_protocols(["http/1.1"])
        if self._revocation_list:
            context.load_verify_locations(self._revocation_list)
            context.verify_flags |= ssl.VERIFY_CRL_CHECK_LEAF
        return context


def _stamp(file: str | Path) -> Stamp:
    found = os.stat(file)  # noqa: PTH116 - gunicorn has strings
    return found.st_mtime_ns, found.st_ino, found.st_size
