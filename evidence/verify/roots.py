"""Root certificates as people keep them: one certificate in a file, PEM or DER; or several in one, PEM."""

from pathlib import Path

from cryptography import x509
from cryptography.x509 import Certificate

__all__ = ["Certificate", "NoCertificate", "read", "read_all"]


class NoCertificate(Exception):
    """A file that was named as a root is none, or cannot be read."""


def read(path: Path) -> Certificate:
    """Read a certificate, PEM or DER. Raises `NoCertificate`."""
    try:
        content = path.read_bytes()
        load = x509.load_pem_x509_certificate if b"-----BEGIN" in content else x509.load_der_x509_certificate
        return load(content)
    except (OSError, ValueError) as error:
        raise NoCertificate(f"{path} is no certificate: {error}") from error


def read_all(path: Path) -> tuple[Certificate, ...]:
    """Read all certificates of a PEM file, at least one. Raises `NoCertificate`."""
    try:
        return tuple(x509.load_pem_x509_certificates(path.read_bytes()))
    except (OSError, ValueError) as error:
        raise NoCertificate(f"{path} holds no certificate: {error}") from error
