"""Which roots this installation trusts, and why."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings

from evidence import authorities
from evidence.verify import roots

OWN, TIME, SERVICE = "own", "time", "service"


@dataclass(frozen=True)
class Anchor:
    """A trusted root. `why`: own (this installation made it), time (TSA_ROOTS), service (CERTSIGN_ROOTS)."""

    certificate: x509.Certificate
    why: str

    @property
    def sha256(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()


def trusted() -> list[Anchor]:
    """Our own root, and those of whoever else stamps or signs for us. Raises `NoCertificate`, `TimestampRefused`."""
    own, another = Path(settings.PKI_DIR) / "root.crt", settings.CERTSIGN["roots"]
    found = [Anchor(roots.read(own), OWN)] if own.exists() else []
    found += [Anchor(root, TIME) for root in authorities.roots()]
    return found + [Anchor(root, SERVICE) for root in (roots.read_all(Path(another)) if another else ())]
