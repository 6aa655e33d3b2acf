"""The check of a signed file before anybody gets it, by other means than the signer's.

Nothing here comes from the code that signs: hashlib, asn1crypto, cryptography and qpdf judge the finished file.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import ExitStack
from datetime import timedelta
from operator import itemgetter
from typing import TYPE_CHECKING

import pikepdf
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from django.utils.translation import gettext

from evidence.verify import additions, certificates, claimed, coverage, messages, pages
from evidence.verify.failures import NotSound
from evidence.verify.released import Expected, Prefix, Released, opened

if TYPE_CHECKING:
    from collections.abc import Sequence
    from datetime import datetime
    from pathlib import Path

    from evidence.verify.coverage import Embedded
    from evidence.verify.messages import Message, Token

__all__ = ["NotSound", "Prefix", "check"]

PLAIN, ARCHIVAL = "PAdES_BASELINE_B", "PAdES_BASELINE_LTA"
_CLOCKS = timedelta(seconds=1)
"""By how much verifiers let two clocks differ."""
_LONG_TERM = {"PAdES_BASELINE_LT", ARCHIVAL}


def check(
    signed: Path,
    *,
    presented: Prefix,
    base: Prefix | None = None,
    certificate: x509.Certificate,
    chain: Sequence[x509.Certificate],
    page_count: int,
    level: str,
    digest: str = "sha256",
    at: datetime,
    timestamp_roots: Sequence[x509.Certificate] = (),
    reason: str = "",
    by_us: bool = True,
) -> tuple[str, ...]:
    """Check a file just signed; give the names of the checks done, in order.

    `presented`: the bytes that the signer was shown; the file starts with them. `base`: those that were signed on,
    where others had signed before; None where that is what was presented. All that is in them stays, the signatures
    too. `certificate`: the one the newest signature must be made with; `chain`: its issuer first, its root last.
    `page_count`: of the presented document. `level`: PAdES_BASELINE_B to _LTA, which the signature must have, with
    `digest`. `at`: when it was signed, for one without a time stamp. `timestamp_roots`: roots of time-stamping
    authorities besides the chain's. `reason`: what the signature says it was made for, where that is known: it names
    what the signer agreed to. `by_us`: by the engine of this installation, which adds nothing but what is asked
    for; others write metadata, extensions and evidence in other forms, too.

    Raises `NotSound`. Not checked: what the stamp shows, and where; that the root is trusted by anybody.
    """
    roots = (chain[-1], *timestamp_roots)
    expected = Expected(
        presented, base or presented, certificate, tuple(chain), roots, page_count, level, digest, at, reason, by_us
    )
    with ExitStack() as stack:
        try:
            case = opened(signed, stack, expected, archival=level == ARCHIVAL)
            return tuple(name for step in (*_ALWAYS, *_BESIDES[level]) for name in step(case))
        except (ValueError, TypeError, KeyError, x509.InvalidVersion, UnsupportedAlgorithm, pikepdf.PdfError) as error:
            raise NotSound("structure", gettext("Une partie du fichier signé est illisible.")) from error


def _presented(case: Released) -> tuple[str, ...]:
    presented, base = case.expected.presented, case.expected.base
    for each in sorted({presented, base}, key=itemgetter(1)):  # by length: the file is read once
        if case.digests.of_prefix(each.length) != each.sha256:
            raise NotSound(
                "prefix", gettext("Le fichier signé ne commence pas par les octets présentés au signataire.")
            )
    if base.length < presented.length or case.signature.byte_range[1:2] <= (base.length,):
        raise NotSound("prefix", gettext("La signature ne couvre pas tous les octets présentés."))
    return ("prefix",)


def _pages(case: Released) -> tuple[str, ...]:
    length = case.expected.presented.length
    first = case.revision(length)
    return pages.check_pages(case.file, first, case.pdf, presented=length, count=case.expected.page_count)


def _earlier(case: Released) -> tuple[str, ...]:
    """All signatures of what was signed on are those that the file has before its own, each as it was."""
    if coverage.signatures_of(case.revision(case.expected.base.length)) != list(case.earlier):
        raise NotSound("earlier_signatures", gettext("Une signature antérieure n’est plus là, ou n’est plus la même."))
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


def _additions(case: Released) -> tuple[str, ...]:
    length = case.expected.base.length
    if not case.expected.by_us:
        return additions.check_catalog(case.revision(length), case.pdf)
    count = 1 if case.document_timestamp is None else 2
    return additions.check_additions(case.file, case.revision(length), case.pdf, since=length, count=count)


def _check_earlier_digest(case: Released, embedded: Embedded) -> None:
    """Digests only: algorithms and certificates of others are not ours to refuse here."""
    stated = claimed.digest(embedded.contents)
    if stated and case.digests.of_covered(embedded, stated.algorithm) != stated.value:
        raise NotSound("message_digest", gettext("L’empreinte signée n’est pas celle du contenu."))


def _signature(case: Released) -> tuple[str, ...]:
    coverage.check_coverage(case.file, case.signature, size=case.size)
    if case.expected.reason and case.signature.reason != case.expected.reason:
        raise NotSound("signature", gettext("La signature dit un autre motif que celui demandé."))
    message = messages.parse(case.signature.contents, "signature")
    if message.certificate != case.expected.certificate:
        raise NotSound("signer_certificate", gettext("La signature n’est pas faite avec le certificat attendu."))
    if message.digest_algorithm != case.expected.digest:
        raise NotSound("message_digest", gettext("L’empreinte signée est d’un autre algorithme que celui demandé."))
    covered = case.digests.of_covered(case.signature, message.digest_algorithm)
    messages.check_message(message, content_type="data", content_digest=covered)
    done: tuple[str, ...] = ("byte_range", "contents", "revision_end", "signer_certificate", "message_digest")
    done += ("signing_certificate_v2", "signature")
    proven = case.expected.at
    if case.expected.level != PLAIN:
        proven = _signature_timestamp(case, message)
        done += ("signature_timestamp",)
    path = (case.expected.certificate, *case.expected.chain)
    if case.expected.by_us and not set(path).issuperset(message.certificates):
        raise NotSound("chain", gettext("La signature contient un certificat étranger à sa chaîne."))
    certificates.check_chain(case.expected.certificate, case.expected.chain, at=proven)
    if case.document_timestamp is None:
        _check_end(case, case.signature)
        return (*done, "chain", "whole_file")
    return (*done, "chain")


def _signature_timestamp(case: Released, message: Message) -> datetime:
    name = "signature_timestamp"
    token = messages.read_token(messages.timestamp_of(message), name)
    if token.imprint != messages.hashed(message.signature, token.imprint_algorithm, name):
        raise NotSound(name, gettext("L’horodatage ne porte pas sur la valeur de la signature."))
    _check_authority(case, token, name)
    return token.time


def _check_authority(case: Released, token: Token, name: str) -> None:
    known = (*token.message.certificates, *case.expected.chain)
    authority = token.message.certificate
    found = certificates.find_chain(authority, known, case.expected.roots, check=name)
    certificates.check_chain(authority, found, at=token.time, check=name)
    if not {authority, *found}.issuperset(token.message.certificates):
        raise NotSound(name, gettext("Le jeton d’horodatage contient un certificat étranger à sa chaîne."))
    if case.expected.by_us and case.expected.level in _LONG_TERM:
        for below, above in zip((authority, *found), found, strict=False):
            certificates.check_not_revoked(below, above, case.lists)


def _used_lists(case: Released) -> list[x509.CertificateRevocationList]:
    """Those that speak for the signer's certificate and the ones above it, in order. Raises `NotSound`."""
    chain = case.expected.chain
    pairs = zip((case.expected.certificate, *chain), chain, strict=False)
    return [certificates.check_not_revoked(below, above, case.lists) for below, above in pairs]


