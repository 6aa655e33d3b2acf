"""Forms that their author certified so that others fill them in (DocMDP), and what others do with them."""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import pdf_name, pdf_string
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import fields

from tests.pdfs import raw, signed

_LOOK = b"/Type /XObject /Subtype /Form /BBox [0 0 128 20] /Resources << /Font << /F1 5 0 R >> >>"
_FIELD = (
    b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Somme) /Rect [72 700 200 720] /P 3 0 R /DA (/F1 12 Tf 0 g) /F 4"
    b" /V (100) /AP << /N 7 0 R >> %s >>"
)


def form(*, certify: fields.MDPPerm | None = fields.MDPPerm.FILL_FORMS, entries: bytes = b"") -> bytes:
    """A form with a field, signed by its author. `certify`: what others may do; `entries`: more ones of the field."""
    catalog = raw.catalog(b"/AcroForm << /Fields [6 0 R] /DR << /Font << /F1 5 0 R >> >> >>")
    more = {6: _FIELD % entries, 7: raw.stream(b"BT /F1 12 Tf 2 5 Td (100) Tj ET", _LOOK)}
    document = raw.write(raw.one_page(catalog=catalog, page=b"/Annots [6 0 R]", more=more))
    return signed.sign(document, field="Author", certify=certify)


def filled(document: bytes, value: str = "250") -> bytes:
    """Another value in the field, and a drawing of it."""
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(document))
    every = (each.get_object() for each in writer.root["/AcroForm"]["/Fields"])
    field = next(each for each in every if each["/T"] == "Somme")
    font = generic.DictionaryObject({pdf_name("/F1"): generic.IndirectObject(5, 0, writer)})  # type: ignore[no-untyped-call]  # pyHanko's constructors
    box = generic.ArrayObject(map(generic.NumberObject, (0, 0, 128, 20)))
    look: Any = generic.StreamObject(stream_data=b"BT /F1 12 Tf 2 5 Td (%s) Tj ET" % value.encode())
    look.update({pdf_name("/Type"): pdf_name("/XObject"), pdf_name("/Subtype"): pdf_name("/Form")})
    look.update({pdf_name("/BBox"): box, pdf_name("/Resources"): generic.DictionaryObject({pdf_name("/Font"): font})})  # type: ignore[no-untyped-call]  # the same
    field[pdf_name("/V")] = pdf_string(value)
    field["/AP"][pdf_name("/N")] = writer.add_object(look)
    writer.update_container(field)
    made = io.BytesIO()
    writer.write(made)
    return made.getvalue()
