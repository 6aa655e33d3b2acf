"""Geometry of pages as a reader shows them, and of a box laid on one.

Two spaces meet here. *User space* is what the PDF's numbers mean (ISO 32000-2, 8.3.2.3): any origin, units of
1/72 inch times `/UserUnit`. *Displayed points* are what a person sees: 1/72 inch, origin at the bottom left of the
page as shown, after `/Rotate`, cut by the crop box. Clients and signers speak displayed points only.
"""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from typing import TYPE_CHECKING

import pikepdf

if TYPE_CHECKING:
    from collections.abc import Iterator, Sequence

Rect = tuple[float, float, float, float]
"""Left, bottom, right, top."""

LETTER: Rect = (0.0, 0.0, 612.0, 792.0)
"""What viewers take where no usable MediaBox is found."""

SLOT_GAP = 6.0
"""Displayed points between two stamps that were given no place."""

_DEEPEST_TREE = 64
"""Levels of the page tree that are climbed for an inherited value; a loop ends here at the latest."""

_MATRICES = {
    0: (1, 0, 0, 1, 0, 0),
    90: (0, 1, -1, 0, 0, 0),
    180: (-1, 0, 0, -1, 0, 0),
    270: (0, -1, 1, 0, 0, 0),
}


@dataclass(frozen=True)
class PageSize:
    """Width and height of a page as displayed, in points (1/72 inch)."""

    width: float
    height: float


@dataclass(frozen=True)
class PageBox:
    """One page: what is visible of it in user space, and how a viewer turns and scales that.

    `crop` is CropBox ∩ MediaBox in user space, never empty; `rotate` one of 0, 90, 180, 270 (clockwise, ISO 32000-2
    Table 31); `user_unit` > 0.
    """

    crop: Rect
    rotate: int = 0
    user_unit: float = 1.0

    @property
    def width(self) -> float:
        """Displayed width in points."""
        return self._shown[self.rotate in (90, 270)]

    @property
    def height(self) -> float:
        """Displayed height in points."""
        return self._shown[self.rotate in (0, 180)]

    @property
    def size(self) -> PageSize:
        return PageSize(self.width, self.height)

    @property
    def _shown(self) -> tuple[float, float]:
        left, bottom, right, top = self.crop
        return (right - left) * self.user_unit, (top - bottom) * self.user_unit

    def to_user_space(self, x: float, y: float) -> tuple[float, float]:
        """Take a displayed point (from the bottom left of the page as shown); give the same point in user space."""
        wide, high = self._shown
        across, up = {0: (x, y), 90: (wide - y, x), 180: (wide - x, high - y), 270: (y, high - x)}[self.rotate]
        return self.crop[0] + across / self.user_unit, self.crop[1] + up / self.user_unit


@dataclass(frozen=True)
class Placement:
    """Where an annotation goes so that it is seen upright and in place.

    `rect` is the annotation's /Rect in page user space; `rotation` the degrees, counter-clockwise, by which its
    appearance is turned (`matrix` is the /Matrix of the appearance form; ISO 32000-2, 12.5.5, algorithm 8, then fits
    the turned /BBox to /Rect); `scale` ≤ 1 by how much it had to shrink to fit the page.
    """

    rect: Rect
    rotation: int
    scale: float

    @property
    def matrix(self) -> tuple[int, int, int, int, int, int]:
        return _MATRICES[self.rotation]


def page_box(
    media: Sequence[float] | None,
    crop: Sequence[float] | None = None,
    rotate: float | None = None,
    user_unit: float | None = None,
) -> PageBox:
    """Build a box from a page's own or inherited values; what is absent, malformed or empty is read as viewers do.

    No usable MediaBox: Letter. CropBox outside the MediaBox: MediaBox. Rotate not a multiple of 90: 0.
    """
    whole = _rect(media) or LETTER
    part = _rect(crop)
    visible = (part and _intersection(whole, part)) or whole
    turned = int(rotate) % 360 if rotate is not None and rotate % 90 == 0 else 0
    unit = float(user_unit) if user_unit is not None and user_unit > 0 else 1.0
    return PageBox(crop=visible, rotate=turned, user_unit=unit)


def page_boxes(pdf: pikepdf.Pdf) -> tuple[PageBox, ...]:
    """Give the box of every page of an open document, in order; inheritable values are inherited (7.7.3.4)."""
    return tuple(_box_of(page.obj) for page in pdf.pages)


