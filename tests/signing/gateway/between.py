"""A TLS server on loopback that stands in the place of a running service, hands calls on, and misbehaves when told to.

Real sockets, real TLS with client certificates on both sides: what the adapter meets here is what a network gives it.
"""

import http.client
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

from tests.stack import Stack

PATIENCE = 60


@dataclass(frozen=True)
class Answer:
    """What goes back to the caller."""

    status: int
    content: bytes
    kind: str = "application/json"
    headers: dict[str, str] = field(default_factory=dict)

    def json(self) -> Any:
        return json.loads(self.content)


class Cut(Exception):
    """The connection ends here, without an answer; `drops`: after these, one every tenth of a second."""

    def __init__(self, drops: bytes = b"") -> None:
        self.drops = drops


HandOn = Callable[[], Answer]
Fault = Callable[[HandOn], Answer]


class Between:
    """Listens on `port`; `fault` (None: well) is asked before each call is handed on. `calls` are those it heard.

    The adapter makes one call after the other: `kind` is the method and path of the one that is being answered.
    """

    def __init__(self, neighbour: Stack, account: Path) -> None:
        self._neighbour = neighbour
        self._account = account
        self.fault: Fault | None = None
        self.chosen: Callable[[str, str], bool] = lambda _method, _path: True
        self.calls: list[tuple[str, str]] = []
        self.released = threading.Event()
        self.kind = ("", "")
        between = self

        class Handler(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def answer(self) -> None:
                between.answer(self)

            do_GET = do_POST = do_PATCH = do_DELETE = answer  # noqa: N815 - the names of the standard library

            def log_message(self, *_told: object) -> None:
                """Nothing is said: the address of a call may hold a code."""

        class Server(ThreadingHTTPServer):
            daemon_threads = True

            def handle_error(self, *_told: object) -> None:
                """Callers that go away in the middle are what is tried here."""

        self._server = Server(("127.0.0.1", 0), Handler)
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(neighbour.state / "pki" / "tls.crt", neighbour.state / "keys" / "tls.key")
        context.load_verify_locations(neighbour.state / "pki" / "access.crt")
        context.verify_mode = ssl.CERT_REQUIRED
        self._server.socket = context.wrap_socket(self._server.socket, server_side=True)
        self.port = self._server.server_address[1]
        self._thread = threading.Thread(target=self._server.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True)

    @contextmanager
    def running(self) -> Iterator["Between"]:
        self._thread.start()
        yield self
        self.released.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join(timeout=PATIENCE)

    def answer(self, handler: BaseHTTPRequestHandler) -> None:
        """Hand one call on, or let the fault have its way with it."""
        method, path = handler.command, handler.path
        body = handler.rfile.read(int(handler.headers.get("Content-Length", 0)))
        self.calls.append((method, path))
        self.kind = (method, path.partition("?")[0])
        fault = self.fault if self.chosen(method, path) else None

        def hand_on() -> Answer:
            return self._handed_on(method, path, body, handler.headers.get("Content-Type"))

        try:
            answer = fault(hand_on) if fault else hand_on()
        except Cut as cut:
            handler.close_connection = True
            self._drip(handler, cut)
            return
        handler.send_response(answer.status)
        handler.send_header("Content-Type", answer.kind)
        handler.send_header("Content-Length", str(len(answer.content)))
        for name, value in answer.headers.items():
            handler.send_header(name, value)
        handler.end_headers()
        handler.wfile.write(answer.content)

    def _drip(self, handler: BaseHTTPRequestHandler, cut: Cut) -> None:
        for drop in cut.drops:
            handler.wfile.write(bytes([drop]))
            if self.released.wait(0.1):
                return

    def found(self, address: str) -> list[dict[str, Any]]:
        """The orders that the service behind has for a holder."""
        answer = self._handed_on("GET", f"/ephemeral/orders/search?email={address}", b"", None)
        return list(answer.json())

    def _handed_on(self, method: str, path: str, body: bytes, kind: str | None) -> Answer:
        context = ssl.create_default_context(cafile=self._neighbour.state / "sandbox" / "tls-root.crt")
        context.load_cert_chain(self._account / "client.crt", self._account / "client.key")
        connection = http.client.HTTPSConnection(
            "localhost", self._neighbour.service_port, timeout=PATIENCE, context=context
        )
        try:
            connection.request(method, path, body or None, {"Content-Type": kind} if kind else {})
            answer = connection.getresponse()
            content = answer.read()
            wait = answer.headers.get("Retry-After")
            kind = answer.headers.get("Content-Type", "application/json")
            return Answer(answer.status, content, kind, {"Retry-After": wait} if wait else {})
        finally:
            connection.close()


def once_each(fault: Fault, between: Between) -> None:
    """Let the fault strike each kind of call the first time it is made, and let it pass from then on."""
    struck: set[tuple[str, str]] = set()
    lock = threading.Lock()

    def chosen(method: str, path: str) -> bool:
        kind = (method, path.partition("?")[0])
        with lock:
            first = kind not in struck
            struck.add(kind)
        return first

    between.chosen, between.fault = chosen, fault
