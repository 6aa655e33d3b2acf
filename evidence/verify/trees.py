"""The trees of a revision: its pages, its fields, its structure (ISO 32000-2, 7.7.3, 12.7.4 and 14.7.2)."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic, misc

from evidence.verify.redrawing import entry, form_of

_REFERENCE: Any = generic.IndirectObject
_DEEPEST = 32


def page_nodes(resolver: Any) -> Iterator[Any]:
    """The nodes of the tree of pages. Raises `misc.PdfReadError` where one comes twice."""
    root, seen = resolver.root.raw_get("/Pages"), set()
    waiting = [root]
    while waiting:
        node = waiting.pop()
        if isinstance(node, _REFERENCE):
            if node.reference in seen:
                raise misc.PdfReadError("a tree of pages that leads back into itself")
            seen.add(node.reference)
            yield node.reference
        page: Any = node.get_object()
        if not isinstance(page, generic.DictionaryObject):
            continue
        if page is root.get_object() or page.get("/Type", None) == "/Pages":
            kids = page["/Kids"]
            waiting += [kids.raw_get(n) for n in range(len(kids))]


def fields_above(resolver: Any) -> dict[Any, set[Any]]:
    """Of each field and widget of the form, the fields that have it among their kids; none of those at its root."""
    found: dict[Any, set[Any]] = {}
    waiting = [(None, entry(form_of(resolver), "/Fields"), 0)]
    while waiting:
        holder, listed, depth = waiting.pop()
        for kid in _references(listed) if depth < _DEEPEST else ():
            is_known = kid.reference in found
            above = found.setdefault(kid.reference, set())
            if holder is not None:
                above.add(holder)
            field = kid.get_object()
            if not is_known and isinstance(field, generic.DictionaryObject):
                waiting.append((kid.reference, entry(field, "/Kids"), depth + 1))
    return found


def elements(resolver: Any) -> set[Any]:
    """The elements of structure. Raises `misc.PdfReadError` where one comes twice."""
    found: set[Any] = set()
    waiting = [resolver.root["/StructTreeRoot"]] if "/StructTreeRoot" in resolver.root else []
    while waiting:
        children = waiting.pop().get("/K", None)
        for child in children if isinstance(children, generic.ArrayObject) else [children]:
            element = child.get_object() if isinstance(child, _REFERENCE) else child
            if (
                not isinstance(element, generic.DictionaryObject)
                or element.get("/Type", "/StructElem") != "/StructElem"
            ):
                continue
            if isinstance(child, _REFERENCE):
                if child.reference in found:
                    raise misc.PdfReadError("a tree of structure that leads back into itself")
                found.add(child.reference)
            waiting.append(element)
    return found


def _references(listed: Any) -> list[Any]:
    every = [listed.raw_get(n) for n in range(len(listed))] if isinstance(listed, generic.ArrayObject) else []
    return [each for each in every if isinstance(each, _REFERENCE)]
