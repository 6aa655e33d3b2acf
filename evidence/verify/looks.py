"""What signature fields that were added later draw on the pages (ISO 32000-2, 12.7.5.5 and 12.5.5).

A later signature is no alteration, and may be seen. What it draws stands above the text that was signed before: a
field as large as the page hides all of it, and shows whatever it likes instead ("sneaky signature", Mainka et al.,
2021). A document time stamp has nothing to show, and a signature needs no quarter of a page; a field that was there
when somebody signed was accepted with its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.sign.fields import enumerate_sig_fields

from evidence.verify.case import Case

_DEEPEST = 32
_SMALL = 200 * 70.0
"""Square points that fit on any page a person reads: pages are only measured for larger fields."""


def covers(case: Case, signature: Any, names: set[str]) -> bool:
    """Whether one of the fields `names` was added after `signature` and draws what it has no need to draw."""
    before = signature.reader.get_historical_resolver(signature.signed_revision)
    there = {_place(field.get_object()) for _name, _value, field in enumerate_sig_fields(before)}
    changed = [each for each in case.signatures if str(each.field_name) in names]
    return any(_covers(case, each) for each in changed if _place(each.sig_field) not in there)


def _place(field: Any) -> tuple[int, int] | None:
    """The number of a field's object: names may be given twice."""
    reference = field.container_ref
    return (reference.idnum, reference.generation) if reference else None


def _covers(case: Case, signature: Any) -> bool:
    areas = [_area(widget) for widget in _widgets(signature.sig_field) if "/AP" in widget]
    largest = max(areas, default=0.0)
    if case.embedded(signature).is_timestamp:
        return largest > 0
    return largest > _SMALL and largest > min(map(_page_area, _pages(case.catalog["/Pages"])), default=0.0) / 4


def _widgets(field: Any, depth: int = 0) -> Iterator[Any]:
    yield field
    for kid in field.get("/Kids", ()) if depth < _DEEPEST else ():
        yield from _widgets(kid.get_object(), depth + 1)


def _area(widget: Any) -> float:
    if "/Rect" not in widget:
        return 0.0
    left, low, right, high = (float(each) for each in widget["/Rect"])
    return abs((right - left) * (high - low))


def _pages(tree: Any, box: Any = (), depth: int = 0) -> Iterator[Any]:
    """The media box of each page, inherited where it has none of its own."""
    box = tree.get("/MediaBox", box)
    if "/Kids" not in tree or depth > _DEEPEST:
        yield box
        return
    for kid in tree["/Kids"]:
        yield from _pages(kid.get_object(), box, depth + 1)


def _page_area(box: Any) -> float:
    left, low, right, high = (float(each) for each in box)
    return abs((right - left) * (high - low))
