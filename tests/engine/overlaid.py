"""Pages and pictures for signatures that integrators compose, and where their colours are seen."""

import io
from pathlib import Path

import pikepdf
from PIL import Image, ImageDraw

from signing.engine import pages
from signing.engine.appearance import Visible
from signing.engine.lines import Line
from tests.engine.authority import sign
from tests.pdfs import raw, sound
from tests.verification import judges
from tests.verification.pictures import Picture

BLUE = (0, 0, 200)


RED = (200, 0, 0)


EMPTY = raw.write(raw.one_page(content=raw.stream(b"")))


SHEETS = {
    "plain": sound.contract(1),
    **{f"rotated {degrees}": sound.rotated(degrees) for degrees in (90, 180, 270)},
    "cropped": raw.write(raw.one_page(page=b"/CropBox [100 150 500 700]")),
    "cropped and turned": raw.write(raw.one_page(page=b"/CropBox [100 150 500 700] /Rotate 270 /UserUnit 1.5")),
    "user unit": sound.scaled(),
}


def image(size: tuple[int, int] = (120, 60), mode: str = "RGB", kind: str = "PNG") -> bytes:
    """Red below, blue above: whoever turns or mirrors it is found out."""
    made = Image.new("RGB", size, BLUE)
    ImageDraw.Draw(made).rectangle((0, size[1] // 2, size[0], size[1]), fill=RED)
    out = io.BytesIO()
    made.convert(mode).save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def signed(folder: Path, overlay: Visible, sheet: bytes = SHEETS["plain"]) -> Path:
    source, target = folder / "source.pdf", folder / "signed.pdf"
    source.write_bytes(sheet)
    sign(source, target, stamp=overlay)
    judges.qpdf_check(target)
    return target


def extent(picture: Picture, wanted: tuple[int, int, int], near: int = 30) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what has a colour, as parts of the page."""
    across, down = [], []
    for number, row in enumerate(picture.rows):
        for column in range(picture.width):
            if all(abs(row[3 * column + n] - wanted[n]) < near for n in range(3)):
                across.append(column)
                down.append(number)
    return (
        min(across) / picture.width,
        1 - (max(down) + 1) / picture.height,
        (max(across) + 1) / picture.width,
        1 - min(down) / picture.height,
    )


def inked(picture: Picture, line: Line, page: pages.PageSize) -> bool:
    """Whether the lower half of a line's letters is seen; its box begins in the corner of the page."""
    top, bottom = (round((1 - y / page.height) * picture.height) for y in (line.y + line.size / 2, line.y))
    left, right = (3 * round(x / page.width * picture.width) for x in line.extent[::2])
    return any(min(row[left:right]) < 200 for row in picture.rows[top:bottom])


def size_of(sheet: bytes) -> pages.PageSize:
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        return pages.page_boxes(pdf)[0].size
