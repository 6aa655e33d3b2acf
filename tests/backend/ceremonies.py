"""Ceremonies of the sandbox PKI in folders of their own, and what they left there."""

from datetime import UTC, datetime
from pathlib import Path

from cryptography import x509

from signing.backend import pki
from signing.backend.ceremony import Ceremony, Place

AT = datetime(2026, 11, 23, 13, 29, 3, tzinfo=UTC)
HOSTS = ("localhost", "127.0.0.1", "::1", "paraphe.example.com")


def hold(place: Place, at: datetime = AT) -> dict[str, str]:
    """Outcomes by file."""
    return {step.file: step.outcome for step in Ceremony(pki.declared(), place, at=at).steps()}


def read(place: Place, name: str) -> x509.Certificate:
    return x509.load_pem_x509_certificate((place.public / f"{name}.crt").read_bytes())


def snapshot(folder: Path) -> dict[Path, tuple[bytes, int]]:
    return {path: (path.read_bytes(), path.stat().st_mtime_ns) for path in folder.rglob("*") if path.is_file()}
