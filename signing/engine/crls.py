"""Revocation lists (RFC 5280, section 5): making them, and judging them before they go into a signature."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import lru_cache

from asn1crypto.core import GeneralizedTime
from cryptography import x509
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding

from signing.engine.profiles import SigningKey, digest_for, key_identifier

EXPIRED_CERTS_ON_CRL = x509.ObjectIdentifier("2.5.29.60")
"""X.509 (2019), 9.5.2.8: tells verifiers that entries stay after the certificates have expired."""


@dataclass(frozen=True)
class Revoked:
    """One entry of a list."""

    serial: int
    revoked_at: datetime
    reason: x509.ReasonFlags | None = None


class StaleRevocationList(Exception):
    """A list is missing, not of the right CA, out of its time, or it names the certificate."""


def revocation_list(
    key: SigningKey,
    certificate: x509.Certificate,
    *,
    number: int,
    this_update: datetime,
    next_update: datetime,
    revoked: Iterable[Revoked] = (),
) -> bytes:
    """Give a complete v2 CRL of the CA `certificate`, DER; callers leave no entry out after its expiry."""
    builder = x509.CertificateRevocationListBuilder().issuer_name(certificate.subject)
    builder = builder.last_update(this_update).next_update(next_update)
    builder = builder.add_extension(key_identifier(certificate), critical=False)
    builder = builder.add_extension(x509.CRLNumber(number), critical=False)
    since = GeneralizedTime(certificate.not_valid_before_utc).dump()
    builder = builder.add_extension(x509.UnrecognizedExtension(EXPIRED_CERTS_ON_CRL, since), critical=False)
    for entry in revoked:
        builder = builder.add_revoked_certificate(_entry(entry))
    return builder.sign(key, digest_for(key)).public_bytes(Encoding.DER)


def check_for_signing(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], crls: Sequence[bytes], *, at: datetime
) -> None:
    """Raise StaleRevocationList unless `crls` carry a long-term signature of `certificate` made at `at`.

    All of `check_listed`; and the list of the signer's own issuer was made within the certificate's validity, for
    EN 319 102-1, 5.2.5 takes an older one for no proof of anything, and EU DSS then says INDETERMINATE.
    """
    lists = check_listed((certificate, *chain), chain, crls, at=at)
    made = lists[0].last_update_utc
    if not certificate.not_valid_before_utc <= made <= certificate.not_valid_after_utc:
        raise StaleRevocationList(f"the list of {made:%Y-%m-%dT%H:%M:%SZ} was not made in the certificate's validity")


def check_listed(
    certificates: Sequence[x509.Certificate],
    issuers: Sequence[x509.Certificate],
    crls: Sequence[bytes],
    *,
    at: datetime,
) -> list[x509.CertificateRevocationList]:
    """Give the list of each certificate that is not self-signed, in order.

    Raises StaleRevocationList where one has none: signed by its issuer (one of `issuers`), in force at `at`, not
    naming it. Does not build or verify chains.
    """
    by_name = {_names(issuer)[1]: issuer for issuer in issuers}
    found = []
    for checked in certificates:
        above, own = _names(checked)
        if above != own:
            found.append(_list_for(checked, crls, by_name))
            _in_force(found[-1], checked, at)
    return found


def _list_for(
    certificate: x509.Certificate,
    crls: Sequence[bytes],
    issuers: dict[x509.Name, x509.Certificate],
) -> x509.CertificateRevocationList:
    wanted = _names(certificate)[0]
    issuer = issuers.get(wanted)
    if issuer is None:
        raise StaleRevocationList(f"{wanted.rfc4514_string()} is not in the chain")
    for crl in crls:
        # A name alone proves nothing: after a key change two CAs of one name exist.
        if _is_signed(crl, issuer):
            return _read(crl)
    raise StaleRevocationList(f"no list of {wanted.rfc4514_string()}")


@lru_cache(maxsize=16)
def _names(certificate: x509.Certificate) -> tuple[x509.Name, x509.Name]:
    """Issuer and subject, which cryptography makes anew each time that they are asked for."""
    return certificate.issuer, certificate.subject


# One list serves every signature until the next is made: it is read, and its signature verified, once.
@lru_cache(maxsize=8)
def _read(crl: bytes) -> x509.CertificateRevocationList:
    return x509.load_der_x509_crl(crl)


@lru_cache(maxsize=16)
def _is_signed(crl: bytes, issuer: x509.Certificate) -> bool:
    if _read(crl).issuer != issuer.subject:
        return False
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        raise StaleRevocationList(f"{issuer.subject.rfc4514_string()} has a key of an unknown kind")
    return _read(crl).is_signature_valid(key)


def _in_force(crl: x509.CertificateRevocationList, certificate: x509.Certificate, at: datetime) -> None:
    until = crl.next_update_utc
    # Lists carry whole seconds: one made in the second of `at` is not from the future.
    if crl.last_update_utc > at or until is None or until <= at:
        raise StaleRevocationList(f"the list of {crl.issuer.rfc4514_string()} is not in force at {at.isoformat()}")
    if crl.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
        raise StaleRevocationList(f"certificate {certificate.serial_number:x} is revoked")


def _entry(entry: Revoked) -> x509.RevokedCertificate:
    builder = x509.RevokedCertificateBuilder().serial_number(entry.serial).revocation_date(entry.revoked_at)
    if entry.reason is not None:
        builder = builder.add_extension(x509.CRLReason(entry.reason), critical=False)
    return builder.build()
