"""The check of a file that another service signed, and what the file itself tells of that signature.

Certificate and chain are not known beforehand: they are taken from the file, and must lead to a root that is trusted
for this. From there on the file has to pass the same check as one of ours (`evidence.verify.release`).
"""

from __future__ import annotations

import hashlib
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pikepdf
from asn1crypto import cms
from asn1crypto import x509 as asn1_x509
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from django.utils.translation import gettext

from evidence.verify import certificates, coverage, messages, release
from evidence.verify.failures import NotSound
from evidence.verify.purposes import may_sign_documents

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from evidence.verify.coverage import Embedded

__all__ = ["Expected", "Issued", "NotSound", "Received", "RevocationList", "check"]

LEVEL = "PAdES_BASELINE_LTA"
_NAMES = (x509.NameOID.COMMON_NAME, x509.NameOID.GIVEN_NAME, x509.NameOID.SURNAME)


@dataclass(frozen=True)
class Expected:
    """What the file has to be: SHA-256 (hex) and length of the presented bytes and of the file handed over; pages."""

    presented_sha256: str
    presented_length: int
    handed_sha256: str
    handed_length: int
    page_count: int


@dataclass(frozen=True)
class Issued:
    """The signer's certificate as the file has it; digests in lower-case hex, names after RFC 4514, DER as bytes.

    `policy`: the first one named, dotted; empty where none is. `names`: common, given and family names of the subject.
    """

    serial: str
    sha256: str
    spki_sha256: str
    subject: str
    names: tuple[str, ...]
    issuer: str
    policy: str
    not_before: datetime
    not_after: datetime
    pem: str
    chain: tuple[bytes, ...]


@dataclass(frozen=True)
class RevocationList:
    """The list of the certificate's issuer that stands in the file."""

    issuer: str
    number: int
    this_update: datetime
    next_update: datetime
    der: bytes


@dataclass(frozen=True)
class Received:
    """A signature that passed. `proven`: the time of its time stamp; `tokens`: of the signature, of the document."""

    field: str
    level: str
    byte_range: tuple[int, ...]
    signature_sha256: str
    proven: datetime
    tokens: tuple[bytes, bytes]
    issued: Issued
    revoked: RevocationList
    checks: tuple[str, ...]


def check(signed: Path, expected: Expected, *, roots: Sequence[x509.Certificate]) -> Received:
    """Check a file that came back from another service, and read what it tells.

    It must begin with the file that was handed over, have one signature more and a document time stamp, at level
    B-LTA, and chain and tokens must lead to one of `roots`. Raises `NotSound`. Not checked: that the certificate names
    the right person (`signing.gateway.remote.bearers` does); what is not in the file.
    """
    with signed.open("rb") as file:
        if coverage.prefix_digest(file, expected.handed_length) != expected.handed_sha256:
            raise NotSound("prefix", gettext("Le fichier signé ne commence pas par le fichier remis."))
    try:
        with pikepdf.open(signed, attempt_recovery=False) as pdf:
            signature, stamp = _added(coverage.signatures_of(pdf), beyond=expected.handed_length)
            stored, lists = _stored(pdf, "/Certs"), _stored(pdf, "/CRLs")
        message = messages.parse(signature.contents, "signature")
        _check_purpose(message.certificate)
        known = (*message.certificates, *(x509.load_der_x509_certificate(each) for each in stored))
        chain = certificates.find_chain(message.certificate, known, roots, check="chain")
        if not chain:
            raise NotSound("chain", gettext("La chaîne de certification est vide."))
        token = messages.timestamp_of(message)
        proven = messages.read_token(token, "signature_timestamp").time
        checks = release.check(
            signed,
            level=LEVEL,
            at=proven,
            presented=release.Prefix(expected.presented_sha256, expected.presented_length),
            base=release.Prefix(expected.handed_sha256, expected.handed_length),
            certificate=message.certificate,
            chain=chain,
            page_count=expected.page_count,
            digest=message.digest_algorithm,
            timestamp_roots=roots,
            by_us=False,
        )
        return Received(
            field=signature.field,
            level=LEVEL,
            byte_range=signature.byte_range,
            signature_sha256=hashlib.sha256(message.signature).hexdigest(),
            proven=proven,
            tokens=(token, cms.ContentInfo.load(stamp.contents).dump()),
            issued=_issued(message.certificate, chain),
            revoked=_revoked(message.certificate, chain[0], lists),
            checks=checks,
        )
    except (ValueError, TypeError, KeyError, x509.InvalidVersion, UnsupportedAlgorithm, pikepdf.PdfError) as error:
        raise NotSound("structure", gettext("Une partie du fichier signé est illisible.")) from error


