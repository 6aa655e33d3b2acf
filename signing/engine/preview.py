"""A sheet with a visible signature on it as signed files have it, and no signature: for a look at it beforehand."""

import io

import pikepdf
from pyhanko.pdf_utils.generic import NameObject, PdfObject

from signing.engine import appearance, resources, revisions
from signing.engine.appearance import Visible

A4 = (595.28, 841.89)
_BARS = b"0.93 g\n" + b"\n".join(b"72 %d %d 7 re f" % (770 - 18 * n, (300, 451, 451, 210)[n % 4]) for n in range(34))
"""Grey where a page has its text."""


def sheet(visible: Visible) -> bytes:
    """Give a PDF of one A4 page with `visible` in its place, as a stamp annotation (ISO 32000-2, 12.5.6.12)."""
    file = _page()
    writer = revisions.begin(file)
    placed = appearance.place(writer, visible)
    shown: dict[str, PdfObject] = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject("/Stamp"),
        "/Rect": resources.numbers(*placed.placement.rect),
        "/AP": appearance.form(writer, visible, placed),
    }
    stamp = writer.add_object(resources.dictionary(shown))
    writer.register_annotation(placed.page, stamp)  # type: ignore[no-untyped-call]  # pyHanko's has no types
    revision = writer.append()
    return file.getvalue() + revision.getvalue()


def _page() -> io.BytesIO:
    file = io.BytesIO()
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page(page_size=A4)
        page.obj.Contents = pdf.make_stream(_BARS)
        pdf.save(file)
    return file
