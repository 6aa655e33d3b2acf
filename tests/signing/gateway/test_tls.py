"""Handshakes with another CertSign that fail: each told by its word, and beside `tls` what is wrong, for the operator.

Issue 4, part 4: a remote that is slow or down is told apart. `reached` False: the call had no effect.
"""

import logging
import socket
import ssl
import struct
import threading
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from signing.gateway.remote.troubles import NoAnswer
from signing.gateway.remote.wire import Wire

DAY = timedelta(days=1)
RESET = struct.pack("ii", 1, 0)  # SO_LINGER: closed at once, with RST
HALF_HELLO = b"\x16\x03\x03\x00\x7a\x02\x00\x00\x76\x03\x03" + b"a" * 20
PAGE = b"HTTP/1.1 400 Bad Request\r\n\r\nThe plain HTTP request was sent to HTTPS port"
TRIED = b"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 2\r\n\r\n{}"
Meeting = Callable[[socket.socket, Path], None]


@dataclass(frozen=True)
class Issued:
    """A certificate with its key, in files of its name."""

    certificate: x509.Certificate
    key: ec.EllipticCurvePrivateKey

    def write(self, folder: Path, name: str) -> None:
        pem = self.key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
        (folder / f"{name}.key").write_bytes(pem)
        (folder / f"{name}.crt").write_bytes(self.certificate.public_bytes(Encoding.PEM))


