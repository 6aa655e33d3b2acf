"""Chains and revocation lists, signature by signature (RFC 5280), with cryptography alone."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from cryptography import x509
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric import ec, rsa
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext

from evidence.verify.failures import NotSound
from evidence.verify.path_rules import follows_rules

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime

_LONGEST_CHAIN = 8


def check_chain(
    certificate: x509.Certificate, chain: Sequence[x509.Certificate], *, at: datetime, check: str = "chain"
) -> None:
    """Check that `chain` (issuer first, root last, self-signed) carries `certificate`, and that all were valid `at`.

    Raises `NotSound` under the name `check`. That the last one is trusted is the caller's affair.
    """
    if not chain:
        raise NotSound(check, gettext("La chaîne de certification est vide."))
    for below, above in zip((certificate, *chain), (*chain, chain[-1]), strict=True):
        if not below.not_valid_before_utc <= at <= below.not_valid_after_utc:
            raise NotSound(check, gettext("Un certificat de la chaîne n’était pas valide à l’instant prouvé."))
        if not _is_authority(above):
            raise NotSound(check, gettext("Un certificat de la chaîne n’est pas celui d’une autorité."))
        if not _signed(below, above):
            raise NotSound(check, gettext("Un certificat de la chaîne n’est pas signé par le suivant."))
        if not _names_key(below, above):
            raise NotSound(check, gettext("Un certificat de la chaîne désigne une autre clé que celle du suivant."))
    if not follows_rules(certificate, chain):
        raise NotSound(check, gettext("Une autorité de la chaîne n’avait pas le droit d’émettre ce certificat."))


def find_chain(
    certificate: x509.Certificate, known: Sequence[x509.Certificate], roots: Sequence[x509.Certificate], *, check: str
) -> list[x509.Certificate]:
    """Order what stands between `certificate` and one of `roots`, that root included. Raises `NotSound`."""
    chain: list[x509.Certificate] = []
    lowest = certificate
    while lowest not in roots:
        above = [each for each in (*roots, *known) if each.subject == lowest.issuer and _signed(lowest, each)]
        if not above or len(chain) >= _LONGEST_CHAIN:
            raise NotSound(check, gettext("La chaîne de certification ne mène pas à la racine attendue."))
        lowest = above[0]
        chain.append(lowest)
    return chain


def common_name(certificate: x509.Certificate) -> str:
    """The common name of whom a certificate names, or all of the name."""
    return common_name_of(certificate.subject)


def common_name_of(name: x509.Name) -> str:
    """The common name in a name, or all of it."""
    named = name.get_attributes_for_oid(NameOID.COMMON_NAME)
    return str(named[0].value) if named else name.rfc4514_string()


def check_not_revoked(
    certificate: x509.Certificate, issuer: x509.Certificate, lists: Sequence[x509.CertificateRevocationList]
) -> x509.CertificateRevocationList:
    """Give the newest list of `issuer`, which signed it and does not name `certificate`. Raises `NotSound`."""
    own = [each for each in lists if each.issuer == issuer.subject and _signed_list(each, issuer)]
    if not own:
        raise NotSound("revocation", gettext("Il manque la liste de révocation d’une autorité de la chaîne."))
    newest = max(own, key=lambda each: each.last_update_utc)
    if newest.get_revoked_certificate_by_serial_number(certificate.serial_number) is not None:
        raise NotSound("revocation", gettext("Un certificat de la chaîne est révoqué."))
    return newest


def _names_key(below: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether the key identifiers agree, where both are there (RFC 5280, 4.2.1.1): others build no chain otherwise."""
    try:
        named = below.extensions.get_extension_for_class(x509.AuthorityKeyIdentifier).value.key_identifier
        own = above.extensions.get_extension_for_class(x509.SubjectKeyIdentifier).value.key_identifier
    except x509.ExtensionNotFound:
        return True
    return named is None or named == own


def check_stamped_before_revocation(
    certificate: x509.Certificate,
    issuer: x509.Certificate,
    lists: Sequence[x509.CertificateRevocationList],
    *,
    at: datetime,
    until: datetime,
) -> None:
    """Check that no list of `issuer` takes its worth from a time stamp of `at`, known to be there `until`.

    RFC 3161, 4.1: what was stamped before stays good where a reason is told that is no compromise of the key; all is
    lost otherwise, but what another proves to be older. Raises `NotSound` (revoked). That there is a list is not asked.
    """
    for each in lists:
        if each.issuer != issuer.subject or not _signed_list(each, issuer):
            continue
        entry = each.get_revoked_certificate_by_serial_number(certificate.serial_number)
        if entry is not None and entry.revocation_date_utc <= (at if _is_harmless(entry) else until):
            raise NotSound("revoked", gettext("Un certificat de la chaîne est révoqué."))


_HARMLESS = {
    x509.ReasonFlags.unspecified,
    x509.ReasonFlags.affiliation_changed,
    x509.ReasonFlags.superseded,
    x509.ReasonFlags.cessation_of_operation,
}


def _is_harmless(entry: x509.RevokedCertificate) -> bool:
    try:
        return entry.extensions.get_extension_for_class(x509.CRLReason).value.reason in _HARMLESS
    except x509.ExtensionNotFound:
        return False


def _is_authority(certificate: x509.Certificate) -> bool:
    try:
        constraints = certificate.extensions.get_extension_for_class(x509.BasicConstraints).value
    except x509.ExtensionNotFound:
        return False
    return constraints.ca


@lru_cache(maxsize=512)
def _signed(below: x509.Certificate, above: x509.Certificate) -> bool:
    """Whether one certificate's key signed the other: the same for ever, and asked again for each file of a house."""
    try:
        below.verify_directly_issued_by(above)
    except (InvalidSignature, ValueError, TypeError):
        return False
    return True


def _signed_list(crl: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    return _signed_octets(crl.public_bytes(Encoding.DER), issuer)


@lru_cache(maxsize=64)
def _signed_octets(listed: bytes, issuer: x509.Certificate) -> bool:
    """Whether an issuer's key signed a list (DER): asked for each time stamp of a file, with every list of it."""
    key = issuer.public_key()
    if not isinstance(key, ec.EllipticCurvePublicKey | rsa.RSAPublicKey):
        return False
    return x509.load_der_x509_crl(listed).is_signature_valid(key)
