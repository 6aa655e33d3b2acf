"""Chance, clock and keys that are the same each time: what a golden dossier is made under.

Nothing of the product is replaced. Python's sources of randomness give a series from a seed, so salts, identifiers,
serials and nonces repeat; new keys are taken from it; ECDSA takes its nonces from what it signs (RFC 6979); the
clock stands where it is put; keys, certificates and checkpoints are in folders of their own.
"""

import hashlib
import os
import random
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from tests.evidence import pki

SEED = b"golden dossier"
SIGNED_AT = datetime(2026, 11, 23, 20, 14, tzinfo=UTC)
"""Ceremony and signature: the lists in a signed file have to be as new as its certificate."""

SETTINGS = {
    "LOG_ORIGIN": "signature.exemple.fr/log",
    "PKI_URL": "http://signature.exemple.fr/pki",
    "PUBLIC_URL": "https://signature.exemple.fr",
    "OPERATOR": {"name": "Paraphe bac à sable", "country": "FR", "organization_identifier": "NTRFR-000000000"},
}
"""What an installation sets and a dossier shows."""


class Clock:
    """An hour that only moves when it is told to."""

    def __init__(self, at: datetime) -> None:
        self.at = at

    def __call__(self) -> datetime:
        return self.at


class Series:
    """Octets that look like chance, and are the same each time."""

    def __init__(self, seed: bytes) -> None:
        self._seed, self._drawn = seed, 0

    def __call__(self, size: int) -> bytes:
        self._drawn += 1
        return hashlib.shake_256(b"%s %d" % (self._seed, self._drawn)).digest(size)


@contextmanager
def world(folder: Path) -> Iterator[Clock]:
    """Everything that differs from one run to the next stands still; a sandbox's keys and certificates are made."""
    pki.hold()  # the one that the other tests share is made outside
    ec.generate_private_key(ec.SECP256R1()).sign(b"", ec.ECDSA(hashes.SHA256()))
    clock, series = Clock(SIGNED_AT), Series(SEED)
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(os, "urandom", series)
        patch.setattr(random, "_urandom", series)
        patch.setattr(ec, "generate_private_key", lambda curve, backend=None: _key(curve, series))  # noqa: ARG005
        patch.setattr(Ed25519PrivateKey, "generate", lambda: Ed25519PrivateKey.from_private_bytes(series(32)))
        patch.setattr(ec.ECDSA.__init__, "__defaults__", (True,))
        for builder in (x509.CertificateBuilder, x509.CertificateRevocationListBuilder):
            patch.setitem(_named_defaults(builder.sign), "ecdsa_deterministic", True)
        patch.setattr(timezone, "now", clock)
        for name in ("KEYS_DIR", "PKI_DIR", "CHECKPOINTS_DIR", "SANDBOX_DIR"):
            patch.setattr(settings, name, folder / name.lower())
        for name, value in SETTINGS.items():
            patch.setattr(settings, name, value)
        with Path(os.devnull).open("w") as nowhere:
            call_command("ceremony", stdout=nowhere)
        patch.setattr(pki, "hold", lambda: settings.PKI_DIR)
        yield clock


def _key(curve: ec.EllipticCurve, series: Series) -> ec.EllipticCurvePrivateKey:
    return ec.derive_private_key(int.from_bytes(series(curve.key_size // 8 - 1)), curve)


def _named_defaults(function: Any) -> dict[str, Any]:
    defaults: dict[str, Any] = function.__kwdefaults__
    return defaults
