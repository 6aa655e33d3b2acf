"""What signature fields that were added later draw on the pages (ISO 32000-2, 12.7.5.5 and 12.5.5).

A later signature is no alteration, and may be seen. What it draws stands above the text that was signed before: a
field as large as the page hides all of it, and shows whatever it likes instead ("sneaky signature", Mainka et al.,
2021). So do several together. A document time stamp has nothing to show, and signatures need no quarter of a page; a
field that was there when somebody signed was accepted with its place.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.fields import enumerate_sig_fields

from evidence.verify.annotations import area
from evidence.verify.case import Case
from evidence.verify.redrawing import entry

_DEEPEST = 32
_SMALL = 210 * 75.0
"""Square points that fit on any page a person reads, our stamp among them: only larger fields are measured."""


def covers(case: Case, signature: Any) -> bool:
    """Whether signature fields that were added after `signature` draw what they have no need to draw."""
    there = _before(signature)
    added = [each for each in case.signatures if _place(each.sig_field) not in there]
    seen = {each: [widget for widget in _widgets(each.sig_field) if _may_draw(widget)] for each in added}
    if any(map(area, (widget for each in added if case.embedded(each).is_timestamp for widget in seen[each]))):
        return True
    large = [widget for widgets in seen.values() for widget in widgets if area(widget) > _SMALL]
    return bool(large) and _cover_a_quarter(case, large)


def adds_unsigned(case: Case, signature: Any) -> bool:
    """Whether signature fields were added after `signature` that nobody signed: nothing speaks for what they show."""
    signed = {_place(each.sig_field) for each in case.signatures}
    current = signature.reader.get_historical_resolver(case.revisions - 1)
    return bool(_fields(current) - _before(signature) - signed)


def _before(signature: Any) -> set[tuple[int, int] | None]:
    return _fields(signature.reader.get_historical_resolver(signature.signed_revision))


def _fields(revision: HistoricalResolver) -> set[tuple[int, int] | None]:
    return {_place(field.get_object()) for _name, _value, field in enumerate_sig_fields(revision)}


def _cover_a_quarter(case: Case, widgets: list[Any]) -> bool:
    """Whether one is so large that it would cover a quarter of the smallest page, or together they do of theirs."""
    pages = [(_page_area(box) / 4, _annotations(page)) for page, box in _pages(case.catalog["/Pages"])]
    if max(map(area, widgets)) > min((quarter for quarter, _places in pages), default=0.0):
        return True
    return any(
        sum(area(widget) for widget in widgets if _place(widget) in places) > quarter for quarter, places in pages
    )


def _annotations(page: Any) -> set[tuple[int, int] | None]:
    return {_place(each.get_object()) for each in page.get_and_apply("/Annots", list, default=())}


def _may_draw(widget: Any) -> bool:
    """Whether there is anything that a reader draws a signature field from, be it its colours (12.5.6.19)."""
    return "/AP" in widget or bool(entry(widget, "/MK"))


def _place(field: Any) -> tuple[int, int] | None:
    """The number of a field's object: names may be given twice."""
    reference = field.container_ref
    return (reference.idnum, reference.generation) if reference else None


def _widgets(field: Any, depth: int = 0) -> Iterator[Any]:
    yield field
    for kid in entry(field, "/Kids") or () if depth < _DEEPEST else ():
        yield from _widgets(kid.get_object(), depth + 1)


def _pages(tree: Any, box: Any = (), depth: int = 0) -> Iterator[tuple[Any, Any]]:
    """Each page and its media box, inherited where it has none of its own."""
    box = tree.get("/MediaBox", box)
    if "/Kids" not in tree or depth > _DEEPEST:
        yield tree, box
        return
    for kid in tree["/Kids"]:
        yield from _pages(kid.get_object(), box, depth + 1)


def _page_area(box: Any) -> float:
    left, low, right, high = (float(each) for each in box)
    return abs((right - left) * (high - low))
