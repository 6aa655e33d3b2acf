"""One revision appended to a PDF: a signature field, its appearance, and the place for a CMS.

The file is written in place, at its end. Three hooks of pyHanko's writer are held still, each pinned by a test: a
signed copy says nothing about itself in the document's own Info, XMP, version or extensions, so that a PDF/A stays one.
"""

from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Any, BinaryIO

from pyhanko.pdf_utils.generic import BooleanObject, NameObject
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign.fields import InvisSigSettings, SigFieldSpec, enumerate_sig_fields
from pyhanko.sign.general import SigningError
from pyhanko.sign.signers.cms_embedder import PdfCMSEmbedder, SigIOSetup, SigObjSetup
from pyhanko.sign.signers.pdf_byterange import PdfSignedData, PreparedByteRangeDigest

from signing.engine import appearance
from signing.engine.appearance import Visible

# pyHanko's constructor carries no types; under this name typed code may call it.
_boolean: Callable[[bool], BooleanObject] = BooleanObject

_CHUNK = 1024 * 1024


class QuietWriter(IncrementalPdfFileWriter):
    """Writes what was asked for and nothing about itself."""

    def _update_meta(self) -> None:
        """Leave Info and XMP as they are (signing-engine.md, trap 5)."""

    def ensure_output_version(self, version: tuple[int, int]) -> None:
        """Leave the catalogue's /Version as it is: a PDF/A-1 is of version 1.4."""


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


@dataclass(frozen=True)
class Written:
    """A revision that waits for its CMS: the digest to be signed, and how to fill the place."""

    digest: bytes
    _steps: Generator[Any, Any, None]

    def fill(self, message: bytes) -> None:
        """Put the DER of the CMS or token in its place; pyHanko's SigningError where it is too long."""
        self._steps.send(message)
        self._steps.close()


def begin(file: BinaryIO) -> QuietWriter:
    """Open the file, as it is now, for one more revision. Strict: what is not sound was repaired at intake."""
    file.seek(0)
    return QuietWriter(file, strict=True)


def embed(writer: QuietWriter, field: Field, dictionary: PdfSignedData, *, digest: str) -> Written:
    """Write the revision with an empty `dictionary` in a new field, hash it by `digest`. Raises SigningError."""
    if next(enumerate_sig_fields(writer, with_name=field.name), None) is not None:
        raise SigningError(f"there is a field {field.name!r} already")
    placed = None if field.stamp is None else appearance.place(writer, field.stamp)
    asks_appearances = _asks_appearances(writer)
    steps = PdfCMSEmbedder(_specification(field, placed)).write_cms(field.name, writer)
    reference = next(steps)
    if field.stamp is not None and placed is not None:
        form = appearance.form(writer, field.stamp, placed)
    else:
        form = appearance.showing(writer, field.blank or appearance.blank(writer))
    reference.get_object()[NameObject("/AP")] = form
    if asks_appearances:
        writer.root["/AcroForm"][NameObject("/NeedAppearances")] = _boolean(True)
    steps.send(SigObjSetup(sig_placeholder=dictionary))
    prepared: PreparedByteRangeDigest
    prepared, _ = steps.send(SigIOSetup(md_algorithm=digest, in_place=True, chunk_size=_CHUNK))
    return Written(prepared.document_digest, steps)


def _asks_appearances(writer: QuietWriter) -> bool:
    """Tell whether /NeedAppearances is set: pyHanko deletes it, and forms would change their look (trap 4)."""
    if "/AcroForm" not in writer.root:
        return False
    form = writer.root["/AcroForm"]
    return "/NeedAppearances" in form and bool(form["/NeedAppearances"])


def _specification(field: Field, placed: appearance.Placed | None) -> SigFieldSpec:
    if placed is None:
        # Outside every page, zero size, printed, not hidden: meets PDF/A and PDF/UA at once.
        hidden = InvisSigSettings(box_out_of_bounds=True)
        return SigFieldSpec(field.name, invis_sig_settings=hidden, readable_field_name=field.label)
    rect: Any = placed.placement.rect  # declared as integers, but any numbers are written
    return SigFieldSpec(field.name, on_page=placed.page, box=rect, readable_field_name=field.label)
