"""Fields that are added to a signed file so that what they draw hides its text.

"Sneaky signature" (Mainka, Mladenov, Rohlmann, Schwenk, 2021).
"""

from __future__ import annotations

import io
from typing import Any
from unittest.mock import patch

from pyhanko.pdf_utils.generic import (
    ArrayObject,
    DictionaryObject,
    IndirectObject,
    NumberObject,
    StreamObject,
    pdf_name,
)
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.signers import cms_embedder
from pyhanko.sign.timestamps import TimeStamper

from tests.pdfs import signed

PAGE = (0, 0, 595, 842)
CORNER = (380, 20, 560, 90)


def by_signature(
    document: bytes, *, box: tuple[int, int, int, int] = PAGE, name: str = "Sneaky", signer: Any = None
) -> bytes:
    """The attacker's own signature, as large as the page."""
    return _signed_in(_with_field(document, name, box), name, signer or signed.signer())


def _signed_in(writer: IncrementalPdfFileWriter, name: str, signer: Any) -> bytes:
    made = signers.PdfSigner(signers.PdfSignatureMetadata(field_name=name), signer=signer)
    return bytes(made.sign_pdf(writer, existing_fields_only=True).getvalue())


def by_strips(document: bytes, *, count: int = 5) -> bytes:
    """Signatures of which none is a quarter of the page, side by side."""
    height = PAGE[3] // count + 1
    for number in range(count):
        box = (0, number * height, PAGE[2], min((number + 1) * height, PAGE[3]))
        document = by_signature(document, box=box, name=f"Sneaky{number}")
    return document


def by_tiles(document: bytes, count: int, *, same: bool) -> bytes:
    """Signatures as small as a stamp, side by side and up the page: by the same person each time, or by others."""
    across, up = 198, 79
    corners = [(x, y) for y in range(0, PAGE[3] - up, up) for x in range(0, PAGE[2] - across, across)]
    person = signed.signer()
    for number, (x, y) in enumerate(corners[:count]):
        by = person if same else signed.stranger()
        document = by_signature(document, box=(x, y, x + across, y + up), name=f"Tile{number}", signer=by)
    return document


def by_pieces(document: bytes) -> bytes:
    """One signature whose field has many widgets, each as small as a stamp."""
    writer = _with_field(document, "Sneaky", (0, 0, 0, 0))
    field = next(each for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == "Sneaky")
    page, whole = writer.root["/Pages"]["/Kids"][0].get_object(), field.get_object()
    pieces = [_piece(writer, field, whole, (0, low, PAGE[2], low + 20)) for low in range(0, PAGE[3], 20)]
    whole[pdf_name("/Kids")] = ArrayObject(pieces)
    del whole["/AP"], whole["/Rect"], whole["/Subtype"], whole["/Type"]
    page[pdf_name("/Annots")] = ArrayObject([each for each in page["/Annots"] if each != field] + pieces)
    writer.update_container(page)
    with patch.object(cms_embedder, "get_single_field_annot", lambda field: field["/Kids"][0].get_object()):
        return _signed_in(writer, "Sneaky", signed.signer())


def _piece(writer: Any, field: Any, whole: Any, box: tuple[int, int, int, int]) -> Any:
    kept = {pdf_name(key): whole.raw_get(key) for key in ("/AP", "/Subtype", "/Type", "/P")}
    piece: Any = DictionaryObject
    return writer.add_object(
        piece(kept | {pdf_name("/Parent"): field, pdf_name("/Rect"): ArrayObject(map(NumberObject, box))})
    )


def by_time_stamp(
    document: bytes, stamper: TimeStamper, *, box: tuple[int, int, int, int] = PAGE, prepared: bool = False
) -> bytes:
    """A document time stamp of an authority that stamps whatever it is asked to, and that may well be trusted.

    `prepared`: numbers of its place, and what it draws, are objects of the document (`tests.pdfs.added`).
    """
    writer = _with_field(document, "Sneaky", box)
    if prepared:
        field: Any = writer.root["/AcroForm"]["/Fields"][-1]
        reference: Any = IndirectObject
        field["/Rect"] = ArrayObject(reference(number, 0, writer) for number in (7, 7, 8, 9))
        field["/AP"]["/N"] = reference(6, 0, writer)
    made: Any = signers.PdfTimeStamper(stamper, field_name="Sneaky").timestamp_pdf(writer, "sha256")
    return bytes(made.getvalue())


def by_odd_time_stamp(document: bytes, stamper: TimeStamper, *, look: int) -> bytes:
    """A document time stamp with a rectangle of five numbers, that draws what is in the file already."""
    writer = _with_field(document, "Sneaky", PAGE)
    added = next(
        each.get_object() for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == "Sneaky"
    )
    numbers: Any = NumberObject
    added["/Rect"].append(numbers(0))
    reference: Any = IndirectObject
    added["/AP"][pdf_name("/N")] = reference(look, 0, writer)
    made: Any = signers.PdfTimeStamper(stamper, field_name="Sneaky").timestamp_pdf(writer, "sha256")
    return bytes(made.getvalue())


def with_annotations(document: bytes, *, come: bool = False, go: bool = False) -> bytes:
    """A signature in a corner, and with it an annotation in place that comes, or the one that was there goes."""
    writer = _with_field(document, "Sneaky", CORNER)
    page = writer.root["/Pages"]["/Kids"][0].get_object()
    kept = list(page["/Annots"])[1 if go else 0 :]
    cover: Any = DictionaryObject
    shape = {
        "/Type": pdf_name("/Annot"),
        "/Subtype": pdf_name("/Square"),
        "/Rect": ArrayObject(map(NumberObject, PAGE)),
    }
    page[pdf_name("/Annots")] = ArrayObject(
        kept + ([cover({pdf_name(key): value for key, value in shape.items()})] if come else [])
    )
    writer.update_container(page)
    return _signed_in(writer, "Sneaky", signed.signer())


def by_empty_field(document: bytes) -> bytes:
    """A field that nobody has signed."""
    written = io.BytesIO()
    writer: Any = _with_field(document, "Sneaky", PAGE)
    writer.write(written)
    return written.getvalue()


def _with_field(document: bytes, name: str, box: tuple[int, int, int, int]) -> IncrementalPdfFileWriter:
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    fields.append_signature_field(writer, fields.SigFieldSpec(name, box=box, on_page=0))
    added = next(each.get_object() for each in writer.root["/AcroForm"]["/Fields"] if each.get_object()["/T"] == name)
    form = {"/Type": pdf_name("/XObject"), "/Subtype": pdf_name("/Form"), "/BBox": ArrayObject(map(NumberObject, PAGE))}
    look = StreamObject({pdf_name(key): value for key, value in form.items()}, stream_data=b"1 g 0 0 595 842 re f")
    looks: Any = DictionaryObject
    added["/AP"] = looks({pdf_name("/N"): writer.add_object(look)})
    return writer
