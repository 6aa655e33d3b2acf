"""What an inspection needs besides its parsers, made once before children are forked, and not by each of them anew.

The interpreter adapts code to what it meets, libraries fill tables when they are first asked, expressions are
compiled: a child that begins without all that takes a quarter longer. A file of our own is inspected, and none that
somebody sent: what a file leaves behind in its process is met by no other file.
"""

from __future__ import annotations

import io
import os
from pathlib import Path

import pikepdf
from pikepdf import Array, Dictionary, Name

from signing.engine.inspection.examination import examine

TIMES = 3
_PAGES = 2
_TEXT = b"BT /F1 11 Tf 72 700 Td (Article 1) Tj ET /Im1 Do"


def warm_up() -> None:
    """Inspect the specimen a few times in this process. No file is written: it is in memory, and needs no repair."""
    descriptor = os.memfd_create("specimen")
    try:
        os.write(descriptor, specimen())
        place = Path(f"/proc/self/fd/{descriptor}")
        for _ in range(TIMES):
            examine(place, Path(os.devnull), max_pages=_PAGES)
    finally:
        os.close(descriptor)


def specimen() -> bytes:
    """A sound PDF with a little of what most have: pages of one font, a picture, a link, a title."""
    pdf = pikepdf.new()
    image = pdf.make_stream(b"\x80", Type=Name.XObject, Subtype=Name.Image, Width=1, Height=1, BitsPerComponent=8)
    image.ColorSpace = Name.DeviceGray
    font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
    link = Dictionary(Type=Name.Annot, Subtype=Name.Link, Rect=Array([0, 0, 9, 9]), F=4)
    for _ in range(_PAGES):
        page = pdf.add_blank_page(page_size=(595, 842))
        page.Contents = pdf.make_stream(_TEXT)
        page.Resources = Dictionary(Font=Dictionary(F1=font), XObject=Dictionary(Im1=image))
        page.Annots = Array([pdf.make_indirect(link)])
    pdf.docinfo["/Title"] = "Specimen"
    made = io.BytesIO()
    pdf.save(made, deterministic_id=True)
    return made.getvalue()
