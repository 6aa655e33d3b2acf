"""A visible signature as an integrator composes it: an image, lines of text over it, or lines alone."""

from dataclasses import dataclass
from functools import cached_property

from signing.engine import marks
from signing.engine.lines import Line
from signing.engine.pictures import Picture
from signing.engine.typesetting import Drawing

MARGIN = 2.0
"""Points around lines that have no image under them: what the contract leaves to their left."""


@dataclass(frozen=True)
class Overlay:
    """What one visible signature shows and where it goes; a picture, or lines that can be drawn, or both.

    Sizes in displayed points; a picture is as large as it has pixels, and cuts what sticks out of it. `page`: counted
    from 1, None for the last. `x`, `y`: its lower left corner from that of the page; None: bottom right, `slot` 1, 2,
    … above one another. `test`: it says so.
    """

    picture: Picture | None
    lines: tuple[Line, ...]
    language: str = "fr"
    page: int | None = None
    x: float | None = None
    y: float | None = None
    slot: int = 0
    test: bool = False

    @cached_property
    def box(self) -> tuple[float, float, float, float]:
        """What it takes, around the point that `x` and `y` are about: left, bottom (0 or less), right, top."""
        if self.picture is not None:
            return 0.0, 0.0, float(self.picture.width), float(self.picture.height)
        extents = [line.extent for line in self.lines if line.is_drawable] or [(0.0, 0.0, 0.0, 0.0)]
        lefts, bottoms, rights, tops = zip(*extents, strict=True)
        right = max(rights) + MARGIN + (marks.ROOM if self.test else 0)
        return min(0.0, *lefts), min(0.0, *bottoms), right, max(tops) + MARGIN

    def draw(self, *, embed: bool) -> Drawing:
        """Draw it. `embed`: every font goes into the file."""
        drawing = Drawing()
        if self.picture is not None:
            drawing.image(self.picture, 0, 0, self.picture.width, self.picture.height)
        for line in self.lines:
            if line.is_drawable:
                line.draw(drawing, embed=embed)
        if self.test:
            marks.mark_test(drawing, *self.box[2:])
        return drawing
