"""What proves something in a container: messages, tokens, chains and lists, checked with cryptography alone."""

from __future__ import annotations

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from pathlib import Path

import pikepdf
from asn1crypto import cms
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from cryptography.x509.oid import NameOID
from django.utils.translation import gettext

from evidence.dossier import xml
from evidence.verify import certificates, coverage, messages
from evidence.verify.claims import need
from evidence.verify.coverage import Embedded
from evidence.verify.failures import NotSound

_MOST_PARTS = 99
"""Files of certificates and lists beside one seal, and signatures in one PDF; verifier.py has the same."""


@dataclass(frozen=True)
class Signed:
    """A signature that holds: its proven time, its certificate, the digest of its value; tokens found with it.

    `reason`: what its dictionary in a PDF gives as the reason; empty elsewhere.
    """

    time: datetime
    certificate_sha256: str
    subject: str
    value_sha256: str
    tokens: frozenset[str]
    reason: str = ""


@dataclass(frozen=True)
class Proofs:
    """Roots that are trusted, and what the container brings along: certificates, lists, the key of the log.

    `time_roots` are trusted for time stamps only. `unlisted`: whose time stamps were held while no list of the
    authority above was there, so that nothing says whether they were revoked.
    """

    roots: tuple[x509.Certificate, ...]
    known: tuple[x509.Certificate, ...]
    lists: tuple[x509.CertificateRevocationList, ...]
    log_pem: bytes
    time_roots: tuple[x509.Certificate, ...] = ()
    unlisted: set[str] = field(default_factory=set)

    @classmethod
    def of(
        cls,
        members: Mapping[str, Path],
        roots: Sequence[x509.Certificate],
        time_roots: Sequence[x509.Certificate] = (),
    ) -> Proofs:
        """Read `pki/` and `log/` of a container; what cannot be read there is as if it were not there."""
        known, lists = _read({name: path for name, path in members.items() if name.startswith("pki/")})
        log = members["log/key.pem"].read_bytes() if "log/key.pem" in members else b""
        return cls(tuple(roots), known, lists, log, tuple(time_roots))

    def with_these(self, files: Mapping[str, Path]) -> Proofs:
        """The same with more certificates and lists: of each authority the newest that it signed is asked."""
        known, lists = _read(files)
        return replace(self, known=(*self.known, *known), lists=(*self.lists, *lists))

    @property
    def log_key(self) -> Ed25519PublicKey:
        """The key of the log. Raises `NotSound`."""
        try:
            key = load_pem_public_key(self.log_pem)
        except ValueError:
            key = None
        if not isinstance(key, Ed25519PublicKey):
            raise NotSound("log_key", gettext("La clé du registre est illisible."))
        return key

    def token(self, der: bytes, content: bytes) -> datetime:
        """Check a time-stamp token over bytes; gives its time. Raises `NotSound`."""
        token = messages.read_token(der, "timestamp")
        if messages.hashed(content, token.imprint_algorithm, "timestamp") != token.imprint:
            raise NotSound("timestamp", gettext("Le jeton d’horodatage porte sur autre chose."))
        self._led(token)
        return token.time

    def signed(self, signature: bytes, content: bytes, *, written: datetime | None = None) -> Signed:
        """Check a detached signature at the time of its token, or where it has none at `written`. Raises `NotSound`."""
        message = messages.parse(signature, "signature")
        digest = messages.hashed(content, message.digest_algorithm, "message_digest")
        return self._judged(message, digest, written=written, others=())

    def signature(self, pdf: Path, byte_range: tuple[int, ...], *, written: datetime) -> Signed:
        """Check the signature of a PDF that has this byte range, and the document time stamp at its end, if any."""
        found = embedded_in(pdf)
        own = [each for each in found if each.byte_range == byte_range and not each.is_timestamp]
        if len(own) != 1:
            raise NotSound("byte_range", gettext("Le fichier n’a pas la signature que dit le dossier."))
        tokens = [each.contents for each in found if each.is_timestamp]
        with pdf.open("rb") as file:
            coverage.check_coverage(file, own[0], size=pdf.stat().st_size)
            message = messages.parse(own[0].contents, "signature")
            digest = coverage.digest(file, own[0], message.digest_algorithm)
        if found[-1].is_timestamp:
            self._stamped(pdf, found[-1])
        return replace(self._judged(message, digest, written=written, others=tokens), reason=own[0].reason)

    def sealed(self, pdf: Path) -> Signed:
        """Check a sealed PDF: its first signature, and the document time stamp that ends it. Raises `NotSound`."""
        found = embedded_in(pdf)
        if not found or found[0].is_timestamp or not found[-1].is_timestamp:
            raise NotSound("structure", gettext("Le PDF n’a pas de cachet, ou pas d’horodatage à sa fin."))
        if found[-1].end != pdf.stat().st_size:
            raise NotSound("appended", gettext("Des octets suivent le dernier horodatage."))
        self._stamped(pdf, found[-1])
        with pdf.open("rb") as file:
            message = messages.parse(found[0].contents, "signature")
            digest = coverage.digest(file, found[0], message.digest_algorithm)
        return replace(self._judged(message, digest, written=None, others=()), reason=found[0].reason)

    def chain(self, certificate: x509.Certificate, along: Sequence[x509.Certificate], at: datetime) -> None:
        """Check that a certificate led to a trusted root at a time, and was not revoked. Raises `NotSound`."""
        known = (*along, *self.known)
        above = certificates.find_chain(certificate, known, self.roots, check="issuer_unknown")
        certificates.check_chain(certificate, above, at=at)
        if any(each.issuer == certificate.issuer for each in self.lists):
            certificates.check_not_revoked(certificate, above[0], self.lists)

    def _judged(
        self, message: messages.Message, digest: bytes, *, written: datetime | None, others: Sequence[bytes]
    ) -> Signed:
        messages.check_message(message, content_type="data", content_digest=digest)
        own = [messages.timestamp_of(message)] if message.signer["unsigned_attrs"] else []
        at = self.token(own[0], message.signature) if own else written
        if at is None:
            raise NotSound("timestamp", gettext("La signature n’a pas d’horodatage."))
        certificate = message.certificate
        self.chain(certificate, message.certificates, at)
        return Signed(
            time=at,
            certificate_sha256=certificate.fingerprint(hashes.SHA256()).hex(),
            subject=name_of(certificate),
            value_sha256=hashlib.sha256(message.signature).hexdigest(),
            tokens=frozenset(hashlib.sha256(cms.ContentInfo.load(each).dump()).hexdigest() for each in (*own, *others)),
        )

    def _stamped(self, pdf: Path, embedded: Embedded) -> None:
        token = messages.read_token(embedded.contents, "timestamp")
        with pdf.open("rb") as file:
            coverage.check_coverage(file, embedded, size=pdf.stat().st_size)
            if coverage.digest(file, embedded, token.imprint_algorithm) != token.imprint:
                raise NotSound("timestamp", gettext("Le jeton d’horodatage porte sur autre chose."))
        self._led(token)

    def _led(self, token: messages.Token) -> None:
        """Check the authority of a token, which may lead to a root that is trusted for time only."""
        trusting = replace(self, roots=(*self.roots, *self.time_roots))
        unit = token.message.certificate
        trusting.chain(unit, token.message.certificates, token.time)
        if not any(each.issuer == unit.issuer for each in self.lists):
            self.unlisted.add(name_of(unit))


