"""Annotations that are on the screen what they are not on paper, or not under the mouse (ISO 32000-2, 12.5.3, 12.5.5).

The signer reads a screen, and others read a print of the same file. Links, notes and marks that are not printed are
in many sound files: they are counted, and the signer is told. What hides a part of the page is refused.
"""

from __future__ import annotations

from decimal import Decimal
from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.appearances import hides_what_is_below
from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

_HIDDEN, _PRINT, _NO_VIEW, _TOGGLES = 1 << 1, 1 << 2, 1 << 5, 1 << 8
_NOT_DRAWN = frozenset({"/Link", "/Popup"})
"""Kinds that draw nothing on the page, unless they bring a look of their own."""
_ICON = 32 * 32.0
"""Square points of the icon of a note or of an attached file; one hides no more than that."""
_BUTTON = 210 * 75.0
"""Square points of a button, which may look otherwise while it is pressed."""
_RECTANGLE = 4


def is_drawn(item: pikepdf.Object, keys: set[str]) -> bool:
    """Whether a dictionary with these keys is an annotation that draws something, or is not simply there and printed.

    A file may have ten thousands of links; a link draws a frame at the most.
    """
    if not {"/Subtype", "/Rect"} <= keys:
        return False
    return "/AP" in keys or str(item["/Subtype"]) not in _NOT_DRAWN or ("/F" in keys and item["/F"] != _PRINT)


def count_unprinted(annotations: Iterable[pikepdf.Object]) -> int:
    """Count the annotations that are seen on the screen and not on paper. Raises `Objection`.

    HIDDEN_CONTENT: seen on paper alone. UNPRINTED_COVER: hides a part of a page on the screen and not on paper, or
    looks otherwise under the mouse. The streams must be known to be no bombs. Not judged: what stands below; lines and
    letters, which hide little.
    """
    return sum(map(_is_unprinted, annotations))


def _is_unprinted(annotation: pikepdf.Object) -> bool:
    flags, area = _flags(annotation), _area(annotation)
    if not area:
        return False
    if flags & _PRINT and flags & _NO_VIEW:
        raise Objection(Label.HIDDEN_CONTENT, "annotation for print only")
    if flags & _HIDDEN:
        return False
    if flags & _TOGGLES or _changes_under_the_mouse(annotation, area):
        raise Objection(Label.UNPRINTED_COVER, "looks otherwise under the mouse")
    if flags & (_PRINT | _NO_VIEW):
        return False
    if area > _ICON and (any(map(hides_what_is_below, _looks(annotation, "/N"))) or _has_ground(annotation)):
        raise Objection(Label.UNPRINTED_COVER, "hides on the screen what is printed")
    return annotation.get("/Subtype") not in _NOT_DRAWN or any(True for _ in _looks(annotation, "/N"))


def _flags(annotation: pikepdf.Object) -> int:
    value = annotation.get("/F", 0)
    return int(value) if isinstance(value, int | Decimal) else 0


def _area(annotation: pikepdf.Object) -> float:
    """Square points of its rectangle; a line is a point wide, and a mere point is nothing."""
    value = annotation["/Rect"]
    edges = list(value) if isinstance(value, pikepdf.Array) else []
    if len(edges) != _RECTANGLE or not all(isinstance(edge, int | Decimal) for edge in edges):
        return 0.0
    wide, high = (abs(float(edges[2 + way]) - float(edges[way])) for way in (0, 1))
    return max(wide, 1.0) * max(high, 1.0) if wide or high else 0.0


def _changes_under_the_mouse(annotation: pikepdf.Object, area: float) -> bool:
    """Whether it has another look for the mouse above it or pressed (12.5.5), and hides more by it than is usual."""
    usual = _BUTTON if annotation.get("/Subtype") == "/Widget" else _ICON
    if area <= usual:
        return False
    normal = {each.objgen for each in _looks(annotation, "/N")}
    return any(each.objgen not in normal for key in ("/R", "/D") for each in _looks(annotation, key))


def _looks(annotation: pikepdf.Object, key: str) -> Iterator[pikepdf.Object]:
    """The streams of an appearance, one for each state that the annotation may be in."""
    appearance = annotation.get("/AP")
    look = appearance.get(key) if isinstance(appearance, pikepdf.Dictionary) else None
    if isinstance(look, pikepdf.Stream):
        yield look
    elif isinstance(look, pikepdf.Dictionary):
        yield from (each for each in look.values() if isinstance(each, pikepdf.Stream))


def _has_ground(annotation: pikepdf.Object) -> bool:
    """Whether a reader that draws it by itself fills it with a colour (12.5.6.6, 12.5.6.8, 12.5.6.19)."""
    if any(True for _ in _looks(annotation, "/N")):
        return False
    marks = annotation.get("/MK")
    grounds = [
        annotation.get("/IC"),
        annotation.get("/C") if annotation.get("/Subtype") == "/FreeText" else None,
        marks.get("/BG") if isinstance(marks, pikepdf.Dictionary) else None,
    ]
    return any(isinstance(each, pikepdf.Array) and len(each) for each in grounds)
