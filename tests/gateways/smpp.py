"""A small SMS centre (SMPP 3.4): takes what a gateway submits, and answers and reports as the test plans it."""

import socket
import socketserver
import struct
import threading
from collections.abc import Callable
from dataclasses import dataclass

BIND, SUBMIT, DELIVER, UNBIND, ENQUIRE, RESPONSE = 0x09, 0x04, 0x05, 0x06, 0x15, 0x80000000
UNICODE, HEADER_INSIDE, RECEIPT = 8, 0x40, 0x04
GSM = (
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞ\x1bÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)


@dataclass(frozen=True)
class Submitted:
    """One part of an SMS as it reached the centre; `valid_until` as SMPP 3.4, 7.1.1 writes it, to the minute."""

    sender: str
    number: str
    text: str
    coding: int
    valid_until: str


@dataclass(frozen=True)
class Plan:
    """What becomes of a message: refused with `status` (SMPP 3.4, 5.1.3), else reported as each of `stats`, in order.

    No stat: the centre takes it and is silent for ever.
    """

    stats: tuple[str, ...] = ()
    status: int = 0


class Centre(socketserver.ThreadingTCPServer):
    """Listens on a port of its own; `plan` is asked for each message."""

    daemon_threads = True
    allow_reuse_address = True

    def __init__(self, plan: Callable[[Submitted], Plan]) -> None:
        super().__init__(("127.0.0.1", 0), _Session)
        self.plan = plan
        self.taken: list[Submitted] = []
        threading.Thread(target=self.serve_forever, kwargs={"poll_interval": 0.05}, daemon=True).start()

    @property
    def port(self) -> int:
        return int(self.server_address[1])


class _Session(socketserver.BaseRequestHandler):
    def setup(self) -> None:
        self.request.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.number = 0

    def handle(self) -> None:
        while header := self._read(16):
            length, command, _status, sequence = struct.unpack(">4I", header)
            body = self._read(length - 16)
            if command == SUBMIT:
                self._take(body, sequence)
            elif not command & RESPONSE:
                self._say(command | RESPONSE, sequence, b"centre\0" if command == BIND else b"")

    def _take(self, body: bytes, sequence: int) -> None:
        assert isinstance(self.server, Centre)
        message = _submitted(body)
        plan = self.server.plan(message)
        self.server.taken.append(message)
        self.number += 1
        identifier = f"{id(self)}-{self.number}"[-20:].encode()
        self._say(SUBMIT | RESPONSE, sequence, identifier + b"\0" if not plan.status else b"", plan.status)
        for n, stat in enumerate(plan.stats):
            self._say(DELIVER, 1000 * self.number + n, _receipt(message, identifier, stat))

    def _say(self, command: int, sequence: int, body: bytes, status: int = 0) -> None:
        self.request.sendall(struct.pack(">4I", 16 + len(body), command, status, sequence) + body)

    def _read(self, length: int) -> bytes:
        read = b""
        while len(read) < length:
            try:
                piece = self.request.recv(length - len(read))
            except OSError:
                return b""
            if not piece:
                return b""
            read += piece
        return read


def _submitted(body: bytes) -> Submitted:
    """SMPP 3.4, 4.4.1: addresses, then flags, then the text behind its length."""
    _, rest = body.split(b"\0", 1)
    sender, rest = rest[2:].split(b"\0", 1)
    number, rest = rest[2:].split(b"\0", 1)
    flags, rest = rest[0], rest[3:]
    _, rest = rest.split(b"\0", 1)
    valid_until, rest = rest.split(b"\0", 1)
    coding, text = rest[2], rest[5 : 5 + rest[4]]
    if flags & HEADER_INSIDE:
        text = text[1 + text[0] :]
    words = text.decode("utf-16-be") if coding == UNICODE else "".join(GSM[septet] for septet in text)
    return Submitted(sender.decode(), number.decode(), words, coding, valid_until[:10].decode())


def _receipt(message: Submitted, identifier: bytes, stat: str) -> bytes:
    """SMPP 3.4, appendix B."""
    dates = "submit date:2601010000 done date:2601010000"
    text = f"id:{identifier.decode()} sub:001 dlvrd:001 {dates} stat:{stat} err:000 text:".encode()
    addresses = b"\x01\x01" + message.number.encode() + b"\0" + b"\x05\0" + message.sender.encode() + b"\0"
    return b"\0" + addresses + bytes([RECEIPT, 0, 0]) + b"\0\0" + bytes([0, 0, 0, 0, len(text)]) + text