def _added(found: Sequence[Embedded], *, beyond: int) -> tuple[Embedded, Embedded]:
    """The one signature and the one document time stamp that were added; what was there before ends before."""
    added = [each for each in found if each.end > beyond]
    if [each.is_timestamp for each in added] != [False, True]:
        raise NotSound(
            "structure", gettext("Le fichier ne se termine pas par une signature et un horodatage du document.")
        )
    return added[0], added[1]


def _stored(pdf: pikepdf.Pdf, name: str) -> list[bytes]:
    """The streams under one name of the document security store."""
    store = pdf.Root.get("/DSS")
    streams = store.get(name) if isinstance(store, pikepdf.Dictionary) else None
    return [each.read_bytes() for each in streams] if isinstance(streams, pikepdf.Array) else []


def _issued(certificate: x509.Certificate, chain: Sequence[x509.Certificate]) -> Issued:
    public = certificate.public_key().public_bytes(Encoding.DER, PublicFormat.SubjectPublicKeyInfo)
    return Issued(
        serial=f"{certificate.serial_number:x}",
        sha256=certificate.fingerprint(hashes.SHA256()).hex(),
        spki_sha256=hashlib.sha256(public).hexdigest(),
        subject=certificate.subject.rfc4514_string(),
        names=tuple(str(each.value) for name in _NAMES for each in certificate.subject.get_attributes_for_oid(name)),
        issuer=certificate.issuer.rfc4514_string(),
        policy=_policy(certificate),
        not_before=certificate.not_valid_before_utc,
        not_after=certificate.not_valid_after_utc,
        pem=certificate.public_bytes(Encoding.PEM).decode(),
        chain=tuple(each.public_bytes(Encoding.DER) for each in chain),
    )


def _policy(certificate: x509.Certificate) -> str:
    try:
        policies = certificate.extensions.get_extension_for_class(x509.CertificatePolicies).value
    except x509.ExtensionNotFound:
        return ""
    return str(policies[0].policy_identifier.dotted_string)


def _revoked(certificate: x509.Certificate, issuer: x509.Certificate, lists: Sequence[bytes]) -> RevocationList:
    found = [x509.load_der_x509_crl(each) for each in lists]
    newest = certificates.check_not_revoked(certificate, issuer, found)
    try:
        number = newest.extensions.get_extension_for_class(x509.CRLNumber).value.crl_number
    except x509.ExtensionNotFound:
        number = None
    if number is None or newest.next_update_utc is None:  # RFC 5280, 5.1.2.5 and 5.2.3
        raise NotSound("revocation", gettext("Une liste de révocation du fichier est illisible."))
    return RevocationList(
        issuer=newest.issuer.rfc4514_string(),
        number=number,
        this_update=newest.last_update_utc,
        next_update=newest.next_update_utc,
        der=newest.public_bytes(Encoding.DER),
    )


def _check_purpose(certificate: x509.Certificate) -> None:
    """A root has other certificates below it, of servers for one: whoever has such a key signs nobody's contract."""
    if not may_sign_documents(asn1_x509.Certificate.load(certificate.public_bytes(Encoding.DER))):
        raise NotSound(
            "signer_certificate", gettext("Le certificat du signataire n’est pas fait pour signer des documents.")
        )
