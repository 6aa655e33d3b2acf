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
READ_AT_MOST = 16_000_000
"""Octets of a body that is read although it is refused."""


def close_behind(worker: object, request: Any) -> None:  # noqa: ARG001 - gunicorn's
    """Have the answer to a long body, or to one of unknown length, say that the connection ends. A `pre_request`.

    gunicorn leaves out what an application says of the connection, so it is decided before anything is refused; or by
    the application, which finds `end_connection` at the body.
    """
    headers = dict(request.headers)
    if "TRANSFER-ENCODING" in headers or _length(headers.get("CONTENT-LENGTH", "")) > READ_AT_MOST:
        _end(request)
    else:
        request.body.end_connection = partial(_end, request)


def _end(request: Any) -> None:
    kept = [each for each in request.headers if each[0] != "CONNECTION"]
    request.headers = [*kept, ("CONNECTION", "close")]


def _length(announced: str) -> int:
    return int(announced) if announced.isascii() and announced.isdigit() else 0


def read_off(worker: object, request: Any, environ: Mapping[str, Any], response: Any) -> None:  # noqa: ARG001 - gunicorn's
    """Read off until the other side, which has the answer, closes; SECONDS at most. A `post_request`.

    On a connection that goes on, the next call is on its way and not the body.
    """
    if response is None or not response.should_close() or not _is_left(request, response):
        return
    connection: socket.socket = environ["gunicorn.socket"]
    ends = time.monotonic() + SECONDS
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