def _revocation(case: Released) -> tuple[str, ...]:
    expected = case.expected
    made = _used_lists(case)[0].last_update_utc
    if not expected.certificate.not_valid_before_utc <= made <= expected.certificate.not_valid_after_utc:
        raise NotSound(
            "revocation_date", gettext("La liste de révocation n’a pas été émise pendant la validité du certificat.")
        )
    return ("revocation", "revocation_date")


def _document_timestamp(case: Released) -> tuple[str, ...]:
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
    if any(each.last_update_utc > token.time + _CLOCKS for each in _used_lists(case)):
        raise NotSound(
            name, gettext("L’horodatage du document est antérieur à une liste de révocation qu’il doit prouver.")
        )
    return (name, "whole_file")


def _check_end(case: Released, last: Embedded) -> None:
    if last.end == case.size:
        return
    if last.is_timestamp:
        raise NotSound("whole_file", gettext("L’horodatage du document ne va pas jusqu’au dernier octet du fichier."))
    raise NotSound("whole_file", gettext("La signature ne va pas jusqu’au dernier octet du fichier."))


_Step = Callable[[Released], tuple[str, ...]]
_ALWAYS: tuple[_Step, ...] = (_presented, _pages, _earlier, _additions, _signature)
_BESIDES: dict[str, tuple[_Step, ...]] = {
    PLAIN: (),
    "PAdES_BASELINE_T": (),
    "PAdES_BASELINE_LT": (_revocation,),
    ARCHIVAL: (_revocation, _document_timestamp),
}
