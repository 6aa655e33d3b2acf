"""A file that is about to be released: what it has to be, and what is read of it for the check.

Read with qpdf, by none of the code that signs.
"""

from __future__ import annotations

import io
from contextlib import ExitStack
from dataclasses import dataclass, field
from functools import cached_property
from typing import TYPE_CHECKING, BinaryIO, NamedTuple

import pikepdf
from cryptography import x509
from django.utils.translation import gettext

from evidence.verify import claimed, coverage
from evidence.verify.failures import NotSound
from evidence.verify.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterable
    from datetime import datetime
    from pathlib import Path

    from evidence.verify.coverage import Embedded


class Prefix(NamedTuple):
    """The first bytes of a file: their SHA-256 in lower-case hex, and how many they are."""

    sha256: str
    length: int


@dataclass(frozen=True)
class Expected:
    """What a file has to be; `release.check` says of each what it is."""

    presented: Prefix
    base: Prefix
    certificate: x509.Certificate
    chain: tuple[x509.Certificate, ...]
    roots: tuple[x509.Certificate, ...]
    page_count: int
    level: str
    digest: str
    at: datetime
    reason: str
    by_us: bool


@dataclass(frozen=True)
class Released:
    """One file under examination. `earlier`, `signature`, `document_timestamp`: as it says itself."""

    file: BinaryIO
    pdf: pikepdf.Pdf
    size: int
    expected: Expected
    digests: coverage.Digests
    earlier: tuple[Embedded, ...]
    signature: Embedded
    document_timestamp: Embedded | None
    _open: ExitStack
    _revisions: dict[int, pikepdf.Pdf] = field(default_factory=dict)

    def revision(self, length: int) -> pikepdf.Pdf:
        """The first `length` bytes, read as a file of their own; open as long as this one is."""
        if length not in self._revisions:
            view = io.BufferedReader(Window(self.file, length))
            self._revisions[length] = self._open.enter_context(_read(view))
        return self._revisions[length]

    @cached_property
    def lists(self) -> list[x509.CertificateRevocationList]:
        """The revocation lists of the store. Raises `NotSound` where there is none, or one cannot be read."""
        store = self.pdf.Root.get("/DSS")
        streams = store.get("/CRLs") if isinstance(store, pikepdf.Dictionary) else None
        if not isinstance(streams, pikepdf.Array) or not len(streams):
            raise NotSound("revocation", gettext("Le fichier ne contient pas de données de révocation (DSS)."))
        try:
            return [x509.load_der_x509_crl(each.read_bytes()) for each in streams]
        except ValueError as error:
            raise NotSound("revocation", gettext("Une liste de révocation du fichier est illisible.")) from error


def opened(signed: Path, stack: ExitStack, expected: Expected, *, archival: bool) -> Released:
    """Open a file as long as `stack` is. `archival`: it ends with a document time stamp. Raises `NotSound`."""
    file = stack.enter_context(signed.open("rb"))
    try:
        pdf = stack.enter_context(_read(signed))
    except pikepdf.PdfError as error:
        raise NotSound("structure", gettext("Le fichier signé n’est pas un PDF sain.")) from error
    earlier, signature, stamp = _newest(coverage.signatures_of(pdf), archival=archival)
    digests = coverage.Digests(file, _algorithms(earlier, signature, stamp))
    return Released(file, pdf, signed.stat().st_size, expected, digests, earlier, signature, stamp, stack)


def _read(source: Path | BinaryIO) -> pikepdf.Pdf:
    """Strictly, and as it stands: qpdf would write what pages inherit into them, as objects of its own."""
    return pikepdf.open(source, attempt_recovery=False, inherit_page_attributes=False)


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
