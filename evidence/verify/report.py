"""The verification of any file: `examine` answers for whatever it is given, and never raises for what is in it.

Signatures are validated by pyHanko (EN 319 102-1) at the time that time stamps prove, without a network; what they
cover is checked here, byte by byte, besides. `strict=False` is never used: a file that a strict reading does not open
is not called valid, only described.
"""

from __future__ import annotations

import logging
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import datetime
from functools import partial
from pathlib import Path
from typing import Any, BinaryIO

from cryptography import x509
from pyhanko.pdf_utils.reader import PdfFileReader

from evidence.verify import claimed, coverage, messages, naming, old_forms
from evidence.verify.case import Case
from evidence.verify.changes import Modified, change_reasons, changes_after
from evidence.verify.comparable import compare_all_names
from evidence.verify.dependencies import follow_once
from evidence.verify.described import damaged, described, named, not_judged, unlisted_beside, unreadable
from evidence.verify.failures import NotSound
from evidence.verify.filled import filled
from evidence.verify.hybrids import take_hybrids
from evidence.verify.judgement import judge
from evidence.verify.readable_store import read_what_is_readable
from evidence.verify.reasons import Reason
from evidence.verify.shared_work import quicken, share, sharing
from evidence.verify.sliding import slide_within_validity, verified
from evidence.verify.trust import Trust, trust
from evidence.verify.verdicts import FileReport, SignatureReport, Verdict, summed_up

_log = logging.getLogger(__name__)

compare_all_names()
follow_once()
share()
read_what_is_readable()
slide_within_validity()

_FARTHEST_END = 64 * 1024
_WHITE = b" \t\r\n\x0c\x00"


def examine(
    path: Path,
    *,
    roots: Sequence[x509.Certificate],
    at: datetime,
    time_roots: Sequence[x509.Certificate] = (),
) -> FileReport:
    """Verify one file. `roots`: what is trusted; `at`: aware, the instant of the verification.

    `time_roots`: what is trusted besides, for time stamps only.

    Not checked: whether people are who their certificates say; revocations published after the file was made.
    """
    name = str(path)
    try:
        size = path.stat().st_size
        with path.open("rb") as file:
            if size == 0:
                return unreadable(name, "empty")
            return _examined(name, file, size, partial(trust, roots, at=at, time_roots=time_roots))
    except OSError as error:
        return unreadable(name, "missing", type(error).__name__)
    except MemoryError:  # says nothing of the file, so nothing is called altered for it
        return unreadable(name, "too_complex")


def _examined(name: str, file: BinaryIO, size: int, trusted: Callable[..., Trust]) -> FileReport:
    try:
        found = _validated(name, file, size, trusted)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 the libraries raise anything on odd files; such a file is described instead
        _log.debug("not read strictly", exc_info=True)
        found = None
    return replace(found or described(name, file, size), size=size)


def _validated(name: str, file: BinaryIO, size: int, trusted: Callable[..., Trust]) -> FileReport | None:
    """Validate all signatures that a strict reading finds; None where it finds none. `trusted`: of a catalog."""
    if not _ends_as_one(file, size):
        return None
    reader: Any = PdfFileReader(file, strict=True)
    if reader.encrypted and not _opens_freely(reader):
        return None
    signatures = filled(reader)
    if not signatures:
        return None
    quicken(reader)
    take_hybrids(reader, signatures)
    case = Case(file, size, reader.root, signatures, reader.xrefs.total_revisions, trusted(catalog=reader.root))
    with sharing(case.work), verified(case.trust.at):
        reports = [_judged(case, signature) for signature in signatures]
    reports += unlisted_beside(name, file, size, listed=len(signatures))
    return replace(summed_up(name, reports, _appended(case)), revisions=case.revisions)


def _ends_as_one(file: BinaryIO, size: int) -> bool:
    """Whether an end marker is near the end: a reader that has to look for it goes back byte by byte, for minutes."""
    file.seek(max(0, size - _FARTHEST_END))
    return b"%%EOF" in file.read(_FARTHEST_END)


def _opens_freely(reader: Any) -> bool:
    """Encrypted with an empty user password: anybody can read it."""
    return bool(reader.decrypt("").status.value)


