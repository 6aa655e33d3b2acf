"""Revisions appended to a PDF, made in memory: a signature field, its appearance, and the place for a CMS.

The document is read where it is and never written to; a revision is some kilobytes, whatever the size of the document.
It says nothing about itself in the document's own Info, XMP, version or extensions, so that a PDF/A stays one. Inner
points of pyHanko's writer are touched here alone, each held by a test (tests/engine/test_revisions.py).
"""

import io
import os
import zlib
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from typing import BinaryIO

from pyhanko.pdf_utils.generic import ArrayObject, ByteStringObject, PdfObject, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.general import SigningError

from signing.engine import appearance, fields, resources
from signing.engine.appearance import Visible

RESERVED = 16_384
"""Hexadecimal digits kept for a CMS (8 KiB of DER): an EC signature with its chain and token takes 4 to 5 KiB."""

_RANGE = len(b"[0 9999999999 9999999999 9999999999]")
"""Octets kept for a byte range: files of 10 GB."""

_UNTYPED = (
    ArithmeticError,
    AssertionError,
    AttributeError,
    LookupError,
    NotImplementedError,
    RecursionError,
    TypeError,
    ValueError,
    zlib.error,
)

# pyHanko's constructor carries no types; under this name typed code may call it.
_octets: Callable[[bytes], ByteStringObject] = ByteStringObject


@dataclass(frozen=True)
class Field:
    """A signature field to be made. `label` is what assistive technology says (/TU).

    Without a stamp it shows nothing, with an appearance all the same: ISO 19005-1, 6.9 wants one of every field.
    `blank`: object number of an empty form that an earlier revision has. Verifiers who compare revisions take a new
    appearance for more than the update that a document time stamp is.
    """

    name: str
    label: str
    stamp: Visible | None = None
    blank: int | None = None


class Place(PdfObject):
    """A value of known length that is filled in when the rest of its revision is written."""

    def __init__(self, length: int) -> None:
        super().__init__()
        self.length, self.start = length, 0

    def write_to_stream(self, stream: BinaryIO, handler: object = None, container_ref: object = None) -> None:  # noqa: ARG002 - pyHanko's signature
        """Keep the room, and where it is in the file."""
        self.start = stream.tell()
        stream.write(b" " * self.length)


class Revision(io.BytesIO):
    """What is appended to a file; positions are those in the whole file."""

    def __init__(self, begin: int) -> None:
        super().__init__()
        self.begin = begin

    def tell(self) -> int:
        return self.begin + super().tell()

    @property
    def end(self) -> int:
        return self.begin + len(self.getbuffer())

    @property
    def startxref(self) -> int:
        """Where its cross-references are: the number that stands before its %%EOF."""
        return int(self.getvalue().split()[-2])

    def fill(self, place: Place, value: bytes) -> None:
        """Write a value over its place, in the file's own offsets."""
        start = place.start - self.begin
        self.getbuffer()[start : start + place.length] = value.ljust(place.length)


class QuietWriter(IncrementalPdfFileWriter):
    """pyHanko's writer, which here appends revision upon revision without reading what it wrote."""

    def __init__(self, source: BinaryIO, prev: PdfFileReader | None = None) -> None:
        super().__init__(source, prev, strict=True)
        source.seek(-1, os.SEEK_END)
        # Without a line end the first new object would stand on the line of the last %%EOF.
        self._between = b"" if source.read(1) in {b"\n", b"\r"} else b"\n"
        self._end = source.tell()

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave the catalogue's /Version as it is: a PDF/A-1 is of version 1.4."""

    def append(self) -> Revision:
        """Write what was added and changed as a revision; what is added from now on is of the next one."""
        revision = Revision(self._end)
        revision.write(self._between)
        # Not write_in_place(): before writing, that renews Info and XMP (signing-engine.md, trap 5).
        self._write_updated_section(revision)  # type: ignore[no-untyped-call]  # pyHanko's has no types
        self._between, self._end = b"", revision.end
        # As if the file had been read again: objects, cross-references, numbers in use, an identifier of its own.
        self.prev.resolved_objects.update(self.objects)
        self.objects.clear()
        self.prev.last_startxref = revision.startxref
        self._lastobj_id += int(self.stream_xrefs)
        self._document_id = ArrayObject([self._document_id[0], _octets(os.urandom(16))])
        return revision


@dataclass(frozen=True)
class Written:
    """A revision that waits for its CMS."""

    revision: Revision
    contents: Place
    byte_range: tuple[int, int, int, int]

    @property
    def covered(self) -> tuple[memoryview, memoryview]:
        """What the byte range covers of this revision; of the file before it, everything."""
        whole, gap = self.revision.getbuffer(), self.contents.start - self.revision.begin
        return whole[:gap], whole[gap + self.contents.length :]

    def fill(self, message: bytes) -> None:
        """Put the DER of the CMS or token in its place; SigningError where it is too long."""
        if 2 * len(message) > RESERVED:
            raise SigningError(f"a message of {len(message)} octets is longer than the place kept for it")
        self.revision.fill(self.contents, b"<%s>" % message.hex().upper().encode().ljust(RESERVED, b"0"))


@contextmanager
def reading() -> Iterator[None]:
    """Where pyHanko reads a document: what is no sound PDF raises PdfError, whatever Python says of it inside."""
    try:
        yield
    except _UNTYPED as error:
        raise PdfReadError(f"the document is not built as a PDF is: {type(error).__name__}: {error}") from error


def begin(source: BinaryIO, reader: PdfFileReader | None = None) -> QuietWriter:
    """Open a file for revisions of its own. Strict: what is not sound was repaired at intake. See `reading`.

    `reader`: a strict one that has read the file already.
    """
    return QuietWriter(source, reader)


def embed(writer: QuietWriter, field: Field, entries: Mapping[str, PdfObject]) -> Written:
    """Make the revision: what the writer has, and a new field with a dictionary of `entries` and an empty place.

    Raises SigningError; see `reading`.
    """
    contents, byte_range = Place(RESERVED + 2), Place(_RANGE)
    _add_field(writer, field, resources.dictionary({**entries, "/Contents": contents, "/ByteRange": byte_range}))
    revision = writer.append()
    after = contents.start + contents.length
    covers = (0, contents.start, after, revision.end - after)
    revision.fill(byte_range, b"[%d %d %d %d]" % covers)
    return Written(revision, contents, covers)


def _add_field(writer: QuietWriter, field: Field, value: PdfObject) -> None:
    fields.check_free(writer, field.name)
    if field.stamp is None:
        page = fields.page(writer, 0)
        # Outside every page, zero size, printed, not hidden: meets PDF/A and PDF/UA at once.
        rect = (-9999.0,) * 4
        form = appearance.showing(writer, field.blank or appearance.blank(writer))
    else:
        placed = appearance.place(writer, field.stamp)
        page, rect = placed.page, placed.placement.rect
        form = appearance.form(writer, placed)
    widget: dict[str, PdfObject] = {
        "/FT": resources.Name("/Sig"),
        "/T": pdf_string(field.name),
        "/TU": pdf_string(field.label),
        "/Contents": pdf_string(field.label),  # what PDF/UA-2 (8.10.2.3) asks for where there is no structure
        "/Type": resources.Name("/Annot"),
        "/Subtype": resources.Name("/Widget"),
        "/F": resources.integer(fields.PRINTED | fields.LOCKED),
        "/Rect": resources.numbers(*(round(edge, 4) for edge in rect)),
        "/P": page,
        "/AP": form,
        "/V": writer.add_object(value),
    }
    fields.add(writer, page, writer.add_object(resources.dictionary(widget)))
