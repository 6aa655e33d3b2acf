"""Pages as poppler draws them, and where a drawing changed: what a reader sees of a file before and after signing."""

import subprocess
import tempfile
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import pikepdf

LONGEST_EDGE = 700
"""Pixels of a page's longer edge, whatever its size: a page of two metres costs no more than a sheet."""

_SEAM = 2
"""Pixels around a stamp that may change with it: its rule is drawn half outside its box, and smoothed."""


@dataclass(frozen=True)
class Picture:
    """One page: rows of RGB bytes, the topmost first."""

    width: int
    height: int
    rows: tuple[bytes, ...]


@dataclass(frozen=True)
class Area:
    """A part of a page as displayed: page index from 0; left, top, right, bottom as parts of its width and height."""

    page: int
    left: float
    top: float
    right: float
    bottom: float


def drawn(file: Path, *, first: int = 1, last: int | None = None) -> list[Picture]:
    """Draw the crop box of the pages `first` to `last` (from 1; all of them), annotations included."""
    limits = ["-f", str(first), *(["-l", str(last)] if last else [])]
    with tempfile.TemporaryDirectory() as folder:
        command = ["pdftoppm", "-cropbox", "-scale-to", str(LONGEST_EDGE), *limits, str(file), f"{folder}/page"]
        subprocess.run(command, check=True, capture_output=True, timeout=120)
        return [_picture(path.read_bytes()) for path in sorted(Path(folder).iterdir())]


def _picture(content: bytes) -> Picture:
    kind, size, _, pixels = content.split(b"\n", 3)
    width, height = map(int, size.split())
    if kind != b"P6" or len(pixels) != 3 * width * height:
        raise ValueError("no PPM of eight bits")
    line = 3 * width
    return Picture(width, height, tuple(pixels[start : start + line] for start in range(0, len(pixels), line)))


def stamps(signed: Path) -> dict[str, Area]:
    """Where the visible signature fields of a file are, by the name of the field."""
    found = {}
    with pikepdf.open(signed) as pdf:
        for number, page in enumerate(pdf.pages):
            for widget in page.obj.get("/Annots", pikepdf.Array([])):
                if isinstance(widget, pikepdf.Dictionary) and widget.get("/FT") == "/Sig" and _has_extent(widget.Rect):
                    found[str(widget.T)] = _area(number, page, [float(part) for part in widget.Rect.as_list()])
    return found


def _has_extent(rect: pikepdf.Object) -> bool:
    left, bottom, right, top = map(float, rect.as_list())
    return right > left and top > bottom


def _area(number: int, page: pikepdf.Page, rect: list[float]) -> Area:
    """Take a rectangle of user space to the page as a reader turns it; no unit matters for parts of a whole."""
    west, south, east, north = _visible(page)
    across = [(x - west) / (east - west) for x in (rect[0], rect[2])]
    down = [(north - y) / (north - south) for y in (rect[3], rect[1])]
    for _ in range(_quarter_turns(page.obj)):
        across, down = [1 - part for part in reversed(down)], across
    return Area(number, across[0], down[0], across[1], down[1])


def _visible(page: pikepdf.Page) -> tuple[float, float, float, float]:
    """What poppler shows of a page: left, bottom, right, top.

    The crop box within the media box (ISO 32000-2, 14.11.2.1), an edge longer than the media box's whole; a page
    without extent is a Letter.
    """
    media, crop = ([float(part) for part in box.as_list()] for box in (page.mediabox, page.cropbox))
    if media[0] == media[2]:
        return 0.0, 0.0, 612.0, 792.0
    for low, high in ((0, 2), (1, 3)):
        if crop[high] - crop[low] > media[high] - media[low]:
            crop[low], crop[high] = media[low], media[high]
    return max(media[0], crop[0]), max(media[1], crop[1]), min(media[2], crop[2]), min(media[3], crop[3])


def _quarter_turns(node: pikepdf.Object) -> int:
    while "/Rotate" not in node and "/Parent" in node:
        node = node.Parent
    return int(node.get("/Rotate", 0)) // 90 % 4


def changed(before: Picture, after: Picture, *, inside: Area | None = None) -> bool:
    """Tell whether two drawings of a page differ: inside an area, or everywhere."""
    if inside is None:
        return before != after
    top, bottom, left, right = _pixels(after, inside, seam=0)
    pairs = list(zip(before.rows, after.rows, strict=True))[top:bottom]
    return any(one[3 * left : 3 * right] != other[3 * left : 3 * right] for one, other in pairs)


def changed_outside(before: Picture, after: Picture, areas: list[Area]) -> Iterator[tuple[int, int]]:
    """Give row and first byte of each row that differs outside of `areas`; (-1, -1) for another size."""
    if (before.width, before.height) != (after.width, after.height):
        yield -1, -1
        return
    covered = [_pixels(after, area, seam=_SEAM) for area in areas]
    for number, (one, other) in enumerate(zip(before.rows, after.rows, strict=True)):
        if one == other:
            continue
        seen = bytearray(other)
        for top, bottom, left, right in covered:
            if top <= number < bottom:
                seen[3 * left : 3 * right] = one[3 * left : 3 * right]
        if seen != one:
            yield number, next(n for n, (a, b) in enumerate(zip(one, seen, strict=True)) if a != b)


def _pixels(picture: Picture, area: Area, *, seam: int) -> tuple[int, int, int, int]:
    """Top, bottom, left, right in pixels, the last ones excluded."""
    top, bottom = int(area.top * picture.height) - seam, int(area.bottom * picture.height) + 1 + seam
    left, right = int(area.left * picture.width) - seam, int(area.right * picture.width) + 1 + seam
    return max(top, 0), min(bottom, picture.height), max(left, 0), min(right, picture.width)