def place(
    box: PageBox,
    width: float,
    height: float,
    *,
    x: float | None = None,
    y: float | None = None,
    margin: float = 24.0,
    slot: int = 0,
    within: tuple[float, float] | None = None,
) -> Placement:
    """Lay a box of `width` x `height` displayed points on a page.

    `x`, `y`: wished place of its lower left corner in displayed points; moved inwards until it lies on the page. What
    is absent is chosen: bottom right at `margin` from the edges, `slot` 1, 2, … stacked upwards and then in columns
    to the left; when the page is full of slots they start over at the bottom right. Shrunk where the page, or what is
    given as `within` (width and height), is smaller.
    """
    edge = _edge(box, margin)
    widest, highest = within or room(box, placed=x is not None and y is not None, margin=margin)
    scale = min(1.0, widest / width, highest / height)
    wide, high = width * scale, height * scale
    column, row = _slot(box, wide, high, edge, slot)
    wished_x = box.width - edge - wide - column * (wide + SLOT_GAP) if x is None else x
    wished_y = edge + row * (high + SLOT_GAP) if y is None else y
    left = min(max(wished_x, 0.0), box.width - wide)
    bottom = min(max(wished_y, 0.0), box.height - high)
    corners = (box.to_user_space(left, bottom), box.to_user_space(left + wide, bottom + high))
    rect = _normalised((*corners[0], *corners[1]))
    return Placement(rect=_inside(rect, box.crop), rotation=box.rotate, scale=scale)


def room(box: PageBox, *, placed: bool, margin: float = 24.0) -> tuple[float, float]:
    """Width and height in displayed points that a box may take; one that has no place of its own keeps the margin."""
    spare = 0.0 if placed else 2 * _edge(box, margin)
    return box.width - spare, box.height - spare


def _edge(box: PageBox, margin: float) -> float:
    return min(margin, box.width / 10, box.height / 10)


def _slot(box: PageBox, wide: float, high: float, edge: float, slot: int) -> tuple[int, int]:
    rows = max(1, int((box.height - 2 * edge + SLOT_GAP) // (high + SLOT_GAP)))
    columns = max(1, int((box.width - 2 * edge + SLOT_GAP) // (wide + SLOT_GAP)))
    return slot // rows % columns, slot % rows


def _inside(rect: Rect, crop: Rect) -> Rect:
    """Take away the last bit of rounding that would let a box stick out of the page."""
    left, bottom, right, top = rect
    return max(left, crop[0]), max(bottom, crop[1]), min(right, crop[2]), min(top, crop[3])


def _rect(values: Sequence[float] | None) -> Rect | None:
    if values is None or len(values) != 4:  # noqa: PLR2004 a rectangle has four numbers
        return None
    rect = _normalised((float(values[0]), float(values[1]), float(values[2]), float(values[3])))
    return None if _is_empty(rect) else rect


def _normalised(rect: Rect) -> Rect:
    return min(rect[0], rect[2]), min(rect[1], rect[3]), max(rect[0], rect[2]), max(rect[1], rect[3])


def _is_empty(rect: Rect) -> bool:
    return not (rect[2] > rect[0] and rect[3] > rect[1])


def _intersection(a: Rect, b: Rect) -> Rect | None:
    common = max(a[0], b[0]), max(a[1], b[1]), min(a[2], b[2]), min(a[3], b[3])
    return None if _is_empty(common) else common


def _box_of(page: pikepdf.Object) -> PageBox:
    return page_box(
        _numbers(_inherited(page, "/MediaBox")),
        _numbers(_inherited(page, "/CropBox")),
        _number(_inherited(page, "/Rotate")),
        _number(page.get("/UserUnit")),
    )


def _inherited(page: pikepdf.Object, name: str) -> object:
    return next((node[name] for node in _ancestry(page) if name in node), None)


def _ancestry(page: pikepdf.Object) -> Iterator[pikepdf.Object]:
    node: object = page
    for _ in range(_DEEPEST_TREE):
        if not isinstance(node, pikepdf.Dictionary):
            return
        yield node
        node = node.get("/Parent")


def _numbers(value: object) -> list[float] | None:
    if not isinstance(value, pikepdf.Array):
        return None
    numbers = [_number(item) for item in value]
    return [n for n in numbers if n is not None] if None not in numbers else None


def _number(value: object) -> float | None:
    if isinstance(value, bool) or not isinstance(value, int | float | Decimal):
        return None
    return float(value)
