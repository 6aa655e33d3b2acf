"""Call-backs of mode=ASYNC (certsign-api.md; reliability.md, webhooks and SSRF), over real HTTPS on loopback."""

import base64
import contextlib
import hashlib
import hmac
import ipaddress
import json
import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from typing import Any, ClassVar

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.core.exceptions import ValidationError
from django.utils.timezone import now

from evidence import keys
from signing.backend import jobs, posting
from signing.backend.api import callbacks
from signing.backend.models import Callback, Order
from signing.backend.outbox import FIRST_RETRY
from signing.clients import callbacks as registered
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Validity, tls_server
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.evidence import pki
from tests.signing import walks

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


@pytest.fixture
def port(tmp_path: Path, settings: Any) -> Iterator[int]:
    """A receiver with a certificate for HOST of an authority that the settings name."""
    pki.hold()
    access = keys.open_identity("access")
    key = ec.generate_private_key(ec.SECP256R1())
    begin = now().replace(microsecond=0) - timedelta(minutes=1)
    subject = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, HOST)])
    content = Content(subject, key.public_key(), new_serial(), Validity(begin, begin + timedelta(days=1)))
    made = tls_server(Issuer(access.key, access.certificate, "http://pki.example.com/pki/access"), content, [HOST])
    file = tmp_path / "receiver.pem"
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    file.write_bytes(made.public_bytes(Encoding.PEM) + pem)
    authority = tmp_path / "authority.pem"
    authority.write_bytes(access.certificate.public_bytes(Encoding.PEM))
    settings.CALLBACK_AUTHORITIES, settings.CALLBACK_PRIVATE = authority, True
    Receiver.answers, Receiver.got, Receiver.hangs, Receiver.trickles = [], [], None, None
    server = HTTPServer(("127.0.0.1", 0), Receiver)
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    server.socket = context.wrap_socket(server.socket, server_side=True)
    serving = threading.Thread(target=server.serve_forever, kwargs={"poll_interval": 0.01})
    serving.start()
    yield server.server_port
    for waiting in (Receiver.hangs, Receiver.trickles):
        if waiting is not None:
            waiting.set()
    server.shutdown()
    serving.join()
    server.server_close()


def here(host: str, _port: int) -> list[str]:
    assert host == HOST
    return ["127.0.0.1"]


@pytest.fixture
def asked(walk: Path, port: int) -> Callable[..., Order]:
    """An order that is signed with mode=ASYNC and a call-back."""

    def order(**changes: Any) -> Order:
        made = bare_orders.opened(**changes)
        client = made.client
        client.callback_hosts = f"{HOST}:{port}"
        client.full_clean()
        client.save()
        bare_orders.with_document(made, walk)
        return bare_orders.sign(made, callback_url=f"https://{HOST}:{port}/fini?x=1")

    return order


def work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is rung, call-backs with the names of this test."""
    monkeypatch.setattr(callbacks.call_back, "__kwdefaults__", {"resolve": here})
    walks.work(kinds=(*ALL, "signing.backend.api.tasks."))


def verified(order: Order) -> Any:
    """The body, after checking its signature as docs/service.md says."""
    headers, body = Receiver.got[-1]
    secret = base64.b64decode(registered.shown(order.client).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    assert headers["Content-Type"] == "application/json"
    return json.loads(body)


def test_the_end_is_told_once_with_a_signature(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    order = asked(external_id="O-1")
    work(monkeypatch)
    told = verified(order)
    request = order.requests.get()
    assert told == [
        {
            "signatureRequestId": str(request.pk),
            "externalSignatureRequestId": None,
            "orderRequestId": str(order.pk),
            "externalOrderRequestId": "O-1",
            "status": "SIGNED",
            "reason": "",
        }
    ]
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer, row.attempts) == ("DELIVERED", "HTTP 204", 1)
    assert Receiver.got[0][0]["Host"] == f"{HOST}:{row.url.split(':')[2].split('/')[0]}"
    for each in jobs.sweep(now() + timedelta(days=2)):
        assert each.task != "signing.backend.api.tasks.call_back"


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_receiver_that_does_not_take_it_is_asked_again(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The same id again, later each time; a redirect is not followed."""
    Receiver.answers = [(status, {"Location": "https://127.0.0.1:1/inside"})]
    order = asked()
    work(monkeypatch)
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer) == ("WAITING", f"HTTP {status}")
    assert FIRST_RETRY <= row.due_at - row.created_at < 12 * FIRST_RETRY
    callbacks.call_back(str(row.pk), at=now(), resolve=here)
    assert len(Receiver.got) == 1
    callbacks.call_back(str(row.pk), at=row.due_at, resolve=here)
    row.refresh_from_db()
    assert (row.outcome, row.attempts, len(Receiver.got)) == ("DELIVERED", 2, 2)
    assert Receiver.got[0][0]["webhook-id"] == Receiver.got[1][0]["webhook-id"] == str(row.uid)
    order.refresh_from_db()
    assert order.status == "CLOSED"


