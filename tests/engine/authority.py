"""A PKI of the tests at a fixed instant, made by the product's own profiles, and what signs with it."""

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding

from evidence.keys import Identity
from evidence.timestamps import LocalAuthority, LocalTimeStamper
from signing.engine import crls, pades, profiles
from signing.engine.ca import IssuingAuthority, Revoked, SignerSubject, new_serial
from signing.engine.keys import OneUseKey
from signing.engine.profiles import Content, Issuer, Policies, Validity
from signing.engine.stamp import Stamp

AT = datetime(2026, 11, 23, 13, 29, 3, tzinfo=UTC)
PKI_URL = "http://pki.example.com/pki"
POLICY = "1.3.6.1.4.1.32473.1.1"
TSA_POLICY = "1.3.6.1.4.1.32473.1.2"
CPS = f"{PKI_URL}/cps.txt"
REFERENCE = "EXS-2026-004127"
DIGITS = "7f3a9c1e"


@dataclass(frozen=True)
class Pki:
    """Identities of one PKI, and the instant at which it signs unless told another."""

    root: Identity
    issuing: Identity
    tsa: Identity
    at: datetime

    @property
    def authority(self) -> IssuingAuthority:
        return self.issuer_of(POLICY)

    def issuer_of(self, policy: str) -> IssuingAuthority:
        """The CA, issuing under a policy."""
        return IssuingAuthority(
            self.issuing.key,
            self.issuing.certificate,
            self.issuing.chain,
            pki_url=PKI_URL,
            policy=policy,
            cps_uri=CPS,
        )

    def stamper(self, at: datetime | None = None) -> LocalTimeStamper:
        return LocalTimeStamper(LocalAuthority(self.tsa, policy=TSA_POLICY, clock=lambda: at or self.at))

    def crls(self, at: datetime | None = None, *, life: timedelta = timedelta(minutes=25)) -> list[bytes]:
        """The lists of issuing CA, in force for `life`, and root, made at `at`."""
        return [self.crl(self.issuing, at or self.at, life), self.crl(self.root, at or self.at, timedelta(days=300))]

    def crl(self, of: Identity, at: datetime, life: timedelta, *revoked: Revoked) -> bytes:
        until = at + life
        return crls.revocation_list(
            of.key, of.certificate, number=2, this_update=at, next_update=until, revoked=revoked
        )

    def write(self, folder: Path) -> tuple[Path, Path, Path]:
        """Write root, chain and lists as PEM files for outside judges."""
        root, chain, lists = folder / "root.pem", folder / "chain.pem", folder / "crls.pem"
        root.write_bytes(self.root.certificate.public_bytes(Encoding.PEM))
        chain.write_bytes(self.issuing.certificate.public_bytes(Encoding.PEM))
        lists.write_bytes(b"".join(x509.load_der_x509_crl(crl).public_bytes(Encoding.PEM) for crl in self.crls()))
        return root, chain, lists


def pki(at: datetime = AT) -> Pki:
    """The PKI that tests share; founded a day before `at`."""
    return _founded(at)


@cache
def _founded(at: datetime) -> Pki:
    founded = Validity(at - timedelta(days=1), at + timedelta(days=3650))
    key = ec.generate_private_key(ec.SECP384R1())
    policies = Policies((profiles.ANY_POLICY,), CPS)
    root = profiles.root(key, Content(_name("Racine"), key.public_key(), new_serial(), founded, policies))
    above = Identity("root", key, root, ())
    issuing = _issued(above, "issuing", ec.SECP384R1(), profiles.ANY_POLICY, at)
    return Pki(above, issuing, _issued(issuing, "tsa", ec.SECP256R1(), TSA_POLICY, at), at)


def _issued(above: Identity, name: str, curve: ec.EllipticCurve, policy: str, at: datetime) -> Identity:
    key = ec.generate_private_key(curve)
    validity = Validity(at - timedelta(days=1), at + timedelta(days=1000))
    content = Content(_name(name), key.public_key(), new_serial(), validity, Policies((policy,), CPS))
    make = {"issuing": profiles.issuing, "tsa": profiles.time_stamping_unit}[name]
    certificate = make(Issuer(above.key, above.certificate, f"{PKI_URL}/{above.name}"), content)
    return Identity(name, key, certificate, (above.certificate, *above.chain))


def _name(common: str) -> x509.Name:
    return profiles.organization("FR", "Paraphe essais", "NTRFR-000000000", f"Paraphe essais {common}")


def certify(
    key: OneUseKey, *, given_name: str = "Camille", surname: str = "Martin", at: datetime = AT
) -> x509.Certificate:
    """A one-use certificate that began a minute before `at`."""
    subject = SignerSubject(given_name, surname, "FR", f"{REFERENCE}-{DIGITS}")
    begin = at - timedelta(minutes=1)
    until = begin + timedelta(minutes=30)
    return pki(at).authority.issue(key.public_key, subject, serial=new_serial(), not_before=begin, not_after=until)


def stamp(**changes: Any) -> Stamp:
    said: dict[str, Any] = {"name": "Camille Martin", "signed_at": AT, "zone": "Europe/Paris"}
    return Stamp(**said | {"reference": REFERENCE, "digits": DIGITS} | changes)


def sign(source: Path, target: Path, *, at: datetime = AT, **changes: Any) -> pades.SignedPdf:
    """Sign as the worker does, with a key of its own that is destroyed afterwards."""
    key = OneUseKey.generate()
    means: dict[str, Any] = {
        "key": key,
        "certificate": certify(key, at=at),
        "chain": pki(at).authority.chain(),
        "crls": pki(at).crls(),
        "timestamper": pki(at).stamper(),
        "field_name": "Paraphe-1",
        "reason": f"Signature électronique simple, dossier {REFERENCE}, empreinte {DIGITS}",
        "location": None,
        "contact": None,
        "name": "Camille Martin",
        "stamp": stamp(),
        "at": at,
    }
    try:
        return pades.sign_pdf(source, target, **means | changes)
    finally:
        key.destroy()
