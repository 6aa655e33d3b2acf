"""A reference server of a third-party archive (the API of `evidence.archive.http`), in memory, outages on order."""

import email.parser
import email.policy
import gzip
import hashlib
import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any


@dataclass
class Kept:
    """One deposit: what came, and the receipt that was answered."""

    manifest: bytes
    files: dict[str, bytes]
    receipt: bytes


@dataclass
class Shelf:
    """What the service has; `answers`: statuses to give instead of working, in order; `locked`: nothing is removed;
    `packs`: what it answers is compressed, asked or not.
    """

    kept: dict[str, Kept] = field(default_factory=dict)
    by_key: dict[str, str] = field(default_factory=dict)
    answers: list[int] = field(default_factory=list)
    locked: bool = False
    lost_answers: int = 0
    packs: bool = False
    seen: list[dict[str, str]] = field(default_factory=list)


class _Handler(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"
    shelf: Shelf

    def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - as the library has it
        del format, args

    def do_POST(self) -> None:
        body = self._body()
        if self._out():
            return None
        named_parts = _parts(self.headers["Content-Type"], body)
        parts = dict(named_parts)
        if len(parts) != len(named_parts):
            return self._answer(422, b"{}")  # each file once
        manifest, key = parts.pop("manifest"), self.headers["Idempotency-Key"]
        said = json.loads(manifest)
        if key in self.shelf.by_key:
            kept = self.shelf.kept[self.shelf.by_key[key]]
            return self._answer(200 if kept.manifest == manifest else 409, kept.receipt)
        named = {each["sha256"] for each in said["files"]}
        if named != set(parts) or any(hashlib.sha256(parts[name]).hexdigest() != name for name in named):
            return self._answer(422, b"{}")
        identifier = f"CDC-{len(self.shelf.by_key) + 1:06d}/a"
        receipt = json.dumps(
            {
                "archiveId": identifier,
                "manifestSha256": hashlib.sha256(manifest).hexdigest(),
                "keywords": said["metadata"].get("keywords", []),
                "depositDate": "2026-11-29T12:00:00Z",
            }
        ).encode()
        self.shelf.kept[identifier] = Kept(manifest, parts, receipt)
        self.shelf.by_key[key] = identifier
        self.shelf.seen.append(dict(self.headers))
        if self.shelf.lost_answers:
            self.shelf.lost_answers -= 1
            self.close_connection = True
            return None
        return self._answer(201, receipt)

    def do_GET(self) -> None:
        if self._out():
            return
        _, _, identifier, *rest = self.path.split("/")
        kept = self.shelf.kept.get(identifier.replace("%2F", "/"))
        if kept is None:
            self._answer(404, b"{}")
        elif rest == ["manifest"]:
            self._answer(200, kept.manifest)
        elif rest == ["check"]:
            intact = all(hashlib.sha256(content).hexdigest() == name for name, content in kept.files.items())
            self._answer(200, json.dumps({"intact": intact}).encode())
        else:
            found = kept.files.get(rest[-1])
            self._answer(200 if found is not None else 404, found or b"")

    def do_DELETE(self) -> None:
        if self._out():
            return
        identifier = self.path.split("/")[2].replace("%2F", "/")
        if self.shelf.locked:
            self._answer(409, b"{}")
        else:
            self._answer(204 if self.shelf.kept.pop(identifier, None) else 404, b"")

    def _out(self) -> bool:
        """Whether the service is out of order now."""
        if not self.shelf.answers:
            return False
        self._answer(self.shelf.answers.pop(0), b"out")
        return True

    def _body(self) -> bytes:
        if "Content-Length" in self.headers:
            return self.rfile.read(int(self.headers["Content-Length"]))
        whole = b""
        while size := int(self.rfile.readline(), 16):
            whole += self.rfile.read(size)
            self.rfile.readline()
        self.rfile.readline()
        return whole

    def _answer(self, status: int, content: bytes) -> None:
        self.send_response(status)
        if self.shelf.packs:
            content = gzip.compress(content)
            self.send_header("Content-Encoding", "gzip")
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(content)))
        self.end_headers()
        self.wfile.write(content)


def _parts(content_type: str, body: bytes) -> list[tuple[str, bytes]]:
    head = f"Content-Type: {content_type}\r\n\r\n".encode()
    message = email.parser.BytesParser(policy=email.policy.HTTP).parsebytes(head + body)
    found: list[tuple[str, bytes]] = []
    for part in message.iter_parts():
        name: Any = part.get_param("name", header="content-disposition")
        content: Any = part.get_payload(decode=True)
        found.append((str(name), content))
    return found


@contextmanager
def running() -> Iterator[tuple[str, Shelf]]:
    """The address of a service of one's own, and what it has."""
    shelf = Shelf()
    handler = type("Handler", (_Handler,), {"shelf": shelf})
    with ThreadingHTTPServer(("127.0.0.1", 0), handler) as server:
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.02})
        thread.start()
        try:
            yield f"http://127.0.0.1:{server.server_address[1]}", shelf
        finally:
            server.shutdown()
            thread.join()
