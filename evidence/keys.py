"""Long-lived keys and certificates of this installation: issuing CA, TSA unit, seal, access CA, TLS server.

Keys are PKCS#8 files in `KEYS_DIR`, or in the PKCS#11 token where `PKCS11_KEYS` names them; certificates are PEM files
in `PKI_DIR`. Only workers and commands call `open_identity`; the web process reads certificates alone.
"""

import ipaddress
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from urllib.parse import urlsplit

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import (
    Encoding,
    PublicFormat,
    load_pem_private_key,
    load_pem_public_key,
)
from django.conf import settings

from evidence.tokens import KeyUnavailable, Token

__all__ = [
    "NAMES",
    "Identity",
    "KeyUnavailable",
    "PrivateKey",
    "are_of_sandbox",
    "certificate",
    "is_local",
    "list_addresses",
    "log_key",
    "log_pem",
    "log_public",
    "open_identity",
    "pem",
    "root",
    "token",
]

EXAMPLE_ARC = "1.3.6.1.4.1.32473."
SANDBOX_OPERATOR = "NTRFR-000000000"
NAMES = frozenset({"root", "issuing", "tsa", "seal", "access"})
"""Of the keys that may be in a token (PKCS11_KEYS)."""
PrivateKey = ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey
Stamp = tuple[int, int, int]


@dataclass(frozen=True, eq=False)
class Identity:
    """A key that can be used. `chain`: what stands above the certificate, its issuer first, the root last."""

    name: str
    key: PrivateKey = field(repr=False)
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]


def open_identity(name: str) -> Identity:
    """Open the key and certificate called `name` (issuing, tsa, seal, access, tls, root).

    Read again only when one of the files has changed. Raises KeyUnavailable. Does not look at validity or revocation.
    """
    folder = settings.PKI_DIR
    held = token() if name in settings.PKCS11_KEYS else None
    source = held or settings.KEYS_DIR / f"{name}.key"
    files = sorted(folder.glob("*.crt")) if held else [settings.KEYS_DIR / f"{name}.key", *sorted(folder.glob("*.crt"))]
    return _open(name, source, folder, tuple(map(_stamp, files)))


def token() -> Token:
    """The token that the settings name, whether it is there or not."""
    return Token(settings.PKCS11_MODULE, settings.PKCS11_TOKEN, settings.PKCS11_PIN)


def log_key() -> Ed25519PrivateKey:
    """Open the key that signs the log's checkpoints. Raises KeyUnavailable."""
    path = settings.KEYS_DIR / "log.key"
    return _read_log_key(path, _stamp(path))


def log_public() -> Ed25519PublicKey:
    """Its public half. Raises KeyUnavailable."""
    path = settings.PKI_DIR / "log.pem"
    return _read_log_public(path, _stamp(path))


def pem(of: x509.Certificate) -> bytes:
    """A certificate as it is handed out."""
    return of.public_bytes(Encoding.PEM)


def log_pem() -> bytes:
    """The same as it is kept, PEM."""
    return log_public().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo)


def certificate(name: str) -> x509.Certificate:
    """Read the certificate called `name`; raises KeyUnavailable."""
    path = settings.PKI_DIR / f"{name}.crt"
    return _read_certificate(path, _stamp(path))


def root() -> x509.Certificate:
    """Give the root of signing, which strangers are asked to trust."""
    return certificate("root")


def are_of_sandbox() -> bool:
    """Whether the keys that sign here are a sandbox's: by the settings, or by what their certificates say.

    A policy under the arc for examples (RFC 5612), the operator of the sandbox, or a list at this very machine is
    nobody's in earnest. Certificates that are not there say nothing.
    """
    return settings.SANDBOX or not settings.POLICY_ARC or any(map(_is_of_sandbox, _found()))


def is_local(url: str) -> bool:
    """Whether an address leads to the machine itself or into a house, where no stranger reads anything."""
    host = urlsplit(url).hostname or "localhost"
    try:
        return not ipaddress.ip_address(host).is_global
    except ValueError:
        return host == "localhost" or host.endswith((".localhost", ".local", ".internal"))


