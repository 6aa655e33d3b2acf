"""The pages of a file as far as they are there, and what signs on them though no form lists it.

Read with qpdf, and within bounds: a kilobyte names many pages, and a tree may lead back into itself.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import islice

import pikepdf

from evidence.verify import coverage

_MOST_NODES = 10_000
_MOST_WIDGETS = 100_000
_DEEPEST = 32


class _Loop(Exception):
    """The tree leads back into itself."""


def has_a_page(pdf: pikepdf.Pdf) -> bool:
    """Whether the tree leads to one, and not back into itself.

    They are not counted: qpdf makes an object of each.
    """
    try:
        return sum(1 for _ in _pages(pdf)) > 0
    except _Loop:
        return False


def signatures_on_pages(pdf: pikepdf.Pdf) -> list[coverage.Embedded]:
    """Give the signatures of widgets on pages that the form does not lead to (ISO 32000-2, 12.7.3).

    Poppler signs so where there is a form already, and shows them; other viewers show nothing.
    """
    listed = {field.objgen for _name, field in coverage.fields_of(pdf) if field.is_indirect}
    found: dict[tuple[int, int], coverage.Embedded] = {}
    try:
        for widget in islice(_widgets(pdf), _MOST_WIDGETS):
            holder = _holder(widget, "/V")
            kind = _holder(widget, "/FT")
            if holder is None or kind is None or kind["/FT"] != "/Sig" or holder.objgen in listed:
                continue
            if isinstance(holder["/V"], pikepdf.Dictionary):
                found[holder["/V"].objgen] = coverage.read(_name(holder), holder)
    except _Loop:
        pass
    return sorted(found.values(), key=lambda each: each.end)


def _widgets(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    for page in _pages(pdf):
        annotations = page.get("/Annots")
        for each in annotations if isinstance(annotations, pikepdf.Array) else ():
            if isinstance(each, pikepdf.Dictionary) and each.get("/Subtype") == "/Widget":
                yield each


def _pages(pdf: pikepdf.Pdf) -> Iterator[pikepdf.Object]:
    """Raises `_Loop`."""
    waiting, entered = [pdf.Root.get("/Pages")], set[tuple[int, int]]()
    while waiting and len(entered) < _MOST_NODES:
        node = waiting.pop()
        kids = node.get("/Kids") if isinstance(node, pikepdf.Dictionary) else None
        if isinstance(node, pikepdf.Dictionary) and isinstance(kids, pikepdf.Array):
            if node.objgen in entered:
                raise _Loop
            entered.add(node.objgen)
            waiting += [kids[place] for place in range(min(len(kids), _MOST_NODES))]
        elif isinstance(node, pikepdf.Dictionary) and node.get("/Type") != "/Pages":
            yield node


def _holder(widget: pikepdf.Object, key: str) -> pikepdf.Object | None:
    """The nearest of a widget and what is above it that has the entry."""
    node: object = widget
    for _ in range(_DEEPEST):
        if not isinstance(node, pikepdf.Dictionary) or key in node:
            break
        node = node.get("/Parent")
    return node if isinstance(node, pikepdf.Dictionary) and key in node else None


def _name(field: pikepdf.Object) -> str:
    return coverage.text(field.get("/T", ""))
