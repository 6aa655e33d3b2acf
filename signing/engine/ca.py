"""The issuing CA, as an interface of three methods: issue, revoke, show the chain.

It decides what a one-use certificate may be; it stores nothing. Serials are drawn and stored by the caller before
`issue` is called, CRL numbers come from the caller's database.
"""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.x509.oid import NameOID

from signing.engine import crls, names, profiles
from signing.engine.crls import Revoked
from signing.engine.profiles import SigningKey

__all__ = ["IssuingAuthority", "ProfileViolation", "Revoked", "SignerSubject", "new_serial"]

LONGEST_VALIDITY = timedelta(minutes=60)
LONGEST_LIST = timedelta(hours=24)
_SERIAL_NUMBER_LIMIT = 64


class ProfileViolation(ValueError):
    """What was asked for is no one-use certificate, or no list, of this CA."""


@dataclass(frozen=True)
class SignerSubject:
    """Who signs: names as declared, country of two letters, `serial_number` = REFERENCE-digits. No mail, no phone."""

    given_name: str
    surname: str
    country: str
    serial_number: str

    def name(self) -> x509.Name:
        """The subject: C, givenName, surname, CN, serialNumber (EN 319 412-2, 4.2.4), cleaned of what could mislead.

        Characters that X.500 cannot compare are left out (names.certifiable), unless nothing would stay of the name.
        """
        given, family = names.certifiable(self.given_name), names.certifiable(self.surname)
        if not given and not family:
            given, family = names.clean(self.given_name), names.clean(self.surname)
        common = names.common_name(given, family)
        serial_number = names.clean(self.serial_number)
        if not common or not serial_number or len(serial_number) > _SERIAL_NUMBER_LIMIT:
            raise ProfileViolation("a signer has a name, and a serial number of 1 to 64 characters")
        attributes = [
            (NameOID.COUNTRY_NAME, self.country.upper()),
            (NameOID.GIVEN_NAME, given),
            (NameOID.SURNAME, family),
            (NameOID.COMMON_NAME, common),
            (NameOID.SERIAL_NUMBER, serial_number),
        ]
        return x509.Name([x509.NameAttribute(oid, value) for oid, value in attributes if value])


class IssuingAuthority:
    """Signs one-use certificates and revocation lists with the issuing CA's key.

    `chain`: what stands above `certificate`, root last. `pki_url`: where `issuing.crl` and `issuing.cer` are published.
    `notice`: what readers of PDF say of the policy.
    """

    def __init__(
        self,
        key: SigningKey,
        certificate: x509.Certificate,
        chain: Iterable[x509.Certificate],
        *,
        pki_url: str,
        policy: str,
        cps_uri: str,
        notice: str = "",
    ) -> None:
        self._issuer = profiles.Issuer(key, certificate, f"{pki_url}/issuing")
        self._above = tuple(chain)
        self._policies = profiles.Policies((policy,), cps_uri, notice)

    def issue(
        self,
        public_key: ec.EllipticCurvePublicKey,
        subject: SignerSubject,
        *,
        serial: int,
        not_before: datetime,
        not_after: datetime,
    ) -> x509.Certificate:
        """Give a one-use certificate for a P-256 key, valid 60 minutes at most. Raises ProfileViolation."""
        if not isinstance(public_key.curve, ec.SECP256R1):
            raise ProfileViolation("a one-use certificate is for a P-256 key")
        if not timedelta(0) < not_after - not_before <= LONGEST_VALIDITY:
            raise ProfileViolation("a one-use certificate is valid 60 minutes at most")
        validity = profiles.Validity(not_before, not_after)
        content = profiles.Content(subject.name(), public_key, serial, validity, self._policies)
        return profiles.signer(self._issuer, content)

    def revocation_list(
        self, *, number: int, this_update: datetime, next_update: datetime, revoked: Iterable[Revoked]
    ) -> bytes:
        """Give the CA's CRL, DER, in force 24 hours at most. Raises ProfileViolation."""
        if not timedelta(0) < next_update - this_update <= LONGEST_LIST:
            raise ProfileViolation("a list of the issuing CA is in force 24 hours at most")
        return crls.revocation_list(
            self._issuer.key,
            self._issuer.certificate,
            number=number,
            this_update=this_update,
            next_update=next_update,
            revoked=revoked,
        )

    def chain(self) -> tuple[x509.Certificate, ...]:
        """What a one-use certificate is verified with: this CA first, the root last."""
        return (self._issuer.certificate, *self._above)


def new_serial() -> int:
    """Draw a serial of 20 octets with 152 random bits (evidence.md asks for 128)."""
    return 1 << 152 | secrets.randbits(152)