def list_addresses(certificate: x509.Certificate) -> list[str]:
    """Where a certificate says that its revocation list is (RFC 5280, 4.2.1.13)."""
    try:
        points = certificate.extensions.get_extension_for_class(x509.CRLDistributionPoints).value
    except x509.ExtensionNotFound:
        return []
    return [str(name.value) for point in points for name in point.full_name or ()]


def _found() -> Iterator[x509.Certificate]:
    for name in ("root", "issuing", "tsa", "seal"):
        with suppress(KeyUnavailable):
            yield certificate(name)


def _is_of_sandbox(certificate: x509.Certificate) -> bool:
    named = certificate.subject.get_attributes_for_oid(x509.NameOID.ORGANIZATION_IDENTIFIER)
    is_nobodys = any(each.value == SANDBOX_OPERATOR for each in named)
    return is_nobodys or _is_example(certificate) or any(map(is_local, list_addresses(certificate)))


def _is_example(certificate: x509.Certificate) -> bool:
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return False
    return any(each.policy_identifier.dotted_string.startswith(EXAMPLE_ARC) for each in policies)


@lru_cache(maxsize=16)
def _open(name: str, source: Path | Token, folder: Path, _stamps: tuple[Stamp, ...]) -> Identity:
    key = _in_token(name, source) if isinstance(source, Token) else _in_file(name, source)
    path = folder / f"{name}.crt"
    own = _read_certificate(path, _stamp(path))
    if own.public_key() != key.public_key():
        raise KeyUnavailable(f"key and certificate {name!r} do not belong together")
    return Identity(name, key, own, _chain(own, folder))


def _in_file(name: str, path: Path) -> PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyUnavailable(f"the key {name!r} cannot be opened: {error}") from error
    if not isinstance(key, PrivateKey):
        raise KeyUnavailable(f"the key {name!r} is neither EC nor RSA")
    return key


def _in_token(name: str, held: Token) -> PrivateKey:
    key = held.key(name)
    if key is None:
        raise KeyUnavailable(f"no key {name!r} in the token {held.label!r}")
    return key


def _chain(lowest: x509.Certificate, folder: Path) -> tuple[x509.Certificate, ...]:
    known = [_read_certificate(path, _stamp(path)) for path in sorted(folder.glob("*.crt"))]
    chain: list[x509.Certificate] = []
    below = lowest
    while below.issuer != below.subject:
        above = next((candidate for candidate in known if _issued(below, candidate)), None)
        if above is None or above in chain:
            raise KeyUnavailable(f"no certificate of {below.issuer.rfc4514_string()}")
        chain.append(above)
        below = above
    return tuple(chain)


def _issued(below: x509.Certificate, above: x509.Certificate) -> bool:
    try:
        below.verify_directly_issued_by(above)
    except (ValueError, TypeError, InvalidSignature):
        return False
    return True


@lru_cache(maxsize=32)
def _read_certificate(path: Path, _stamp: Stamp) -> x509.Certificate:
    try:
        return x509.load_pem_x509_certificate(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyUnavailable(f"the certificate {path.stem!r} cannot be read: {error}") from error


@lru_cache(maxsize=4)
def _read_log_key(path: Path, _stamp: Stamp) -> Ed25519PrivateKey:
    try:
        key = load_pem_private_key(path.read_bytes(), password=None)
    except (OSError, ValueError, TypeError) as error:
        raise KeyUnavailable(f"the key of the log cannot be opened: {error}") from error
    if not isinstance(key, Ed25519PrivateKey):
        raise KeyUnavailable("the key of the log is not Ed25519")
    return key


@lru_cache(maxsize=4)
def _read_log_public(path: Path, _stamp: Stamp) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(path.read_bytes())
    except (OSError, ValueError) as error:
        raise KeyUnavailable(f"the public key of the log cannot be read: {error}") from error
    if not isinstance(key, Ed25519PublicKey):
        raise KeyUnavailable("the public key of the log is not Ed25519")
    return key


def _stamp(path: Path) -> Stamp:
    try:
        found = path.stat()
    except OSError as error:
        raise KeyUnavailable(f"{path.name} is missing: the ceremony has not been held") from error
    return found.st_mtime_ns, found.st_ino, found.st_size