def issued(name: str, above: Issued | None, *, host: str = "localhost", until: timedelta = DAY) -> Issued:
    key = ec.generate_private_key(ec.SECP256R1())
    own = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    begin = datetime.now(UTC) - 3 * DAY
    builder = x509.CertificateBuilder().subject_name(own).public_key(key.public_key())
    builder = builder.issuer_name(above.certificate.subject if above else own)
    builder = builder.serial_number(x509.random_serial_number()).not_valid_before(begin)
    builder = builder.not_valid_after(begin + 3 * DAY + until)
    builder = builder.add_extension(x509.BasicConstraints(ca=above is None, path_length=None), critical=True)
    builder = builder.add_extension(x509.SubjectAlternativeName([x509.DNSName(host)]), critical=False)
    return Issued(builder.sign(above.key if above else key, hashes.SHA256()), key)


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The files of an authority, of another one, and of servers and a client below them."""
    place = tmp_path_factory.mktemp("tls")
    authority, stranger = issued("authority", None), issued("stranger", None)
    for name, each in {
        "authority": authority,
        "stranger": stranger,
        "right": issued("right", authority),
        "elsewhere": issued("elsewhere", authority, host="other.example"),
        "expired": issued("expired", authority, until=-DAY),
        "untrusted": issued("untrusted", stranger),
        "client": issued("client", authority),
    }.items():
        each.write(place, name)
    return place


def speaking(
    name: str, *, newest: ssl.TLSVersion | None = None, of_clients: str = "", after: str = "answer"
) -> Meeting:
    """A TLS server with this certificate; `after`: what it does once the handshake stands."""

    def meet(connection: socket.socket, folder: Path) -> None:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(folder / f"{name}.crt", folder / f"{name}.key")
        if newest is not None:
            context.maximum_version = newest
        if of_clients:
            context.load_verify_locations(folder / f"{of_clients}.crt")
            context.verify_mode = ssl.CERT_REQUIRED
        with context.wrap_socket(connection, server_side=True) as spoken:
            spoken.recv(65536)
            if after == "answer":
                spoken.sendall(TRIED)

    return meet


def resetting(sent: bytes) -> Meeting:
    def meet(connection: socket.socket, _folder: Path) -> None:
        connection.recv(5)
        connection.sendall(sent)
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, RESET)

    return meet


def saying(sent: bytes) -> Meeting:
    """Something else than TLS, or nothing, and the connection ends."""

    def meet(connection: socket.socket, _folder: Path) -> None:
        connection.recv(65536)
        connection.sendall(sent)

    return meet


def silent(connection: socket.socket, _folder: Path) -> None:
    """Until the other one goes."""
    while connection.recv(65536):
        pass


Serve = Callable[[Meeting], int]


@pytest.fixture
def serve(folder: Path) -> Iterator[Serve]:
    """Listens on a port of its own, and has each caller met; ends with the test."""
    listening: list[socket.socket] = []

    def start(meet: Meeting) -> int:
        listener = socket.create_server(("127.0.0.1", 0))
        listening.append(listener)

        def run() -> None:
            while True:
                try:
                    connection, _ = listener.accept()
                except OSError:
                    return
                with connection:
                    try:
                        meet(connection, folder)
                    except OSError:  # callers that go away in the handshake are what is tried here
                        continue

        threading.Thread(target=run, daemon=True).start()
        return int(listener.getsockname()[1])

    yield start
    for each in listening:
        each.shutdown(socket.SHUT_RDWR)
        each.close()


def called(folder: Path, port: int) -> object:
    wire = Wire(
        {
            "url": f"https://localhost:{port}",
            "connect_seconds": 1.0,
            "answer_seconds": 5.0,
            "answer_bytes": 1000,
            "ca": str(folder / "authority.crt"),
            "certificate": str(folder / "client.crt"),
            "key": str(folder / "client.key"),
        }
    )
    return wire.call("GET", "/ephemeral/orders/", query={"externalId": "x"}, read=lambda told: told)


def test_the_right_one_is_answered(folder: Path, serve: Serve) -> None:
    assert called(folder, serve(speaking("right", of_clients="authority"))) == {}


@pytest.mark.parametrize(
    ("meet", "word", "said"),
    [
        (speaking("elsewhere"), "tls", "Hostname mismatch"),
        (speaking("expired"), "tls", "certificate has expired"),
        (speaking("untrusted"), "tls", "unable to get local issuer certificate"),
        (speaking("right", of_clients="stranger"), "tls", "tlsv1 alert unknown ca"),
        (
            speaking("right", of_clients="stranger", newest=ssl.TLSVersion.TLSv1_2),
            "tls",
            "tlsv1 alert unknown ca",
        ),
        (saying(b"\x15\x03\x01\x00\x02\x02\x46"), "tls", "tlsv1 alert protocol version"),  # of TLS 1.0 at most
        (saying(PAGE), "tls", "wrong version number"),
        (resetting(b""), "cut", None),
        (resetting(HALF_HELLO), "cut", None),
        (saying(b""), "cut", None),
        (saying(HALF_HELLO), "cut", None),
        (silent, "slow", None),
    ],
    ids=[
        "another host's",
        "expired",
        "another authority's",
        "refuses ours, TLS 1.3",
        "refuses ours, TLS 1.2",
        "old TLS",
        "plain HTTP",
        "reset after our hello",
        "reset in its hello",
        "closed after our hello",
        "closed in its hello",
        "silent",
    ],
)
def test_a_handshake_that_fails_is_told_apart_and_had_no_effect(
    folder: Path, serve: Serve, caplog: pytest.LogCaptureFixture, meet: Meeting, word: str, said: str | None
) -> None:
    port = serve(meet)
    with caplog.at_level(logging.WARNING, "paraphe.remote"), pytest.raises(NoAnswer) as raised:
        called(folder, port)
    assert (raised.value.trouble, raised.value.reached) == (word, False)
    (record,) = caplog.records
    assert (vars(record)["outcome"], vars(record)["label"]) == (word, said)
    assert record.levelno == (logging.ERROR if word == "tls" else logging.WARNING)


def test_a_connection_that_ends_once_the_call_was_heard_may_have_had_its_effect(folder: Path, serve: Serve) -> None:
    port = serve(speaking("right", after="nothing"))
    with pytest.raises(NoAnswer) as raised:
        called(folder, port)
    assert (raised.value.trouble, raised.value.reached) == ("cut", True)


def test_nobody_who_listens_is_another_word(folder: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as closed:
        port = closed.getsockname()[1]
    with pytest.raises(NoAnswer) as raised:
        called(folder, port)
    assert (raised.value.trouble, raised.value.reached) == ("down", False)
