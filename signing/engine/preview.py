"""A sheet with a visible signature on it as signed files have it, and no signature: for a look at it beforehand."""

import io
from collections.abc import Iterator

import pikepdf
from pyhanko.pdf_utils.generic import NameObject, PdfObject

from signing.engine import appearance, resources, revisions
from signing.engine.appearance import Visible
from signing.engine.pages import PageBox

SHEETS = {
    "portrait": PageBox((0.0, 0.0, 595.28, 841.89)),
    "scaled": PageBox((0.0, 0.0, 297.64, 420.945), user_unit=2.0),
    "landscape": PageBox((0.0, 0.0, 841.89, 595.28)),
    "turned": PageBox((40.0, 60.0, 635.28, 901.89), rotate=90),
}
"""A4 as files have it: upright, in larger units, lying, cut out of a larger sheet and turned (crop box, /Rotate)."""
_AROUND = 30.0
_BAR, _EVERY, _MARGIN = 7.0, 18.0, 72.0
_PARTS = (0.65, 1.0, 1.0, 0.45)


def sheet(visible: Visible, page: PageBox = SHEETS["portrait"]) -> bytes:
    """Give a PDF of one page with `visible` in its place, as a stamp annotation (ISO 32000-2, 12.5.6.12)."""
    file = _page(page)
    writer = revisions.begin(file)
    placed = appearance.place(writer, visible)
    shown: dict[str, PdfObject] = {
        "/Type": NameObject("/Annot"),
        "/Subtype": NameObject("/Stamp"),
        "/Rect": resources.numbers(*placed.placement.rect),
        "/AP": appearance.form(writer, placed),
    }
    stamp = writer.add_object(resources.dictionary(shown))
    writer.register_annotation(placed.page, stamp)  # type: ignore[no-untyped-call]  # pyHanko's has no types
    revision = writer.append()
    return file.getvalue() + revision.getvalue()


def _page(wanted: PageBox) -> io.BytesIO:
    file = io.BytesIO()
    left, bottom, right, top = wanted.crop
    around = _AROUND if wanted.rotate else 0.0
    with pikepdf.new() as pdf:
        page = pdf.add_blank_page().obj
        page.MediaBox = pikepdf.Array([left - around, bottom - around, right + around, top + around])
        page.CropBox = pikepdf.Array(wanted.crop)
        page.Rotate = wanted.rotate
        page.UserUnit = wanted.user_unit
        page.Contents = pdf.make_stream(b"\n".join(_bars(wanted)))
        pdf.save(file)
    return file


def _bars(page: PageBox) -> Iterator[bytes]:
    """Grey where a page has its text, as a reader sees it."""
    yield b"0.93 g"
    full = page.width - 2 * _MARGIN
    for n in range(int((page.height - 2 * _MARGIN) / _EVERY)):
        up = page.height - _MARGIN - n * _EVERY
        one = page.to_user_space(_MARGIN, up)
        other = page.to_user_space(_MARGIN + full * _PARTS[n % len(_PARTS)], up - _BAR)
        numbers = (*one, other[0] - one[0], other[1] - one[1])
        yield " ".join(f"{number:.3f}" for number in numbers).encode() + b" re f"
