"""A visible signature as an integrator composes it: an image, lines of text over it, or lines alone."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from functools import cached_property

from signing.engine import marks
from signing.engine.lines import Line
from signing.engine.pictures import Picture
from signing.engine.typesetting import Drawing

MARGIN = 2.0
"""Points around lines that have no image under them: what the contract leaves to their left."""
Box = tuple[float, float, float, float]


@dataclass(frozen=True)
class Overlay:
    """What one visible signature shows and where it goes; a picture, or lines that can be drawn, or both.

    Sizes in displayed points; a picture is as large as it has pixels, and cuts what sticks out of it. `page`: counted
    from 1, None for the last. `x`, `y`: its lower left corner from that of the page; None: bottom right, `slot` 1, 2,
    … above one another. `test`: it says so. `scale`: points on the page to one of its own, known where it is `fitted`.
    """

    picture: Picture | None
    lines: tuple[Line, ...]
    language: str = "fr"
    page: int | None = None
    x: float | None = None
    y: float | None = None
    slot: int = 0
    test: bool = False
    scale: float = 1.0

    def fitted(self, width: float, height: float) -> "Overlay":
        """The same where `width` and `height` points are all that a page has for it.

        Lines that lie further from each other than that are moved together, each by itself: so they keep their size,
        and only an image or a line that is larger than the page shrinks to it.
        """
        spare = marks.ROOM if self.test else 0.0
        lines = self.lines if self.picture else _gathered(self.lines, width - spare - 2 * MARGIN, height - 2 * MARGIN)
        left, bottom, right, top = replace(self, lines=lines, test=False).box
        across = width - spare if self.picture is None and width > 2 * spare else width
        return replace(self, lines=lines, scale=min(1.0, across / (right - left), height / (top - bottom)))

    @cached_property
    def box(self) -> Box:
        """What it takes, around the point that `x` and `y` are about: left, bottom, right, top.

        Of the sandbox it is large enough for the word TEST to be read, beside lines, or over an image.
        """
        left, bottom, right, top = self._content
        if self.test:
            right += marks.ROOM / self.scale if self.picture is None else 0.0
            wide, high = (points / self.scale for points in marks.SMALLEST_BOX)
            right, top = max(right, left + wide), max(top, bottom + high)
        return left, bottom, right, top

    @property
    def _content(self) -> Box:
        """What image or lines take, with the margin around lines; the corner belongs to what begins beside it."""
        if self.picture is not None:
            return 0.0, 0.0, float(self.picture.width), float(self.picture.height)
        extents = [line.extent for line in self.lines if line.is_drawable] or [(0.0, 0.0, 0.0, 0.0)]
        lefts, bottoms, rights, tops = zip(*extents, strict=True)
        left, bottom = (max(min(0.0, first), first - MARGIN) for first in (min(lefts), min(bottoms)))
        return left, bottom, max(rights) + MARGIN, max(tops) + MARGIN

    def draw(self, *, embed: bool) -> Drawing:
        """Draw it. `embed`: every font goes into the file."""
        drawing = Drawing()
        if self.picture is not None:
            drawing.image(self.picture, 0, 0, self.picture.width, self.picture.height)
        for line in self.lines:
            if line.is_drawable:
                line.draw(drawing, embed=embed)
        if self.test:
            left, bottom, right, top = self.box
            marks.mark_test(drawing, right, top, wide=right - left, high=top - bottom, scale=self.scale)
        return drawing


def _gathered(lines: Sequence[Line], width: float, height: float) -> tuple[Line, ...]:
    """Lines that together take no more than that, as far as each alone does not: the first of them stays."""
    seen = [line.extent for line in lines if line.is_drawable]
    if not seen:
        return tuple(lines)
    left, bottom = min(each[0] for each in seen), min(each[1] for each in seen)
    return tuple(
        _within(line, left + width, bottom + height, left, bottom) if line.is_drawable else line for line in lines
    )


def _within(line: Line, right: float, top: float, left: float, bottom: float) -> Line:
    """A line moved back from beyond `right` and `top`, no further than `left` and `bottom`."""
    extent = line.extent
    back = min(max(extent[2] - right, 0.0), extent[0] - left)
    down = min(max(extent[3] - top, 0.0), extent[1] - bottom)
    return replace(line, x=line.x - back, y=line.y - down) if back or down else line
