"""PDFs whose look depends on more than the content of an A4 page: odd pages, annotations, fields a reader draws."""

from __future__ import annotations

import pikepdf
from pikepdf import Array, Dictionary, Name

from tests.pdfs import raw, sound

_TEXT = b"BT /F1 9 Tf 4 4 Td (Page) Tj ET 0.9 0.2 0.2 rg 2 2 6 6 re f"
_A4 = (0.0, 0.0, 595.0, 842.0)


def last_page(*box: float, **entries: object) -> bytes:
    """An A4 page with text, then one with this MediaBox and these further entries."""
    with pikepdf.new() as pdf:
        for corners, more in ((_A4, {}), (box, entries)):
            pdf.add_blank_page()
            page = pdf.pages[-1].obj
            page.MediaBox = Array(list(corners))
            page.Contents = pdf.make_stream(_TEXT)
            font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
            page.Resources = Dictionary(Font=Dictionary(F1=font))
            for name, value in more.items():
                page[f"/{name}"] = Array(value) if isinstance(value, list) else value
        return sound.saved(pdf)


def drawn_by_the_reader() -> bytes:
    """Closed fields without an appearance, and NeedAppearances, which asks the reader to make it."""
    field = b"<< /FT /Tx /Ff 1 /T (Nom) /V (Durand) /DA (/Helv 14 Tf 0 g) /Type /Annot /Subtype /Widget /F 4 "
    field += b"/Rect [72 700 300 724] /MK << /BC [0 0 1] /BG [0.9 0.9 1] >> /P 3 0 R >>"
    form = (
        b"/AcroForm << /Fields [6 0 R] /NeedAppearances true /DA (/Helv 0 Tf 0 g) /DR << /Font << /Helv 5 0 R >> >> >>"
    )
    return raw.write(raw.one_page(catalog=raw.catalog(form), page=b"/Annots [6 0 R]", more={6: field}))


def annotated(further: bytes = b"") -> bytes:
    """Annotations with and without an appearance of their own, where stamps go too; an array of its own object.

    `further`: entries of that array.
    """
    square = b"<< /Type /Annot /Subtype /Square /F 4 /Rect [400 30 560 80] /C [1 0 0] /IC [1 1 0] /BS << /W 3 >> >>"
    note = b"<< /Type /Annot /Subtype /Text /F 4 /Rect [100 600 120 620] /Contents (Note) /Name /Note /C [1 1 0] >>"
    marked = b"<< /Type /Annot /Subtype /Highlight /F 4 /Rect [70 765 200 785] /C [1 0.9 0] /AP << /N 9 0 R >> "
    marked += b"/QuadPoints [70 785 200 785 70 765 200 765] >>"
    shape = raw.stream(b"0.5 0.8 0.5 rg 0 0 130 20 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 130 20]")
    more = {6: square, 7: note, 8: marked, 9: shape, 10: b"[6 0 R 7 0 R 8 0 R " + further + b"]"}
    return raw.write(raw.one_page(page=b"/Annots 10 0 R", more=more))


def layered_content() -> bytes:
    """Content in a layer that is shown."""
    objects = raw.one_page(
        catalog=raw.catalog(b"/OCProperties << /OCGs [6 0 R] /D << /ON [6 0 R] /OFF [] >> >>"),
        content=raw.stream(b"/OC /L0 BDC 0.2 0.4 0.8 rg 100 100 200 200 re f EMC"),
        more={6: b"<< /Type /OCG /Name (Calque) >>"},
    )
    objects[3] = objects[3].replace(b"/Resources <<", b"/Resources << /Properties << /L0 6 0 R >>")
    return raw.write(objects)
