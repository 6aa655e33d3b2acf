"""What is said of a file without judging its signatures: it has none, or a strict reading does not open it."""

from __future__ import annotations

import itertools
import mmap
import re
from dataclasses import replace
from datetime import datetime
from typing import BinaryIO

import pikepdf
from cryptography import x509
from cryptography.exceptions import UnsupportedAlgorithm
from pyhanko.pdf_utils.generic import parse_pdf_date
from pyhanko.pdf_utils.misc import PdfReadError

from evidence.verify import certificates, claimed, coverage, messages, old_forms
from evidence.verify.failures import NotSound
from evidence.verify.opening import opened
from evidence.verify.reasons import Reason
from evidence.verify.shown_pages import has_a_page, signatures_on_pages
from evidence.verify.verdicts import FileReport, SignatureReport, Verdict, summed_up

_SIGNATURE = re.compile(rb"/ByteRange\s*\[\s*\d+\s+\d+\s+\d+\s+\d+\s*\]")

_RANGE = re.compile(b"/" + b"".join(rb"(?:%c|#%02x|#%02X)" % (each, each, each) for each in b"ByteRange"))
"""The name as it may be written (ISO 32000-2, 7.3.5)."""


def described(name: str, file: BinaryIO, size: int) -> FileReport:
    """Say what a file is that has no signature, or that a strict reading does not open; never `VALID`."""
    file.seek(0)
    raw = file.read()
    try:
        with opened(name) as pdf:
            found, unlisted = coverage.signatures_of(pdf), signatures_on_pages(pdf)
            pages = has_a_page(pdf)
    except pikepdf.PasswordError:
        return unreadable(name, "encrypted")
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 the libraries raise anything on odd files
        found, unlisted, pages = [], [], False
    if found or unlisted:
        reports = [_compared(file, size, each) for each in found]
        reports += [_compared_unlisted(file, size, each) for each in unlisted]
        sound = all(each.verdict is Verdict.UNTRUSTED for each in reports)
        return summed_up(name, reports, () if sound else (Reason("structure"),))
    if _SIGNATURE.search(raw):
        return FileReport(name, Verdict.CHANGED, (Reason("signature_removed"),))
    if pages:
        return FileReport(name, Verdict.UNSIGNED, (Reason("no_signature"),))
    return unreadable(name, "not_pdf")


def unlisted_beside(name: str, file: BinaryIO, size: int, *, listed: int) -> list[SignatureReport]:
    """What is said of signatures that pages show, and no form lists, in a file that has `listed` others."""
    with mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as content:
        if sum(1 for _ in itertools.islice(_RANGE.finditer(content), listed + 1)) <= listed:
            return []
    with opened(name) as pdf:
        found = signatures_on_pages(pdf)
    return [_compared_unlisted(file, size, each) for each in found]


def damaged(file: BinaryIO, size: int, embedded: coverage.Embedded) -> SignatureReport | None:
    """Compare coverage and digest alone; None where both are right."""
    try:
        coverage.check_coverage(file, embedded, size=size)
    except NotSound as failure:
        return not_judged(embedded.field, Verdict.CHANGED, Reason(failure.check))
    if old_forms.is_old(embedded):
        return _damaged_old(file, embedded)
    if not claimed.names_one_signer(embedded.contents):
        return not_judged(embedded.field, Verdict.INVALID, Reason("format"))
    stated = claimed.digest(embedded.contents)
    if stated is None or coverage.digest(file, embedded, stated.algorithm) != stated.value:
        return not_judged(embedded.field, Verdict.INVALID, Reason("digest"))
    return None


def not_judged(field: str, verdict: Verdict, reason: Reason) -> SignatureReport:
    return SignatureReport(
        field=field,
        kind="signature",
        who="",
        issuer="",
        when=None,
        proven=False,
        level="",
        integrity="broken" if verdict is Verdict.INVALID else "unknown",
        trust="unknown",
        changes="unknown",
        verdict=verdict,
        reasons=(reason,),
    )


def unreadable(name: str, code: str, detail: str = "") -> FileReport:
    return FileReport(name, Verdict.UNREADABLE, (Reason(code, detail),))


def _compared(file: BinaryIO, size: int, embedded: coverage.Embedded) -> SignatureReport:
    """Coverage and digest of a signature whose file a strict reading does not open.

    Where it covers the file to its last byte, and holds, nobody has changed anything since: other people's programs
    write files that are sound for all other readers. More than that is not said of it.
    """
    broken = damaged(file, size, embedded)
    whole = embedded.end == size and not broken
    if whole and old_forms.is_old(embedded):
        report = not_judged(embedded.field, Verdict.UNTRUSTED, Reason("old_form"))
        return replace(report, integrity="intact", covered=embedded.end, changes="none")
    certificate = _certificate(embedded) if whole else None
    if not certificate:
        return broken or not_judged(embedded.field, Verdict.CHANGED, Reason("structure"))
    report = named(not_judged(embedded.field, Verdict.UNTRUSTED, Reason("unusual")), certificate)
    kind = "timestamp" if embedded.is_timestamp else "signature"
    when = _claimed(embedded.date)
    return replace(report, kind=kind, when=when, integrity="intact", covered=embedded.end, changes="none")


def _compared_unlisted(file: BinaryIO, size: int, embedded: coverage.Embedded) -> SignatureReport:
    """The same of a signature that only some viewers show; what is broken is called so."""
    report = _compared(file, size, embedded)
    return report if report.verdict is Verdict.INVALID else replace(report, reasons=(Reason("unlisted"),))


def named(report: SignatureReport, certificate: x509.Certificate) -> SignatureReport:
    """The same with the names that a certificate has."""
    issuer = certificates.common_name_of(certificate.issuer)
    return replace(report, who=certificates.common_name(certificate), issuer=issuer)


def _certificate(embedded: coverage.Embedded) -> x509.Certificate | None:
    """The certificate that a message or token was really signed with; None where it was not."""
    try:
        if embedded.is_timestamp:
            return messages.read_token(embedded.contents, "timestamp").message.certificate
        message = messages.parse(embedded.contents, "format")
        messages.check_arithmetic(message)
    except (NotSound, ValueError, TypeError, KeyError, UnsupportedAlgorithm):
        return None
    return message.certificate


def _claimed(date: str) -> datetime | None:
    """The time that a signature says of itself (ISO 32000-2, 7.9.4); None where it says none that can be read."""
    try:
        return parse_pdf_date(date)
    except (PdfReadError, ValueError):
        return None


def _damaged_old(file: BinaryIO, embedded: coverage.Embedded) -> SignatureReport | None:
    try:
        old_forms.check(file, embedded)
    except NotSound as failure:
        return not_judged(embedded.field, Verdict.INVALID, Reason(failure.check))
    return None
