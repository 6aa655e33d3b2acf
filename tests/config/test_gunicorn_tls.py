"""Stack facts, section 3: one cached context, built anew when certificate or key change on disk."""

import logging
import ssl
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import SimpleNamespace

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from config.gunicorn_logs import WithoutPath
from config.gunicorn_tls import Contexts


@pytest.fixture
def conf(tmp_path: Path) -> SimpleNamespace:
    conf = SimpleNamespace(certfile=str(tmp_path / "tls.crt"), keyfile=str(tmp_path / "tls.key"), ca_certs=None)
    conf.ssl_context = Contexts()
    replace_certificate(conf, name="before")
    return conf


def replace_certificate(conf: SimpleNamespace, *, name: str) -> None:
    """Write a new key and certificate, each by rename."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    at = datetime(2026, 1, 1, tzinfo=UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key(), x509.random_serial_number(), at, at + timedelta(1))
    ).sign(key, SHA256())
    private = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    for place, content in ((conf.certfile, certificate.public_bytes(Encoding.PEM)), (conf.keyfile, private)):
        written = Path(place + ".new")
        written.write_bytes(content)
        written.replace(place)


def served(conf: SimpleNamespace) -> ssl.SSLContext:
    """What gunicorn is given for one connection."""

    def default() -> ssl.SSLContext:
        context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
        context.load_cert_chain(conf.certfile, conf.keyfile)
        return context

    context: ssl.SSLContext = conf.ssl_context(conf, default)
    return context


def test_connections_share_a_context(conf: SimpleNamespace) -> None:
    """gunicorn asks for each connection; building one costs more than the handshake."""
    assert served(conf) is served(conf)


def test_a_replaced_certificate_serves_from_the_next_connection_on(conf: SimpleNamespace) -> None:
    """Changes of the files are picked up live, without a reload."""
    before = served(conf)
    replace_certificate(conf, name="after")

    assert served(conf) is not before


def test_nothing_older_than_tls_1_2_is_spoken(conf: SimpleNamespace) -> None:
    assert served(conf).minimum_version == ssl.TLSVersion.TLSv1_2


def test_a_path_stays_out_of_the_servers_log() -> None:
    """Threats, "link leaking": path tokens are kept out of logs."""
    record = logging.makeLogRecord({"msg": "Error handling request %s %s", "args": ("GET", "/s/secret")})

    assert WithoutPath().filter(record)
    assert record.getMessage() == "Error handling request"
