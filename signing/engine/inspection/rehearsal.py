"""What the signer writes at its highest level, written in memory, read again, and compared as a verifier compares it.

What would fail in the worker fails here; and a file whose signed versions would be called altered is found before
anybody signs it, not after.
"""

from __future__ import annotations

import contextlib
import io
from typing import Any

from pyhanko.pdf_utils.generic import Reference, StreamObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import DiffResult, ModificationLevel

from evidence.verify import flags, metadata, redrawing
from evidence.verify.permitted import Permitted
from signing.engine import dss, revisions
from signing.engine.inspection.causes import Unsound
from signing.engine.overlay import Overlay
from signing.engine.pictures import Picture

MOST_STEPS = 25_000
"""References that a comparison follows, a second or two of work; one that would follow more is not made."""
MOST_OBJECTS = 40_000
"""Objects of a file that is compared at all."""

_NUMBERS_A_STEP = 4
"""Numbers at the head of an object stream, all read anew for each object, that take as long as a reference."""
_LONG, _READ = 65_536, {"/ObjStm", "/XRef", "/Metadata"}
"""Octets of a stream, and the kinds of streams that are read for what they hold."""
_FIELD, _CONTENTS = "ParapheProbe", b"00"
_DOT = Overlay(Picture(1, 1, 1, "/FlateDecode", b"x\x9cc`\x00\x00\x00\x02\x00\x01"), ())
_SIGNED, _ARCHIVED, _SIGNED_AGAIN = (b"signed", _DOT), (b"", None), (b"signed again", _DOT)


def rehearse(reader: PdfFileReader, raw: bytes, *, signed: bool) -> None:
    """Write a signature, a time stamp of the document and a signature of somebody else; compare them.

    `reader`: a strict one of the file whose bytes are `raw`. `signed`: whether others have signed it already; what
    they signed is compared with all three, else what is signed first with the other two. Raises `Unsound` where a
    verifier would call one of them altered; the libraries may raise anything else, which the caller takes for that.

    In a file with more references than `MOST_STEPS`, or nested deeper than the interpreter's stack allows, it is not
    looked for what else refers to the objects that are written anew; in one of more than `MOST_OBJECTS`, or whose
    fields and annotations alone are more, nothing is compared.
    """
    before, added = _revisions(reader), bytearray()
    writer = revisions.begin(reader.stream, reader)
    for number, (supplied, look) in enumerate((_SIGNED, _ARCHIVED, _SIGNED_AGAIN)):
        if supplied:
            dss.supply(writer, [supplied], [supplied])
        name = f"{_FIELD}-{number}"
        # No more room than what stands there: thousands of noughts, or blanks, would be read one by one.
        written = revisions.embed(writer, revisions.Field(name, name, look), {}, reserved=len(_CONTENTS))
        written.revision.fill(written.contents, b"<%s>" % _CONTENTS)
        added += written.revision.getbuffer()
    if reader.trailer["/Size"] > MOST_OBJECTS:
        return
    whole, base = _Joined(raw, bytes(added)), before - 1 if signed else before
    try:
        _compare(_Bounded(whole, thorough=True), base=base)
    except (RecursionError, _Endless):
        with contextlib.suppress(RecursionError, _Endless):
            _compare(_Bounded(whole, thorough=False), base=base)


def _compare(reader: PdfFileReader, *, base: int) -> None:
    found = Permitted().review_file(reader, base)
    if not isinstance(found, DiffResult):
        raise Unsound(f"what is signed would be called altered: {found}")
    if found.modification_level > ModificationLevel.FORM_FILLING:
        raise Unsound(f"signatures would be taken for {found.modification_level.name}")
    states = reader.get_historical_resolver(base), reader.get_historical_resolver(_revisions(reader) - 1)
    if redrawing.redrawn(*states) or flags.altered(*states) or metadata.differs(*states):
        raise Unsound("signatures would be taken for a change of fields, or of what the file says of itself")


def _revisions(reader: PdfFileReader) -> int:
    references: Any = reader.xrefs
    return int(references.total_revisions)


class _Endless(Exception):
    """The comparison would follow more references than anybody waits for."""


class _Joined(io.RawIOBase):
    """A file and what is appended to it, seen as one file without a copy of either."""

    def __init__(self, *parts: bytes) -> None:
        super().__init__()
        self._parts = [memoryview(part) for part in parts]
        self._size = sum(map(len, parts))
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = io.SEEK_SET) -> int:
        self._at = {io.SEEK_SET: 0, io.SEEK_CUR: self._at, io.SEEK_END: self._size}[whence] + offset
        return self._at

    def readinto(self, buffer: Any) -> int:
        start = self._at
        for part in self._parts:
            if start < len(part):
                piece = part[start : start + len(buffer)]
                buffer[: len(piece)] = piece
                self._at += len(piece)
                return len(piece)
            start -= len(part)
        return 0


class _Bounded(PdfFileReader):
    """A reader whose revisions are read up to a number of steps: the paths to an object may be any number.

    What long streams hold is not kept: pictures and pages, which the appended revisions do not touch.
    """

    def __init__(self, source: _Joined, *, thorough: bool) -> None:
        super().__init__(io.BufferedReader(source), strict=True)
        self.thorough, self.steps = thorough, 0
        self._known: dict[int, HistoricalResolver] = {}

    def _read_object(self, *asked: Any, **how: Any) -> Any:
        found = super()._read_object(*asked, **how)
        if isinstance(found, StreamObject) and found.get("/Type") not in _READ and len(found.encoded_data) > _LONG:
            kept = StreamObject(found, encoded_data=b"")
            kept.container_ref = found.container_ref
            return kept
        return found

    def _get_object_from_stream(self, idnum: int, stmnum: int, idx: int) -> Any:
        self.step(1 + idx // _NUMBERS_A_STEP)
        return super()._get_object_from_stream(idnum, stmnum, idx)  # type: ignore[no-untyped-call]  # nor has this

    def step(self, count: int = 1) -> None:
        self.steps += count
        if self.steps > MOST_STEPS:
            raise _Endless

    def get_historical_resolver(self, revision: int) -> HistoricalResolver:
        if revision not in self._known:
            self._known[revision] = _Counted(self, revision)
        return self._known[revision]


class _Counted(HistoricalResolver):
    """One revision, whose followed references are counted."""

    def __init__(self, reader: _Bounded, revision: int) -> None:
        super().__init__(reader, revision)
        if not reader.thorough:
            self._indirect_object_access_cache = {}
        self._step = reader.step

    def get_object(self, ref: Reference, *asked: Any, **how: Any) -> Any:
        self._step()
        return super().get_object(ref, *asked, **how)