def test_one_that_hangs_holds_nothing_up(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    Receiver.hangs = threading.Event()
    monkeypatch.setattr(posting, "READ_SECONDS", 0.2)
    order = asked()
    work(monkeypatch)
    order.refresh_from_db()
    assert order.status == "CLOSED"
    assert (Callback.objects.get().outcome, Callback.objects.get().last_answer) == ("WAITING", "ReadTimeout")


def test_one_that_answers_an_octet_at_a_time_is_left(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every read is quick; all of them together are not waited for."""
    Receiver.trickles = threading.Event()
    monkeypatch.setattr(posting, "LONGEST_SECONDS", 0.5)
    asked()
    work(monkeypatch)
    assert (Callback.objects.get().outcome, Callback.objects.get().last_answer) == ("WAITING", "ReadTimeout")


def test_whatever_goes_wrong_is_a_try_that_failed(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_keywords: Any) -> int:
        raise LookupError

    asked()
    monkeypatch.setattr(posting, "post", broken)
    work(monkeypatch)
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer, row.attempts) == ("WAITING", "LookupError", 1)


def test_after_a_day_it_is_a_dead_letter_until_the_operator_sends_it_again(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked()
    Receiver.answers = [(500, {})] * 100
    work(monkeypatch)
    row, at, begun = Callback.objects.get(), now(), now()
    while row.outcome == Callback.Outcome.WAITING:
        at = row.due_at
        callbacks.call_back(str(row.pk), at=at, resolve=here)
        row.refresh_from_db()
    assert row.outcome == Callback.Outcome.DEAD
    assert timedelta(hours=16) < at - begun <= timedelta(hours=24)
    assert row.attempts < 16
    assert "call-back given up" in caplog.text
    assert not [each for each in jobs.sweep(at + timedelta(days=9)) if "call_back" in each.task]
    Receiver.answers = []
    row.again(at=at)
    callbacks.call_back(str(row.pk), at=at, resolve=here)
    row.refresh_from_db()
    assert row.outcome == Callback.Outcome.DELIVERED


def test_a_worker_that_died_after_posting_is_followed_by_one_that_posts_the_same_id(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Callback, "delivered", lambda *_a, **_k: None)
        work(patched)
    row = Callback.objects.get()
    assert (row.outcome, len(Receiver.got)) == ("WAITING", 1)
    later = now() + timedelta(seconds=settings.LEASE_SECONDS + 1)
    assert [each.ids for each in jobs.sweep(later) if "call_back" in each.task] == [{"callback_id": str(row.pk)}]
    callbacks.call_back(str(row.pk), at=later, resolve=here)
    assert Receiver.got[0][0]["webhook-id"] == Receiver.got[1][0]["webhook-id"]


def test_a_host_that_was_taken_away_is_not_called(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    order = asked()
    order.client.callback_hosts = ""
    order.client.save()
    work(monkeypatch)
    assert (Callback.objects.get().outcome, Receiver.got) == ("DEAD", [])


def test_an_order_that_fails_is_told_too(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("poison")

    monkeypatch.setattr("signing.backend.signatures.pades.sign_pdf", broken)
    order = asked()
    for _ in range(6):
        bare_orders.later(order)
        for each in jobs.sweep(now()):
            walks._rung.append(each)
        work(monkeypatch)
    assert [each["status"] for each in verified(order)] == ["SIGN_FAILED"]
    assert verified(order)[0]["reason"]


INSIDE = {
    "loopback": "127.0.0.1",
    "private, 10": "10.0.0.1",
    "private, 172": "172.16.3.4",
    "private, 192": "192.168.1.1",
    "metadata of clouds": "169.254.169.254",
    "shared": "100.64.0.1",
    "this host": str(ipaddress.IPv4Address(0)),
    "multicast": "224.0.0.1",
    "broadcast": "255.255.255.255",
    "documentation": "192.0.2.1",
    "loopback, IPv6": "::1",
    "link-local, IPv6": "fe80::1",
    "unique local": "fc00::1",
    "multicast, IPv6": "ff02::1",
    "IPv4-mapped": "::ffff:10.0.0.1",
    "6to4": "2002:a00:1::1",
    "NAT64": "64:ff9b::a00:1",
    "NAT64, local": "64:ff9b:1::a00:1",
    "IPv4-compatible": "::10.0.0.1",
    "site-local": "fec0::1",
}


@pytest.mark.parametrize("address", INSIDE.values(), ids=INSIDE.keys())
def test_a_name_that_leads_inside_is_not_called(address: str) -> None:
    """reliability.md, SSRF: private ranges refused, of all addresses of a name."""
    for others in ([], ["93.184.216.34"]):

        def resolve(_host: str, _port: int, others: list[str] = others) -> list[str]:
            return [*others, address]

        with pytest.raises(posting.Inside):
            posting.post("https://x.example/", b"", headers={}, resolve=resolve)


def test_localhost_is_not_called_by_default(asked: Callable[..., Order], settings: Any) -> None:
    """By the machine's own resolver, and as the settings are where nobody says anything."""
    settings.CALLBACK_PRIVATE = False
    order = asked()
    port = order.callback_url.split(":")[2].split("/")[0]
    order.client.callback_hosts = f"localhost:{port}"
    order.client.save()
    row = Callback.objects.create(order=order, n=2, url=f"https://localhost:{port}/", due_at=now(), created_at=now())
    callbacks.call_back(str(row.pk), at=now())
    row.refresh_from_db()
    assert (row.outcome, row.last_answer, Receiver.got) == ("WAITING", "the name leads inside", [])


def test_what_is_no_answer_is_told_apart(port: int, settings: Any) -> None:
    def tried(url: str, resolve: posting.Resolve) -> str:
        with pytest.raises(posting.NotTaken) as told:
            posting.post(url, b"[]", headers={}, resolve=resolve, private=True, authorities=None)
        return str(told.value)

    def nowhere(_host: str, _port: int) -> list[str]:
        return posting.addresses("unknown.invalid", 443)

    assert tried(f"https://{HOST}:{port}/", here) == "ConnectError"  # its authority is not trusted
    assert tried("https://unknown.invalid/", nowhere) == "the name is not known"
    closed = f"https://{HOST}:1/"
    assert tried(closed, here) == "ConnectError"
    assert Receiver.got == []


@pytest.mark.parametrize(
    ("url", "admitted"),
    [
        ("https://rappels.exemple.fr/x", True),
        ("https://RAPPELS.exemple.fr:443/x?y=1", True),
        ("https://autre.exemple.fr:8443/", True),
        ("https://autre.exemple.fr/", False),
        ("https://rappels.exemple.fr:8443/", False),
        ("http://rappels.exemple.fr/", False),
        ("https://u:p@rappels.exemple.fr/", False),
        ("https://rappels.exemple.fr.pirate.fr/", False),
        ("https://rappels.exemple.fr@pirate.fr/", False),
        ("https://rappels.exemple.fr:99999/", False),
        ("https://127.0.0.1/", False),
        ("https://rappels.exemple.fr/\r\nX: y", False),
        ("https://rappels.exemple.fr/a\tb", False),
        ("\nhttps://rappels.exemple.fr/", False),
        ("/", False),
        ("", False),
    ],
)
def test_only_registered_hosts_are_admitted(url: str, *, admitted: bool) -> None:
    assert registered.admits("rappels.exemple.fr\nautre.exemple.fr:8443", url) is admitted


@pytest.mark.parametrize("line", ["https://x.fr", "1.2.3.4", "x.fr:0", "x.fr:70000", "[::1]", "x y.fr/z", "-x.fr"])
def test_what_is_no_host_is_refused(line: str) -> None:
    with pytest.raises(ValidationError, match="n’est pas un hôte"):
        registered.check(line)
