"""Connections with one deadline for all that is done on them, however slowly the other side answers.

A time-out of a client is for one read: who sends an octet a second keeps it waiting without end.
"""

import ssl
import time
from collections.abc import Iterable
from typing import Any

import httpcore
import httpx


class Backend(httpcore.NetworkBackend):
    """Connects for one exchange, which ends `seconds` from now with httpcore's `ReadTimeout`."""

    def __init__(self, seconds: float) -> None:
        self._ends = time.monotonic() + seconds
        self._plain = httpcore.SyncBackend()

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        left = _left(self._ends, timeout)
        return Stream(self._plain.connect_tcp(host, port, left, local_address, socket_options), self._ends)


class Stream(httpcore.NetworkStream):
    """A connection whose every wait is cut at `ends`, in the clock of `time.monotonic`."""

    def __init__(self, plain: httpcore.NetworkStream, ends: float) -> None:
        self._plain, self._ends = plain, ends

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        return self._plain.read(max_bytes, _left(self._ends, timeout))

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._plain.write(buffer, _left(self._ends, timeout))

    def close(self) -> None:
        self._plain.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore.NetworkStream:
        left = _left(self._ends, timeout)
        return Stream(self._plain.start_tls(ssl_context, server_hostname, left), self._ends)

    def get_extra_info(self, info: str) -> Any:
        return self._plain.get_extra_info(info)


class Transport(httpx.HTTPTransport):
    """What an `httpx.Client` makes one exchange over, on a connection of its own; httpx's `ReadTimeout` ends it."""

    def __init__(self, seconds: float, trusted: ssl.SSLContext) -> None:
        super().__init__(verify=trusted, trust_env=False)
        self._pool = httpcore.ConnectionPool(trusted, network_backend=Backend(seconds))


def _left(ends: float, timeout: float | None) -> float:
    left = ends - time.monotonic()
    if left <= 0:
        raise httpcore.ReadTimeout("the exchange took too long")
    return left if timeout is None else min(left, timeout)