def _judged(case: Case, signature: Any) -> SignatureReport:
    try:
        if old_forms.is_old(case.embedded(signature)):
            return _judged_old(case, signature)
        return judge(case, signature)
    except MemoryError:
        raise
    except Exception as error:  # noqa: BLE001 the libraries raise anything on odd signatures
        return _given_up(case, signature, type(error).__name__)


def _judged_old(case: Case, signature: Any) -> SignatureReport:
    """PyHanko does not know this form; what followed it, it tells."""
    embedded = case.embedded(signature)
    signature.compute_integrity_info(case.permitted)
    changes = changes_after(case, signature, Modified(signature))
    broken, altered = damaged(case.file, case.size, embedded), change_reasons(Modified(signature), changes)
    if broken:
        return broken
    verdict = Verdict.CHANGED if altered else Verdict.UNTRUSTED
    report = not_judged(embedded.field, verdict, altered[0] if altered else Reason("old_form"))
    revision = signature.signed_revision + 1
    return replace(report, integrity="intact", revision=revision, covered=embedded.end, changes=changes)


def _given_up(case: Case, signature: Any, failure: str) -> SignatureReport:
    """What is left to say where the judgement failed: that the file is at fault only where this is seen by itself."""
    try:
        embedded = case.embedded(signature)
        broken = damaged(case.file, case.size, embedded)
        contents = embedded.contents
        readable = claimed.digest(contents) is not None and claimed.names_one_signer(contents)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 the libraries raise anything on odd signatures
        return not_judged(str(signature.field_name), Verdict.INVALID, Reason("format", failure))
    fault = _fault(case, embedded) if readable else "format"
    if fault:
        return not_judged(embedded.field, Verdict.INVALID, Reason(fault, failure))
    if broken:
        return broken
    altered = _altered_after(case, signature, embedded)
    if altered:
        return not_judged(embedded.field, Verdict.CHANGED, altered)
    certificate = _named_twice(embedded)
    if certificate:
        report = not_judged(embedded.field, Verdict.UNTRUSTED, Reason("named_twice", failure))
        told = replace(report, when=signature.self_reported_timestamp, revision=signature.signed_revision + 1)
        changes = "none" if embedded.end >= case.size else "unknown"
        return replace(named(told, certificate), integrity="intact", covered=embedded.end, changes=changes)
    return not_judged(embedded.field, Verdict.UNTRUSTED, Reason("not_examined", failure))


def _fault(case: Case, embedded: coverage.Embedded) -> str | None:
    """What is wrong with a readable message in itself: a token that is none, or a certificate that was not named.

    Anybody can exchange the certificate in a message for one of theirs.
    """
    if embedded.is_timestamp and not case.archive[embedded].token:
        return "timestamp"
    try:
        another = naming.names_another_certificate(messages.parse(embedded.contents, "format"))
    except (NotSound, ValueError, TypeError, KeyError):
        return None
    return "cryptography" if another else None


def _named_twice(embedded: coverage.Embedded) -> x509.Certificate | None:
    """The certificate of a signature that names it twice, and whose judgement failed for it; None of any other."""
    try:
        message = messages.parse(embedded.contents, "format")
        messages.check_arithmetic(message)
    except (NotSound, ValueError, TypeError, KeyError):
        return None
    return message.certificate if naming.names_certificate_twice(message) else None


def _altered_after(case: Case, signature: Any, embedded: coverage.Embedded) -> Reason | None:
    """What altered the file after a signature that could not be judged; what cannot be told apart from it, too."""
    if embedded.end >= case.size:
        return None
    try:
        signature.compute_integrity_info(case.permitted)
        status = Modified(signature)
        return next(iter(change_reasons(status, changes_after(case, signature, status))), None)
    except MemoryError:
        raise
    except Exception:  # noqa: BLE001 the libraries raise anything on odd revisions
        return Reason("structure")


def _appended(case: Case) -> tuple[Reason, ...]:
    """Bytes after the last signature that belong to no revision, or after the end marker of the last one."""
    newest = max(case.signatures, key=lambda each: each.signed_revision)
    if newest.signed_revision == case.revisions - 1:
        return () if case.embedded(newest).end >= case.size else (Reason("appended"),)
    case.file.seek(max(0, case.size - 1024))
    tail = case.file.read()
    return () if not tail[tail.rfind(b"%%EOF") + 5 :].strip(_WHITE) else (Reason("appended"),)
