"""External time-stamping authorities of the tests: PKIs of their own behind real HTTP servers, right and wrong ones."""

import gzip
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from io import BufferedIOBase
from pathlib import Path
from typing import Any

from asn1crypto import tsp
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from django.utils.timezone import now

from evidence.keys import Identity
from evidence.timestamps import LocalAuthority
from signing.engine import crls, profiles
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Policies, Validity

POLICY = "1.3.6.1.4.1.99999.3.1"
GZIP = b"\x1f\x8b"
Answer = Callable[["Authority", bytes], tuple[int, str, bytes]]


def granted(authority: "Authority", request: bytes) -> tuple[int, str, bytes]:
    return 200, "application/timestamp-reply", authority.local.answer(request)


@dataclass
class Authority:
    """One authority: where it is asked, how it answers, how often it was asked."""

    name: str
    answer: Answer = granted
    clock: Callable[[], datetime] = now
    asked: int = 0
    port: int = 0
    lists_until: timedelta = timedelta(days=1)
    lists_lost: bool = False
    trickles: str = ""  # GET or POST: its headers come an octet at a time
    waited_out: bool = False  # somebody waited for all of them
    release: threading.Event = field(default_factory=threading.Event)

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self.port}/tsa"

    def found(self) -> None:
        """Make its PKI, whose lists are where it answers."""
        begin = now() - timedelta(hours=2)
        self.root = _identity(None, f"{self.name} racine", begin, self)
        self.issuing = _identity(self.root, f"{self.name} émettrice", begin, self)
        self.unit = _identity(self.issuing, f"{self.name} unité", begin, self, unit=True)
        self.local = LocalAuthority(self.unit, policy=POLICY, clock=self._now)

    def _now(self) -> datetime:
        return self.clock()

    def list_of(self, identity: Identity) -> bytes:
        at = now() - timedelta(minutes=5)
        until = at + self.lists_until
        return crls.revocation_list(identity.key, identity.certificate, number=7, this_update=at, next_update=until)

    @property
    def root_pem(self) -> bytes:
        return self.root.certificate.public_bytes(Encoding.PEM)


def _identity(above: Identity | None, name: str, begin: datetime, of: Authority, *, unit: bool = False) -> Identity:
    key = ec.generate_private_key(ec.SECP256R1())
    subject = profiles.organization("FR", "Horodateur externe", "NTRFR-111111111", name)
    validity = Validity(begin, begin + timedelta(days=3650))
    policies = Policies((POLICY if unit else profiles.ANY_POLICY,), f"http://127.0.0.1:{of.port}/cps")
    content = Content(subject, key.public_key(), new_serial(), validity, policies)
    if above is None:
        return Identity("root", key, profiles.root(key, content), ())
    place = "root" if above.name == "root" else "issuing"
    issuer = Issuer(above.key, above.certificate, f"http://127.0.0.1:{of.port}/{place}")
    make = profiles.time_stamping_unit if unit else profiles.issuing
    return Identity("unit" if unit else "issuing", key, make(issuer, content), (above.certificate, *above.chain))


@contextmanager
def serving(*authorities: Authority) -> Iterator[None]:
    """Have them answer on loopback."""
    servers = []
    for each in authorities:
        server = ThreadingHTTPServer(("127.0.0.1", 0), _handler(each))
        server.daemon_threads = True
        each.port = server.server_port
        each.found()
        thread = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
        thread.start()
        servers.append((server, thread))
    try:
        yield
    finally:
        for each in authorities:
            each.release.set()
        for server, thread in servers:
            server.shutdown()
            thread.join()
            server.server_close()


def _trickled(authority: Authority, out: BufferedIOBase) -> bool:
    """Send a header in 100 octets, 50 ms apart; tell whether somebody was there to the end."""
    try:
        for octet in b"X-Slow: " + b"x" * 92:
            if authority.release.wait(0.05):
                return False
            out.write(bytes([octet]))
        out.write(b"\r\n")
    except OSError:
        return False
    authority.waited_out = True
    return True


def _handler(authority: Authority) -> type[BaseHTTPRequestHandler]:
    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            authority.asked += 1
            body = self.rfile.read(int(self.headers["Content-Length"]))
            self._say(*authority.answer(authority, body))

        def do_GET(self) -> None:
            identity = authority.root if self.path == "/root.crl" else authority.issuing
            lost = (503, "text/plain", b"later")
            self._say(*(lost if authority.lists_lost else (200, "application/pkix-crl", authority.list_of(identity))))

        def _say(self, status: int, kind: str, content: bytes) -> None:
            self.send_response(status)
            self.send_header("Content-Type", kind)
            self.send_header("Content-Length", str(len(content)))
            if content.startswith(GZIP):
                self.send_header("Content-Encoding", "gzip")
            if 300 <= status < 400:
                self.send_header("Location", "http://127.0.0.1:1/")
            if self.command == authority.trickles:
                self.flush_headers()
                if not _trickled(authority, self.wfile):
                    return
            self.end_headers()
            self.wfile.write(content)

        def log_message(self, *_arguments: Any) -> None:
            """Nothing on the console."""

    return Handler


def _changed(request: bytes, **changes: Any) -> bytes:
    asked = tsp.TimeStampReq.load(request)
    for name, value in changes.items():
        asked[name] = value
    return bytes(asked.dump())


def wrong_nonce(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    return granted(authority, _changed(request, nonce=4711))


def wrong_imprint(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    other = tsp.MessageImprint({"hash_algorithm": {"algorithm": "sha256"}, "hashed_message": bytes(32)})
    return granted(authority, _changed(request, message_imprint=other))


def wrong_certificate(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    """Signed by a certificate for something else, of the same authority."""
    other = LocalAuthority(authority.issuing, policy=POLICY, clock=now)
    return 200, "application/timestamp-reply", other.answer(request)


def foreign(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    """Signed by a unit of nobody's."""
    stranger = Authority("Étranger", port=authority.port)
    stranger.found()
    return granted(stranger, request)


def refused(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    return granted(authority, _changed(request, version="v1", req_policy="1.2.3"))


def silent(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    authority.release.wait(30)
    return granted(authority, request)


def html(_authority: Authority, _request: bytes) -> tuple[int, str, bytes]:
    return 200, "text/html", b"<html><title>Maintenance</title></html>"


def failing(_authority: Authority, _request: bytes) -> tuple[int, str, bytes]:
    return 503, "text/plain", b"later"


def redirecting(_authority: Authority, _request: bytes) -> tuple[int, str, bytes]:
    return 302, "text/plain", b""


def endless(_authority: Authority, _request: bytes) -> tuple[int, str, bytes]:
    return 200, "application/timestamp-reply", bytes(1_000_000)


def cut(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    status, kind, content = granted(authority, request)
    return status, kind, content[:-40]


def packed(authority: Authority, request: bytes) -> tuple[int, str, bytes]:
    """A good answer, in a form that nobody asked for and that may unfold without bound."""
    status, kind, content = granted(authority, request)
    return status, kind, gzip.compress(content)


WRONG: dict[str, Answer] = {
    each.__name__: each
    for each in (
        *(wrong_nonce, wrong_imprint, wrong_certificate, foreign, refused, silent),
        *(html, failing, redirecting, endless, cut, packed),
    )
}


def trusted(folder: Path, *authorities: Authority) -> str:
    """A PEM file of their roots."""
    file = folder / "tsa-roots.pem"
    file.write_bytes(b"".join(each.root_pem for each in authorities))
    return str(file)


def root_of(authority: Authority) -> x509.Certificate:
    return authority.root.certificate
