"""Contracts with fields in which others are to sign, and what they draw there."""

from __future__ import annotations

import io
from typing import Any

from pyhanko import stamp
from pyhanko.pdf_utils.generic import ArrayObject, NumberObject, pdf_name
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields, signers
from pyhanko.sign.timestamps import TimeStamper

from tests.pdfs import raw, signed

Box = tuple[int, int, int, int]
PLACES: dict[str, Box] = {"Seller": (60, 60, 260, 130), "Buyer": (320, 60, 520, 130)}
PAGE: Box = (0, 0, 595, 842)
_NOTE = b"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [70 70 250 120] /AP << /N 7 0 R >> >>"


def contract(places: dict[str, Box] = PLACES, *, noted: bool = False, turned: bool = False) -> bytes:
    """A page with fields to sign in; `noted`: with a note that is seen, below where the first stands."""
    look = raw.stream(b"1 0 0 rg 0 0 180 50 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 180 50]")
    notes: dict[str, Any] = {"page": b"/Annots [6 0 R]", "more": {6: _NOTE, 7: look}} if noted else {}
    objects = raw.one_page(**notes)
    if turned:  # by what stands above the page
        objects[2] = raw.TREE.replace(b" >>", b" /Rotate 90 >>")
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(raw.write(objects)))
    for name, box in places.items():
        fields.append_signature_field(writer, fields.SigFieldSpec(name, box=box, on_page=0))
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()


def signed_in(document: bytes, name: str, *, flags: int | None = None, box: Box | None = None) -> bytes:
    """Somebody signs in that field, and is seen; with `flags` of theirs, or in another place (ISO 32000-2, 12.5.3)."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    field = _field(writer, name)
    number: Any = NumberObject
    if flags is not None:
        field[pdf_name("/F")] = number(flags)
    if box is not None:
        field[pdf_name("/Rect")] = ArrayObject(map(NumberObject, box))
    writer.update_container(field)
    metadata = signers.PdfSignatureMetadata(field_name=name, name="Somebody")
    style: Any = stamp.TextStampStyle(background=stamp.STAMP_ART_CONTENT)
    signer = signers.PdfSigner(metadata, signer=signed.stranger(), stamp_style=style)
    return bytes(signer.sign_pdf(writer, existing_fields_only=True).getbuffer())


def stamped_in(document: bytes, name: str, stamper: TimeStamper, *, seen: bool) -> bytes:
    """A document time stamp in that field; `seen`: it draws what the page's first annotation draws."""
    writer = IncrementalPdfFileWriter(io.BytesIO(document))
    field = _field(writer, name)
    if seen:
        page: Any = writer.root["/Pages"]["/Kids"][0].get_object()
        field[pdf_name("/AP")] = page["/Annots"][0].get_object().raw_get("/AP")
        writer.update_container(field)
    made: Any = signers.PdfTimeStamper(stamper, field_name=name).timestamp_pdf(writer, "sha256")
    return bytes(made.getvalue())


def _field(writer: Any, name: str) -> Any:
    every = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
    return next(each for each in every if each["/T"] == name)
