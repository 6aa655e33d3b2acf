"""What signature fields that were added later draw on the pages (ISO 32000-2, 12.7.5.5 and 12.5.5).

A later signature is no alteration, and may be seen. What it draws stands above the text that was signed before: a
field as large as the page hides all of it, and shows whatever it likes instead ("sneaky signature", Mainka et al.,
2021). So do several together, and one in many pieces. A document time stamp has nothing to show, and a signer needs no
quarter of a page. A field that was prepared before somebody signed, and that others sign later, is measured, too: its
place was accepted, and what would be drawn there was not. A drawing fills the rectangle of its field and never
more (12.5.5), unless a flag has it stand upright on a page that is turned, or keep its size (12.5.3).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any, NamedTuple

from pyhanko.pdf_utils.generic import DictionaryObject, Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.fields import enumerate_sig_fields

from evidence.verify.areas import Rect, area, inside, rect_of, union
from evidence.verify.case import Case
from evidence.verify.redrawing import entry, same

_DEEPEST = 32
_LETTER: Rect = (0.0, 0.0, 612.0, 792.0)
"""A page without a box of its own, as readers show it."""
_SMALL = 210 * 75.0
"""Square points that fit on any page a person reads, our stamp among them: so much is never too much there."""
_OF_A_CARD = 1 / 2
"""Of a page so small that as much is more of it: a card has a stamp, and its text besides."""
_OF_A_SIGNER = 1 / 4
_OF_LARGE = 1 / 2
"""Of a page, what the large fields of all signers take: integrators have images of 300 x 100 points, for six people."""
_OF_ALL = 2 / 3
"""Of a page: the stamps of twenty signers take more than its half where we place them, one above the other."""
_PREPARED = 1 / 2
"""Of a page: a form of the size of a card has fields that take more than a quarter of it."""
_OF_A_NOTE = 1 / 2
"""Of another annotation below a field: more of it is not hidden by a rim."""
_NO_ZOOM, _NO_ROTATE = 0b1000, 0b10000
"""Flags with which what is drawn leaves its rectangle: the second on a page that is turned (poppler always sets it)."""
_NOT_DRAWN = {"/Link", "/Popup"}


@dataclass(frozen=True)
class _Drawn:
    """What one widget draws: where, by whose certificate, with which flags; whether it was there before."""

    place: tuple[int, int] | None
    rect: Rect
    by: bytes
    flags: int
    prepared: bool

    def leaves(self, *, turned: bool) -> bool:
        """Whether it is drawn outside of its rectangle on a page that is `turned`, or is not."""
        outside = _NO_ZOOM | (_NO_ROTATE if turned else 0)
        return bool(self.flags & outside) and area(self.rect) > 0


class _Sheet(NamedTuple):
    """A page, the part of it that is shown, and whether it is shown turned."""

    page: Any
    shown: Rect
    turned: bool


def covers(case: Case, signature: Any) -> bool:
    """Whether fields that were signed after `signature` draw what they have no need to draw.

    What was drawn when `signature` was made, and is drawn still, was signed. A time stamp has no need at all.
    """
    before = signature.reader.get_historical_resolver(signature.signed_revision)
    there = _fields(before)
    later = [
        each
        for each in case.signatures
        if each.signed_revision > signature.signed_revision or _place(each.sig_field) not in there
    ]
    if any(area(each.rect) for one in later if case.embedded(one).is_timestamp for each in _drawn(one, before)):
        return True
    seen = [each for one in later for each in _drawn(one, before)]
    pages = list(_pages(case.catalog["/Pages"])) if seen else []
    anywhere = {_place(each) for sheet in pages for each in _annotations(sheet.page)}
    astray = [each for each in seen if each.place not in anywhere]
    return any(_hides(sheet, seen, astray) for sheet in pages)


def adds_unsigned(case: Case, signature: Any) -> bool:
    """Whether signature fields were added after `signature` that nobody signed: nothing speaks for what they show."""
    signed = {_place(each.sig_field) for each in case.signatures}
    current = signature.reader.get_historical_resolver(case.revisions - 1)
    return bool(_fields(current) - _before(signature) - signed)


def _before(signature: Any) -> set[tuple[int, int] | None]:
    return _fields(signature.reader.get_historical_resolver(signature.signed_revision))


def _fields(revision: HistoricalResolver) -> set[tuple[int, int] | None]:
    return {_place(field.get_object()) for _name, _value, field in enumerate_sig_fields(revision)}


def _hides(sheet: _Sheet, seen: list[_Drawn], astray: list[_Drawn]) -> bool:
    """Whether one is so large that it covers a quarter of this page, or what is on it hides too much of it.

    `astray`: what is on no page, and would be here for some reader.
    """
    page, box = sheet.page, sheet.shown
    small = min(_SMALL / _unit(page) ** 2, area(box) * _OF_A_CARD)
    parts = (_OF_A_SIGNER, _OF_LARGE, _OF_ALL, _PREPARED)
    of_a_signer, of_large, of_all, prepared = (max(area(box) * part, small) for part in parts)
    annotations = _annotations(page)
    places = {_place(each) for each in annotations}
    here = [each for each in seen if each.place in places]
    if any(each.leaves(turned=sheet.turned) for each in (*here, *astray)):
        return True
    if any(area(each.rect) > (prepared if each.prepared else of_a_signer) for each in (*here, *astray)):
        return True
    if any(_hides_another(each, annotations) for each in here if each.prepared):
        return True
    added = [each for each in here if not each.prepared]
    large = [each for each in added if area(each.rect) > small]
    of_one = [[each for each in added if each.by == by] for by in {each.by for each in added}]
    if any(_covered(box, each) > of_a_signer for each in of_one):
        return True
    return _covered(box, large) > of_large or _covered(box, here) > of_all


def _unit(page: Any) -> float:
    """Points of a unit of this page (14.11.2, /UserUnit); 1 where it says less, as readers do that do not ask."""
    try:
        return max(1.0, float(entry(page, "/UserUnit")))
    except (ValueError, TypeError):
        return 1.0


def _hides_another(drawn: _Drawn, annotations: list[Any]) -> bool:
    """Whether it hides an annotation that is drawn before it, and so below (12.5.2)."""
    for each in annotations:
        if _place(each) == drawn.place:
            return False
        rect = rect_of(entry(each, "/Rect"))
        is_drawn = "/AP" in each and entry(each, "/Subtype") not in _NOT_DRAWN
        if is_drawn and area(inside(drawn.rect, rect)) > area(rect) * _OF_A_NOTE:
            return True
    return False


def _covered(box: Rect, drawn: Iterable[_Drawn]) -> float:
    return union([inside(each.rect, box) for each in drawn])


def _drawn(signature: Any, before: HistoricalResolver) -> list[_Drawn]:
    """What a signature draws that its widgets did not draw `before`."""
    by, found = _signer(signature), []
    prepared = _place(signature.sig_field) in _fields(before)
    for widget in _widgets(signature.sig_field):
        place = _place(widget)
        old = before(Reference(*place, before)) if place and prepared else None
        if _may_draw(widget) and not (isinstance(old, DictionaryObject) and _looks_the_same(old, widget)):
            flags = entry(widget, "/F")
            told = int(flags) if isinstance(flags, int) else 0
            found.append(_Drawn(place, rect_of(entry(widget, "/Rect")), by, told, prepared))
    return found


def _looks_the_same(old: Any, new: Any) -> bool:
    return all(same(entry(old, key), entry(new, key)) for key in ("/AP", "/AS", "/F", "/MK", "/Rect"))


def _may_draw(widget: Any) -> bool:
    """Whether there is anything that a reader draws a signature field from, be it its colours (12.5.6.19)."""
    return "/AP" in widget or bool(entry(widget, "/MK"))


def _signer(signature: Any) -> bytes:
    """The certificate that signed, or the field where none can be read."""
    try:
        return bytes(signature.signer_cert.sha256)
    except (ValueError, TypeError, KeyError, AttributeError):
        return str(signature.field_name).encode()


def _annotations(page: Any) -> list[Any]:
    every = (each.get_object() for each in page.get_and_apply("/Annots", list, default=()))
    return [each for each in every if isinstance(each, DictionaryObject)]


def _place(field: Any) -> tuple[int, int] | None:
    """The number of a field's object: names may be given twice."""
    reference = field.container_ref
    return (reference.idnum, reference.generation) if reference else None


def _widgets(field: Any, depth: int = 0) -> Iterator[Any]:
    yield field
    for kid in entry(field, "/Kids") or () if depth < _DEEPEST else ():
        yield from _widgets(kid.get_object(), depth + 1)


def _pages(tree: Any, media: Any = (), crop: Any = (), turn: Any = 0, depth: int = 0) -> Iterator[_Sheet]:
    """Each page; its boxes and how it is turned are inherited where it has none of its own."""
    media, crop = entry(tree, "/MediaBox") or media, entry(tree, "/CropBox") or crop
    turn = found if (found := entry(tree, "/Rotate")) is not None else turn
    if "/Kids" not in tree or depth > _DEEPEST:
        whole = rect_of(media) if area(rect_of(media)) else _LETTER
        shown = inside(rect_of(crop), whole)
        yield _Sheet(tree, shown if area(shown) else whole, turn not in (0, 360, -360))
        return
    for kid in (each.get_object() for each in tree["/Kids"]):
        if isinstance(kid, DictionaryObject):
            yield from _pages(kid, media, crop, turn, depth + 1)
