"""A receiver of call-backs, as a handler of a real HTTPS server on loopback."""

import contextlib
import threading
from http.server import BaseHTTPRequestHandler
from typing import Any, ClassVar

HOST = "rappels.exemple.fr"


class Receiver(BaseHTTPRequestHandler):
    """Answers as it is told, and keeps what came."""

    answers: ClassVar[list[tuple[int, dict[str, str]]]] = []
    got: ClassVar[list[tuple[dict[str, str], bytes]]] = []
    hangs: ClassVar[threading.Event | None] = None
    trickles: ClassVar[threading.Event | None] = None

    def do_POST(self) -> None:
        length = int(self.headers["Content-Length"])
        self.got.append((dict(self.headers), self.rfile.read(length)))
        if self.hangs is not None:
            self.hangs.wait(30)
        with contextlib.suppress(OSError):  # until the caller is gone
            while self.trickles is not None and not self.trickles.wait(0.05):
                self.wfile.write(b"H")
        status, headers = self.answers.pop(0) if self.answers else (204, {})
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.end_headers()

    def log_message(self, *_arguments: Any) -> None:
        """Nothing on the console."""


def here(host: str, _port: int) -> list[str]:
    assert host == HOST
    return ["127.0.0.1"]
