"""Annotations of pages in two revisions: what was there is there, each once and in its order (ISO 32000-2, 12.5.2).

Those that come later are drawn over those before. New widgets may stand anywhere; the others are compared one by one,
by their objects or, where they have none of their own, by all that they lead to: many programs write them so.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import FormUpdate, SuspiciousModification
from pyhanko.sign.diff_analysis.commons import compare_dicts
from pyhanko.sign.diff_analysis.rules_api import RelativeContext

from evidence.verify.redrawing import entry, same

_DEEPEST = 64
_REFERENCE: Any = generic.IndirectObject
_NULL: Any = generic.NullObject


def annotation_updates(
    old: HistoricalResolver, new: HistoricalResolver, widgets: Mapping[generic.Reference, str]
) -> Iterator[FormUpdate]:
    """Give pages that may be other objects: on them stand new `widgets`, whose fields have these names.

    Raises `SuspiciousModification` where annotations that were there are not kept.
    """
    before, after = (list(_pages(each.root["/Pages"], 0)) for each in (old, new))
    if [reference for reference, _page in before] != [reference for reference, _page in after]:
        raise SuspiciousModification("other pages")
    for (reference, first), (_same, second) in zip(before, after, strict=True):
        yield from _page_updates(old, reference, first, second, widgets)


def _pages(node: Any, depth: int) -> Iterator[tuple[generic.Reference, Any]]:
    if depth > _DEEPEST or "/Kids" not in node:
        raise misc.PdfReadError("a tree of pages that is none")
    kids = node["/Kids"]
    for kid in (kids.raw_get(place) for place in range(len(kids))):
        if not isinstance(kid, _REFERENCE):
            raise SuspiciousModification("a page without an object of its own")
        page: Any = kid.get_object()
        if not isinstance(page, generic.DictionaryObject):
            continue  # which no reader shows
        if entry(page, "/Type") == "/Pages":
            yield from _pages(page, depth + 1)
        else:
            yield kid.reference, page


def _page_updates(
    old: HistoricalResolver, page: generic.Reference, before: Any, after: Any, widgets: Mapping[generic.Reference, str]
) -> Iterator[FormUpdate]:
    there, here = _annotations(before), _annotations(after)
    known = {each.reference for each in there if isinstance(each, _REFERENCE)}
    added = [
        each.reference
        for each in here
        if isinstance(each, _REFERENCE) and each.reference in widgets and each.reference not in known
    ]
    kept = [each for each in here if not isinstance(each, _REFERENCE) or each.reference not in set(added)]
    if len(set(added)) != len(added) or len(kept) != len(there) or not all(map(_is_kept, there, kept)):
        raise SuspiciousModification("annotations that were there are others, elsewhere or not there")
    if not added:
        return
    compare_dicts(before, after, frozenset(["/Annots", *_order_of_keyboards(after)]))
    name = widgets[added[0]] if len(added) == 1 else None
    yield FormUpdate(page, field_name=name, valid_when_locked=name is not None)
    listed = after.raw_get("/Annots")
    was = before.raw_get("/Annots") if "/Annots" in before else None
    if isinstance(listed, _REFERENCE) and (listed == was or old.is_ref_unassignable(listed.reference)):
        place = RelativeContext(page, RawPdfPath("/Annots"))
        yield FormUpdate(listed.reference, field_name=name, valid_when_locked=name is not None, context_checked=place)


def _order_of_keyboards(page: Any) -> list[str]:
    """The entry by which a keyboard goes through a page as its structure does, which programs that tag write (14.8).

    LibreOffice writes it as a text, and iText corrects that.
    """
    value = page.raw_get("/Tabs") if "/Tabs" in page else None
    return ["/Tabs"] if isinstance(value, generic.NameObject) and value == "/S" else []


def _is_kept(one: Any, other: Any) -> bool:
    if isinstance(one, _REFERENCE) or isinstance(other, _REFERENCE):
        return bool(one == other)
    return same(one, other)


def _annotations(page: Any) -> list[Any]:
    found = entry(page, "/Annots")
    if isinstance(found, generic.ArrayObject):
        every = [found.raw_get(place) for place in range(len(found))]
        return [each for each in every if not isinstance(each, _NULL)]  # which is no annotation, wherever it stands
    if found is None:
        return []
    raise SuspiciousModification("annotations that are no list")
