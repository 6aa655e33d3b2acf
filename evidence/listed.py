"""Revocation lists of what a seal is made with: of its own chain, and of whoever stamps it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Any

from asn1crypto import cms
from cryptography import x509
from pyhanko.sign.timestamps import TimeStamper

from evidence.time_tokens import Stamper


class StaleRevocationList(Exception):
    """A revocation list is missing, not in force, or names a certificate of the seal or of its time stamps."""


class ListedStamper(Stamper):
    """Whoever stamps, held to the lists that go into the seal.

    Of two external authorities the second may answer where the first has answered before: without its lists the seal
    would not be long-term. `issuers`: of the seal's chain, for our own authority is below the same root. `crls`: DER;
    `at`: the seal's time, when they are in force.
    """

    def __init__(
        self, asked: TimeStamper, crls: Sequence[bytes], *, issuers: Sequence[x509.Certificate], at: datetime
    ) -> None:
        super().__init__()
        self._asked, self._crls, self._issuers, self._at = asked, crls, tuple(issuers), at
        self.cert_registry = asked.cert_registry

    async def async_timestamp(self, message_digest: bytes, md_algorithm: str) -> cms.ContentInfo:
        """Give its token. Raises StaleRevocationList, and what it raises."""
        token = await self._asked.async_timestamp(message_digest, md_algorithm)
        carried = [each.chosen.dump() for each in token["content"]["certificates"] if each.name == "certificate"]
        brought = [*map(x509.load_der_x509_certificate, carried)]
        known = [x509.load_der_x509_certificate(each.dump()) for each in self.cert_registry]
        check_lists(brought, self._crls, at=self._at, issuers=[*self._issuers, *known])
        return token


def check_lists(
    certificates: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    *,
    at: datetime,
    issuers: Sequence[x509.Certificate] = (),
) -> None:
    """Every certificate that is not self-signed has a list of its issuer in force at `at` that does not name it.

    Its issuer is one of `certificates` or `issuers`. Raises StaleRevocationList.
    """
    lists = [x509.load_der_x509_crl(der) for der in crls]
    by_subject = {certificate.subject: certificate for certificate in (*issuers, *certificates)}
    for certificate in certificates:
        if certificate.issuer == certificate.subject:
            continue
        name = certificate.issuer.rfc4514_string()
        issuer = by_subject.get(certificate.issuer)
        if issuer is None:
            raise StaleRevocationList(f"{name} is not in the chain")
        key: Any = issuer.public_key()
        found = next(
            (each for each in lists if each.issuer == certificate.issuer and each.is_signature_valid(key)), None
        )
        if found is None or found.next_update_utc is None:
            raise StaleRevocationList(f"no list of {name}")
        if not found.last_update_utc <= at < found.next_update_utc:
            raise StaleRevocationList(f"the list of {name} is not in force")
        if found.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
            raise StaleRevocationList(f"certificate {certificate.serial_number:x} is revoked")