def name_of(certificate: x509.Certificate) -> str:
    """Whom a certificate names (RFC 4514), attributes called as the openssl command calls them: people compare both."""
    return certificate.subject.rfc4514_string(_CALLED)


_CALLED = {NameOID.ORGANIZATION_IDENTIFIER: "organizationIdentifier", NameOID.SERIAL_NUMBER: "serialNumber"}


def _read(
    files: Mapping[str, Path],
) -> tuple[tuple[x509.Certificate, ...], tuple[x509.CertificateRevocationList, ...]]:
    """Certificates (PEM), lists (DER); what cannot be read is as if it were not there. Raises `NotSound` (`bomb`)."""
    need(len(files) <= _MOST_PARTS and sum(path.stat().st_size for path in files.values()) <= xml.MOST_OCTETS, "bomb")
    known: list[x509.Certificate] = []
    lists: list[x509.CertificateRevocationList] = []
    for name, path in sorted(files.items()):
        try:
            if name.endswith(".pem"):
                known += x509.load_pem_x509_certificates(path.read_bytes())
            else:
                lists.append(x509.load_der_x509_crl(path.read_bytes()))
        except ValueError:
            continue
    return tuple(known), tuple(lists)


def embedded_in(pdf: Path) -> list[Embedded]:
    """The signatures of a PDF, in the order of what they cover. Raises `NotSound`."""
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as opened:
            found = coverage.signatures_of(opened)
    except pikepdf.PdfError as error:
        raise NotSound("structure", gettext("Le PDF est illisible.")) from error
    need(len(found) <= _MOST_PARTS, "bomb", "ByteRange")
    return found


def attached(pdf: Path, name: str) -> bytes | None:
    """A file embedded in a PDF; None where there is none of that name. Raises `NotSound`."""
    try:
        with pikepdf.open(pdf, attempt_recovery=False) as opened:
            return opened.attachments[name].get_file().read_bytes() if name in opened.attachments else None
    except pikepdf.PdfError as error:
        raise NotSound("structure", gettext("Le PDF est illisible.")) from error
