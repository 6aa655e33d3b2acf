"""Which roots this installation trusts, and why."""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from django.conf import settings

from evidence import authorities
from evidence.time_tokens import TimestampRefused
from evidence.verify import roots

logger = logging.getLogger("paraphe.verify")
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
    return [Anchor(root, why) for why, read in _SOURCES.items() for root in read()]


def at_hand() -> list[Anchor]:
    """Those of them that this process can read: files of other services may be on the workers' hosts alone.

    What is left out is logged: a signature that leads there is told to be of an unknown issuer.
    """
    found = []
    for why, read in _SOURCES.items():
        try:
            found += [Anchor(root, why) for root in read()]
        except (roots.NoCertificate, TimestampRefused):
            logger.warning("roots not at hand: %s", why)
    return found


@dataclass(frozen=True)
class Roots:
    """Trusted roots apart: `people` for all that leads there, `time` for time stamps only."""

    people: tuple[x509.Certificate, ...]
    time: tuple[x509.Certificate, ...]

    @classmethod
    def of(cls, anchors: Sequence[Anchor]) -> Roots:
        """Who is trusted to tell the time says nothing of who somebody is."""
        parts = ([each.certificate for each in anchors if (each.why == TIME) is only] for only in (False, True))
        return cls(*map(tuple, parts))


def _own() -> Sequence[x509.Certificate]:
    own = Path(settings.PKI_DIR) / "root.crt"
    return [roots.read(own)] if own.exists() else []


def _of_service() -> Sequence[x509.Certificate]:
    named = settings.CERTSIGN["roots"]
    return roots.read_all(Path(named)) if named else ()


_SOURCES: dict[str, Callable[[], Sequence[x509.Certificate]]] = {
    OWN: _own,
    TIME: authorities.roots,
    SERVICE: _of_service,
}
