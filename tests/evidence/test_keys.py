"""Opening this installation's keys and certificates."""

import os
import shutil
from pathlib import Path
from typing import Any

import pytest
from cryptography.hazmat.primitives.asymmetric import ed25519
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from django.conf import settings as installed

from evidence import keys
from evidence.keys import KeyUnavailable
from tests.evidence.pki import hold


@pytest.fixture
def place(tmp_path: Path, settings: Any) -> Path:
    """A copy of the held ceremony that a test may spoil."""
    hold()
    shutil.copytree(installed.KEYS_DIR, tmp_path / "keys")
    shutil.copytree(installed.PKI_DIR, tmp_path / "pki")
    settings.KEYS_DIR, settings.PKI_DIR = tmp_path / "keys", tmp_path / "pki"
    return tmp_path


@pytest.mark.parametrize(
    ("name", "length"), [("root", 0), ("issuing", 1), ("tsa", 2), ("seal", 2), ("access", 0), ("tls", 1)]
)
def test_an_identity_has_its_chain_issuer_first(name: str, length: int, place: Path) -> None:
    identity = keys.open_identity(name)
    assert identity.name == name
    assert identity.key.public_key() == identity.certificate.public_key()
    assert len(identity.chain) == length
    below = identity.certificate
    for above in identity.chain:
        below.verify_directly_issued_by(above)
        below = above


def test_it_is_opened_once_until_a_file_changes(place: Path) -> None:
    first = keys.open_identity("seal")
    assert keys.open_identity("seal") is first
    key = place / "keys" / "seal.key"
    os.utime(key, ns=(1, 1))
    assert keys.open_identity("seal") is not first


def test_nothing_secret_is_printed(place: Path) -> None:
    assert "key=" not in repr(keys.open_identity("seal"))


def test_certificates_are_read_without_keys(place: Path) -> None:
    """DESIGN: the web process never opens a signing key."""
    shutil.rmtree(place / "keys")
    assert keys.root() == keys.certificate("root")


def missing_key(place: Path) -> None:
    (place / "keys" / "seal.key").unlink()


def broken_key(place: Path) -> None:
    (place / "keys" / "seal.key").write_text("no key")


def key_of_another_kind(place: Path) -> None:
    key = ed25519.Ed25519PrivateKey.generate()
    pem = key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption())
    (place / "keys" / "seal.key").write_bytes(pem)


def key_of_another(place: Path) -> None:
    shutil.copy(place / "keys" / "tsa.key", place / "keys" / "seal.key")


def missing_certificate(place: Path) -> None:
    (place / "pki" / "seal.crt").unlink()


def broken_certificate(place: Path) -> None:
    (place / "pki" / "seal.crt").write_text("no certificate")


def missing_issuer(place: Path) -> None:
    (place / "pki" / "issuing.crt").unlink()


@pytest.mark.parametrize(
    "spoil",
    [
        missing_key,
        broken_key,
        key_of_another_kind,
        key_of_another,
        missing_certificate,
        broken_certificate,
        missing_issuer,
    ],
)
def test_what_cannot_be_used_is_unavailable(spoil: Any, place: Path) -> None:
    spoil(place)
    with pytest.raises(KeyUnavailable):
        keys.open_identity("seal")
