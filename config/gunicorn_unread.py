"""Bodies that are refused unread: the connection is closed behind the answer, and what is on its way is read off first.

nginx passes bodies on as they come. While it writes one it does not look for an answer, and a socket that is closed
meanwhile is a 502 to it: the refusal would be lost. gunicorn itself reads off 64 KB, less than is on its way. A shorter
body is read by the application that needs it not or refuses it, and the connection goes on.
"""

import socket
import time
from collections.abc import Mapping
from functools import partial
from http import HTTPStatus
from typing import Any

SECONDS = 2.0
UNKNOWN_SECONDS = 0.2
"""The same for whoever has shown no certificate: that much of a thread is anybody's."""
SILENT_SECONDS, SLOWEST = 30.0, 50_000
"""A body is waited for as long without an octet; in all, as long as its length takes at that many octets a second."""
READ_AT_MOST = 16_000_000
"""Octets of a body that is read although it is refused."""


def bound(worker: object, request: Any) -> None:  # noqa: ARG001 - gunicorn's
    """Let the body be waited for no longer than its length allows. A `pre_request`, with `unbound` behind it."""
    _bound(request.body.reader)


def unbound(worker: object, request: Any, environ: object, response: object) -> None:  # noqa: ARG001 - gunicorn's
    """What follows is another call, and has its own time. A `post_request`."""
    _unbound(request.body.reader)


def close_behind(worker: object, request: Any) -> None:  # noqa: ARG001 - gunicorn's
    """Have the answer to a long body, or to one of unknown length, say that the connection ends. A `pre_request`.

    gunicorn leaves out what an application says of the connection, so it is decided before anything is refused; or by
    the application, which finds `end_connection` at the body.

    Whoever waits to be told to go on with a body (`Expect: 100-continue`) is told so when the body is first read: not
    where the answer is a refusal (RFC 9110, 10.1.1).
    """
    expected = request._expected_100_continue  # noqa: SLF001 - gunicorn has no other word for it
    request._expected_100_continue = False  # noqa: SLF001
    _bound(request.body.reader, expected=expected)
    headers = dict(request.headers)
    if "TRANSFER-ENCODING" in headers or _length(headers.get("CONTENT-LENGTH", "")) > READ_AT_MOST:
        _end(request)
    else:
        request.body.end_connection = partial(_end, request)


class Bounded:
    """A socket that is read until one moment, and from which something comes all the while, or `TimeoutError`.

    `expected`: the other side goes on once it is told to.
    """

    def __init__(self, plain: Any, ends: float, *, expected: bool = False) -> None:
        self.plain, self._ends, self._expected = plain, ends, expected

    def recv(self, size: int) -> bytes:
        if self._expected:
            self._expected = False
            self.plain.sendall(b"HTTP/1.1 100 Continue\r\n\r\n")
        left = self._ends - time.monotonic()
        if left <= 0:
            raise TimeoutError("the body takes too long")
        self.plain.settimeout(min(left, SILENT_SECONDS))
        try:
            return bytes(self.plain.recv(size))
        finally:
            self.plain.settimeout(None)


def _bound(reader: Any, *, expected: bool = False) -> None:
    """Let no body be waited for without end: a handful of them would hold every thread."""
    length: int = getattr(reader, "length", 0)
    unreader: Any = getattr(reader, "unreader", None)
    if length and hasattr(unreader, "sock"):
        unreader.sock = Bounded(unreader.sock, time.monotonic() + SILENT_SECONDS + length / SLOWEST, expected=expected)


def _unbound(reader: Any) -> None:
    unreader: Any = getattr(reader, "unreader", None)
    if isinstance(getattr(unreader, "sock", None), Bounded):
        unreader.sock = unreader.sock.plain


def _end(request: Any) -> None:
    kept = [each for each in request.headers if each[0] != "CONNECTION"]
    request.headers = [*kept, ("CONNECTION", "close")]


def _length(announced: str) -> int:
    return int(announced) if announced.isascii() and announced.isdigit() else 0


def read_off(worker: object, request: Any, environ: Mapping[str, Any], response: Any) -> None:  # noqa: ARG001 - gunicorn's
    """Read off until the other side, which has the answer, closes; SECONDS at most. A `post_request`.

    On a connection that goes on, the next call is on its way and not the body.
    """
    _unbound(request.body.reader)
    if response is None or not response.should_close() or not _is_left(request, response):
        return
    connection: socket.socket = environ["gunicorn.socket"]
    seconds = UNKNOWN_SECONDS if response.status_code == HTTPStatus.UNAUTHORIZED else SECONDS
    ends = time.monotonic() + seconds
    try:
        while (left := ends - time.monotonic()) > 0:
            connection.settimeout(left)
            if not connection.recv(65536):
                return
    except OSError:
        return


def _is_left(request: Any, response: Any) -> bool:
    """Whether something of the body was not read; of one without a length its refusal says so."""
    left = getattr(request.body.reader, "length", None)
    return bool(left) if left is not None else response.status_code == HTTPStatus.LENGTH_REQUIRED
