"""The declared file of the sandbox PKI, read into values (pki.toml beside this module)."""

import tomllib
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from functools import cache
from pathlib import Path

DECLARED = Path(__file__).with_name("pki.toml")

ANY_POLICY = "2.5.29.32.0"


@dataclass(frozen=True)
class CertificateDeclared:
    """One certificate to be made. `issuer` None: self-signed. `renew_before` None: never renewed by the ceremony."""

    name: str
    role: str
    issuer: str | None
    curve: str
    lifetime: timedelta
    policies: tuple[str, ...]
    renew_before: timedelta | None


@dataclass(frozen=True)
class ListDeclared:
    """One revocation list to be made, named like its CA; DER, and PEM beside it where `pem` says so."""

    name: str
    lifetime: timedelta
    renew_before: timedelta | None
    pem: bool


@dataclass(frozen=True)
class Declaration:
    """All of it. `policies` maps signer, signer_test, time_stamp and seal to OIDs in dotted form."""

    practice_statement: str
    policies: Mapping[str, str]
    certificates: Mapping[str, CertificateDeclared]
    lists: Mapping[str, ListDeclared]

    def cps_uri(self, pki_url: str) -> str:
        """Where the practice statement is read."""
        return f"{pki_url}/{self.practice_statement}"


@cache
def declared(path: Path = DECLARED, *, arc: str = "") -> Declaration:
    """Read the declaration, with the operator's `arc` of policies where he has one.

    A missing entry is a KeyError that names it.
    """
    raw = tomllib.loads(path.read_text(encoding="utf-8"))
    arc, _ = arc or raw["policies"]["arc"], raw["policies"].pop("arc")
    policies = {name: f"{arc}.{number}" for name, number in raw["policies"].items()}
    oids = policies | {"any": ANY_POLICY}
    return Declaration(
        practice_statement=raw["practice_statement"],
        policies=policies,
        certificates={name: _certificate(name, entry, oids) for name, entry in raw["certificates"].items()},
        lists={
            name: ListDeclared(name, timedelta(hours=entry["hours"]), _renewal(entry), bool(entry.get("pem")))
            for name, entry in raw["lists"].items()
        },
    )


def _certificate(name: str, entry: Mapping[str, object], oids: Mapping[str, str]) -> CertificateDeclared:
    listed = entry["policies"]
    return CertificateDeclared(
        name=name,
        role=str(entry["role"]),
        issuer=str(entry["issuer"]) if "issuer" in entry else None,
        curve=str(entry["key"]),
        lifetime=timedelta(days=float(str(entry["days"]))),
        policies=tuple(oids[str(policy)] for policy in listed) if isinstance(listed, list) else (),
        renew_before=_renewal(entry),
    )


def _renewal(entry: Mapping[str, object]) -> timedelta | None:
    days = entry.get("renew_before_days")
    return None if days is None else timedelta(days=float(str(days)))
