"""The check of a signed file before anybody gets it, by other means than the signer's.

Nothing here comes from the code that signs: hashlib, asn1crypto, cryptography and qpdf judge the finished file.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import TYPE_CHECKING, BinaryIO

import pikepdf
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from django.utils.translation import gettext

from evidence.verify import certificates, claimed, coverage, messages, pages
from evidence.verify.failures import NotSound

if TYPE_CHECKING:
    from collections.abc import Iterable, Sequence
    from datetime import datetime
    from pathlib import Path

    from evidence.verify.coverage import Embedded
    from evidence.verify.messages import Message, Token

__all__ = ["NotSound", "check"]

PLAIN, ARCHIVAL = "PAdES_BASELINE_B", "PAdES_BASELINE_LTA"


@dataclass(frozen=True)
class _Case:
    """One file under examination and what it has to be."""

    file: BinaryIO
    digests: coverage.Digests
    size: int
    pdf: pikepdf.Pdf
    presented_sha256: str
    presented_length: int
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    page_count: int
    roots: tuple[x509.Certificate, ...]
    earlier: tuple[Embedded, ...]
    signature: Embedded
    document_timestamp: Embedded | None
    level: str
    at: datetime


def check(
    signed: Path,
    *,
    presented_sha256: str,
    presented_length: int,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    page_count: int,
    level: str,
    at: datetime,
    timestamp_roots: Sequence[x509.Certificate] = (),
) -> tuple[str, ...]:
    """Check a file just signed; give the names of the checks done, in order.

    `presented_*`: SHA-256 (lower-case hex) and length of the bytes that the signer was shown; the file starts with
    them. `certificate`: the one the newest signature must be made with; `chain`: its issuer first, its root last.
    `page_count`: of the presented document. `level`: PAdES_BASELINE_B to _LTA, which the signature must have. `at`:
    when it was signed, for one without a time stamp. `timestamp_roots`: roots of time-stamping authorities besides the
    chain's.

    Raises `NotSound`. Not checked: what later revisions change visually besides pages and their annotations; that the
    root is trusted by anybody.
    """
    size = signed.stat().st_size
    with signed.open("rb") as file, _opened(signed) as pdf:
        earlier, signature, document_timestamp = _newest(coverage.signatures_of(pdf), archival=level == ARCHIVAL)
        case = _Case(
            file=file,
            digests=coverage.Digests(file, _algorithms(earlier, signature, document_timestamp)),
            size=size,
            pdf=pdf,
            presented_sha256=presented_sha256,
            presented_length=presented_length,
            certificate=certificate,
            chain=tuple(chain),
            page_count=page_count,
            roots=(chain[-1], *timestamp_roots),
            earlier=earlier,
            signature=signature,
            document_timestamp=document_timestamp,
            level=level,
            at=at,
        )
        try:
            return tuple(name for step in (*_ALWAYS, *_BESIDES[level]) for name in step(case))
        except (ValueError, TypeError, KeyError, x509.InvalidVersion, UnsupportedAlgorithm, pikepdf.PdfError) as error:
            raise NotSound("structure", gettext("Une partie du fichier signé est illisible.")) from error


def _opened(signed: Path) -> pikepdf.Pdf:
    try:
        return pikepdf.open(signed, attempt_recovery=False)
    except pikepdf.PdfError as error:
        raise NotSound("structure", gettext("Le fichier signé n’est pas un PDF sain.")) from error


def _newest(found: list[Embedded], *, archival: bool) -> tuple[tuple[Embedded, ...], Embedded, Embedded | None]:
    """Earlier signatures, the new one, and at level LTA the document time stamp that closes the file."""
    if not archival:
        if not found or found[-1].is_timestamp:
            raise NotSound("structure", gettext("Le fichier ne se termine pas par une signature."))
        return tuple(found[:-1]), found[-1], None
    if len(found) < 2 or found[-2].is_timestamp or not found[-1].is_timestamp:  # noqa: PLR2004 one of each
        raise NotSound(
            "structure", gettext("Le fichier ne se termine pas par une signature et un horodatage du document.")
        )
    return tuple(found[:-2]), found[-2], found[-1]


def _algorithms(earlier: Iterable[Embedded], *newest: Embedded | None) -> set[str]:
    """What digests are stated with in a file, so that all can be made in one reading of it."""
    stated = [claimed.digest(each.contents) for each in (*earlier, *newest) if each is not None]
    return {each.algorithm for each in stated if each is not None}


def _presented(case: _Case) -> tuple[str, ...]:
    if case.digests.of_prefix(case.presented_length) != case.presented_sha256:
        raise NotSound("prefix", gettext("Le fichier signé ne commence pas par les octets présentés au signataire."))
    if case.signature.byte_range[1:2] <= (case.presented_length,):
        raise NotSound("prefix", gettext("La signature ne couvre pas tous les octets présentés."))
    return ("prefix",)


def _pages(case: _Case) -> tuple[str, ...]:
    return pages.check_pages(case.file, case.pdf, presented=case.presented_length, count=case.page_count)


def _earlier(case: _Case) -> tuple[str, ...]:
    for embedded in case.earlier:
        try:
            coverage.check_coverage(case.file, embedded, size=case.size)
            _check_earlier_digest(case, embedded)
        except NotSound as error:
            raise NotSound(
                "earlier_signatures",
                gettext("Une signature antérieure n’est plus intacte. {cause}").format(cause=error.sentence),
            ) from error
    return ("earlier_signatures",) if case.earlier else ()


def _check_earlier_digest(case: _Case, embedded: Embedded) -> None:
    """Digests only: algorithms and certificates of others are not ours to refuse here."""
    stated = claimed.digest(embedded.contents)
    if stated and case.digests.of_covered(embedded, stated.algorithm) != stated.value:
        raise NotSound("message_digest", gettext("L’empreinte signée n’est pas celle du contenu."))


def _signature(case: _Case) -> tuple[str, ...]:
    coverage.check_coverage(case.file, case.signature, size=case.size)
    message = messages.parse(case.signature.contents, "signature")
    if message.certificate != case.certificate:
        raise NotSound("signer_certificate", gettext("La signature n’est pas faite avec le certificat attendu."))
    covered = case.digests.of_covered(case.signature, message.digest_algorithm)
    messages.check_message(message, content_type="data", content_digest=covered)
    done: tuple[str, ...] = ("byte_range", "contents", "revision_end", "signer_certificate", "message_digest")
    done += ("signing_certificate_v2", "signature")
    proven = case.at
    if case.level != PLAIN:
        proven = _signature_timestamp(case, message)
        done += ("signature_timestamp",)
    certificates.check_chain(case.certificate, case.chain, at=proven)
    if case.document_timestamp is None:
        _check_end(case, case.signature)
        return (*done, "chain", "whole_file")
    return (*done, "chain")


def _signature_timestamp(case: _Case, message: Message) -> datetime:
    name = "signature_timestamp"
    token = messages.read_token(messages.timestamp_of(message), name)
    if token.imprint != messages.hashed(message.signature, token.imprint_algorithm, name):
        raise NotSound(name, gettext("L’horodatage ne porte pas sur la valeur de la signature."))
    _check_authority(case, token, name)
    return token.time


def _check_authority(case: _Case, token: Token, name: str) -> None:
    known = (*token.message.certificates, *case.chain)
    authority = token.message.certificate
    found = certificates.find_chain(authority, known, case.roots, check=name)
    certificates.check_chain(authority, found, at=token.time, check=name)
    if not {authority, *found}.issuperset(token.message.certificates):
        raise NotSound(name, gettext("Le jeton d’horodatage contient un certificat étranger à sa chaîne."))


def _revocation(case: _Case) -> tuple[str, ...]:
    store = case.pdf.Root.get("/DSS")
    streams = store.get("/CRLs") if isinstance(store, pikepdf.Dictionary) else None
    if not isinstance(streams, pikepdf.Array) or not len(streams):
        raise NotSound("revocation", gettext("Le fichier ne contient pas de données de révocation (DSS)."))
    try:
        lists = [x509.load_der_x509_crl(each.read_bytes()) for each in streams]
    except ValueError as error:
        raise NotSound("revocation", gettext("Une liste de révocation du fichier est illisible.")) from error
    path = (case.certificate, *case.chain)
    used = [certificates.check_not_revoked(below, above, lists) for below, above in zip(path, case.chain, strict=False)]
    made = used[0].last_update_utc
    if not case.certificate.not_valid_before_utc <= made <= case.certificate.not_valid_after_utc:
        raise NotSound(
            "revocation_date", gettext("La liste de révocation n’a pas été émise pendant la validité du certificat.")
        )
    return ("revocation", "revocation_date")


def _document_timestamp(case: _Case) -> tuple[str, ...]:
    name = "document_timestamp"
    embedded = case.document_timestamp
    assert embedded is not None  # noqa: S101 - a step of the level that has one
    coverage.check_coverage(case.file, embedded, size=case.size)
    _check_end(case, embedded)
    token = messages.read_token(embedded.contents, name)
    messages.hashed(b"", token.imprint_algorithm, name)
    if case.digests.of_covered(embedded, token.imprint_algorithm) != token.imprint:
        raise NotSound(name, gettext("L’horodatage du document porte sur d’autres octets."))
    _check_authority(case, token, name)
    return (name, "whole_file")


def _check_end(case: _Case, last: Embedded) -> None:
    if last.end == case.size:
        return
    if last.is_timestamp:
        raise NotSound("whole_file", gettext("L’horodatage du document ne va pas jusqu’au dernier octet du fichier."))
    raise NotSound("whole_file", gettext("La signature ne va pas jusqu’au dernier octet du fichier."))


_Step = Callable[[_Case], tuple[str, ...]]
_ALWAYS: tuple[_Step, ...] = (_presented, _pages, _earlier, _signature)
_BESIDES: dict[str, tuple[_Step, ...]] = {
    PLAIN: (),
    "PAdES_BASELINE_T": (),
    "PAdES_BASELINE_LT": (_revocation,),
    ARCHIVAL: (_revocation, _document_timestamp),
}
