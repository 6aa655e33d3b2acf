"""After the refusal of a body that was not read: what is still on its way is read off before the connection closes.

nginx passes bodies on as they come. While it writes one it does not look for an answer, and a socket that is closed
meanwhile is a 502 to it: the refusal would be lost. gunicorn itself reads off 64 KB, less than is on its way.
"""

import socket
import time
from collections.abc import Mapping
from http import HTTPStatus
from typing import Any

SECONDS = 2.0
UNREAD = frozenset({HTTPStatus.LENGTH_REQUIRED, HTTPStatus.REQUEST_ENTITY_TOO_LARGE, HTTPStatus.UNSUPPORTED_MEDIA_TYPE})


def read_off(worker: object, request: object, environ: Mapping[str, Any], response: Any) -> None:  # noqa: ARG001 - gunicorn's
    """Read off until the other side, which has the answer, closes; SECONDS at most. A `post_request`."""
    if response is None or response.status_code not in UNREAD:
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
