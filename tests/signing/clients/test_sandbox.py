"""Issue 3, Stack: the sandbox client's certificate and key in files."""

import stat
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    NoEncryption,
    PrivateFormat,
    load_pem_private_key,
    pkcs12,
)

from signing.clients import certificates
from signing.clients.handover import FILES
from signing.clients.models import AccessCertificate, Client
from signing.clients.sandbox import keep_certificate
from tests.evidence import pki
from tests.signing import walks

AT = walks.now()


@pytest.fixture
def client(db: None) -> Client:
    pki.hold()
    return walks.a_client()


def test_the_files_open_the_service_and_are_nobody_elses(client: Client, tmp_path: Path) -> None:
    password = keep_certificate(client, tmp_path, at=AT)

    assert password
    certificate = x509.load_pem_x509_certificate((tmp_path / "client.crt").read_bytes())
    assert certificates.client_of(certificate.public_bytes(Encoding.DER), at=AT) == client
    key = (tmp_path / "client.key").read_bytes()
    assert (tmp_path / "client.crt").read_bytes() == certificate.public_bytes(Encoding.PEM) + key
    locked = (tmp_path / "client.pem").read_bytes()
    assert x509.load_pem_x509_certificate(locked) == certificate
    opened = load_pem_private_key(locked, password.encode())
    assert opened.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()) == key
    packed = pkcs12.load_pkcs12((tmp_path / "client.p12").read_bytes(), password.encode())
    assert packed.cert
    assert packed.cert.certificate == certificate
    assert {path.name for path in tmp_path.iterdir()} == set(FILES)
    assert {stat.S_IMODE(path.stat().st_mode) for path in tmp_path.iterdir()} == {0o600}


def test_what_will_do_is_kept(client: Client, tmp_path: Path) -> None:
    keep_certificate(client, tmp_path, at=AT)
    before = [(tmp_path / name).read_bytes() for name in FILES]

    assert keep_certificate(client, tmp_path, at=AT + timedelta(days=360)) is None
    assert [(tmp_path / name).read_bytes() for name in FILES] == before


def near_its_end(_folder: Path) -> timedelta:
    return timedelta(days=368)


def without_a_file(folder: Path) -> timedelta:
    (folder / "client.p12").unlink()
    return timedelta(0)


def of_an_older_release(folder: Path) -> timedelta:
    """A certificate without its key, and nothing for those that take one file with a password."""
    certificate = x509.load_pem_x509_certificate((folder / "client.crt").read_bytes())
    (folder / "client.crt").write_bytes(certificate.public_bytes(Encoding.PEM))
    (folder / "client.pem").unlink()
    return timedelta(0)


def broken(folder: Path) -> timedelta:
    (folder / "client.crt").write_text("nothing")
    return timedelta(0)


def revoked(_folder: Path) -> timedelta:
    certificates.revoke(AccessCertificate.objects.get(), at=AT)
    return timedelta(0)


def forgotten(_folder: Path) -> timedelta:
    """The database was made anew, the folder stayed."""
    AccessCertificate.objects.all().delete()
    return timedelta(0)


@pytest.mark.parametrize("change", [near_its_end, without_a_file, of_an_older_release, broken, revoked, forgotten])
def test_what_will_not_do_is_made_anew(client: Client, tmp_path: Path, change: Callable[[Path], timedelta]) -> None:
    keep_certificate(client, tmp_path, at=AT)
    later = AT + change(tmp_path)

    assert keep_certificate(client, tmp_path, at=later)

    certificate = x509.load_pem_x509_certificate((tmp_path / "client.crt").read_bytes())
    assert certificates.client_of(certificate.public_bytes(Encoding.DER), at=later) == client
