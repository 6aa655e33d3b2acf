"""Call-backs: who receives them, and orders that name it. The folders of a ceremony. Time-stamping authorities."""

import ssl
import threading
from collections.abc import Callable, Iterator
from datetime import timedelta
from http.server import HTTPServer
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.utils.timezone import now

from evidence import disk, keys
from signing.backend.ceremony import Place
from signing.backend.models import Order
from signing.engine.ca import new_serial
from signing.engine.profiles import Content, Issuer, Validity, tls_server
from tests.backend import bare_orders
from tests.backend.ceremonies import HOSTS
from tests.backend.given import empty
from tests.backend.receiver import HOST, Receiver
from tests.evidence import pki, stampers
from tests.evidence.stampers import Authority

__all__ = ["empty"]


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


@pytest.fixture
def place(tmp_path: Path) -> Place:
    keys, public = disk.folder(tmp_path / "keys", mode=0o700), disk.folder(tmp_path / "pki", mode=0o755)
    operator = {"name": "Exemple SA", "country": "FR", "organization_identifier": "NTRFR-552100554"}
    return Place(keys, public, "http://pki.example.com/pki", HOSTS, operator)


@pytest.fixture
def pair(walk: Path, settings: Any) -> Iterator[tuple[Authority, Authority]]:
    """External authorities in the order in which they are asked."""
    pki.hold()
    first, second = Authority("Première"), Authority("Seconde")
    with stampers.serving(first, second):
        settings.TSA_URLS = [first.url, second.url]
        settings.TSA_ROOTS = stampers.trusted(walk, first, second)
        settings.TSA_SECONDS = 20.0
        yield first, second
