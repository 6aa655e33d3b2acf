"""By which ways the objects of a revision are reached from its trailer: what pyHanko asks of one that is written anew.

PyHanko follows references by calling itself, once for each link of a chain: a table of contents with some hundred
entries beside one another goes deeper than the interpreter does, and the file is called altered. Here the same ways are
walked without that, and are spelt out only for the objects that are asked about.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

_REFERENCE: Any = generic.IndirectObject
_STRUCTURE = ["/Root", "/StructTreeRoot", "/K"]


class _Way:
    """A way from the trailer, as its last step and the way before that."""

    __slots__ = ("before", "step")

    def __init__(self, before: _Way | None, step: str | int) -> None:
        self.before, self.step = before, step

    def backwards(self) -> Iterator[str | int]:
        at: _Way | None = self
        while at is not None:
            yield at.step
            at = at.before

    def spelt(self) -> list[str | int]:
        return list(self.backwards())[::-1]


class _Usages(dict[Any, Any]):
    """The ways to each object; spelt out when they are asked for."""

    def __getitem__(self, reference: Any) -> set[RawPdfPath]:
        return {RawPdfPath(*way.spelt()) for way in super().__getitem__(reference)}


@dataclass
class _Level:
    """An object whose entries are being walked. `reference`: its own, where it has one."""

    entries: Iterator[tuple[str | int, Any]]
    way: _Way | None
    in_structure: bool
    reference: Any


def walk_without_depth() -> None:
    """Have pyHanko's resolvers find ways like this, in this process; calling it again changes nothing."""
    place: Any = HistoricalResolver
    place._load_reverse_xref_cache = _load  # noqa: SLF001 - there is no other place where it can be changed


def _load(resolver: Any) -> None:
    if resolver._indirect_object_access_cache is None:  # noqa: SLF001 - pyHanko's own attribute
        resolver._indirect_object_access_cache = _usages(resolver)  # noqa: SLF001


def _usages(resolver: Any) -> _Usages:
    """Every way on which no object comes twice.

    A page is entered on its way through the tree of pages alone, and an element of structure on its way through the
    structure: else the ways would be as many as links between pages allow.
    """
    pages, elements = dict(_pages(resolver)), _elements(resolver)
    found: defaultdict[Any, list[_Way]] = defaultdict(list)
    above: set[Any] = set()
    levels = [_Level(_entries(resolver.trailer_view), None, in_structure=False, reference=None)]
    while levels:
        level = levels[-1]
        step, value = next(level.entries, ("", None))
        if value is None:
            above.discard(levels.pop().reference)
            continue
        if step == "/Parent" or (level.in_structure and step == "/P"):
            continue
        way, reference = _Way(level.way, step), None
        in_structure = level.in_structure or (step == "/K" and way.spelt() == _STRUCTURE)
        if isinstance(value, _REFERENCE):
            reference = value.reference
            if reference in above:
                continue
            found[reference].append(way)
            canonical = pages.get(reference)
            if canonical is not None and not _is_same(way, canonical):
                continue
            if reference in elements and not in_structure:
                continue
            value = resolver(reference)
            above.add(reference)
        levels.append(_Level(_entries(value), way, in_structure, reference))
    return _Usages(found)


def _entries(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, generic.DictionaryObject):
        return iter(value.items())
    return enumerate(value) if isinstance(value, generic.ArrayObject) else iter(())


def _is_same(one: _Way, other: _Way) -> bool:
    return all(a == b for a, b in zip(_padded(one), _padded(other), strict=False))


def _padded(way: _Way) -> Iterable[str | int | None]:
    yield from way.backwards()
    yield None


def _pages(resolver: Any) -> Iterator[tuple[Any, _Way]]:
    """The nodes of the tree of pages, with their ways. Raises `misc.PdfReadError` where one comes twice."""
    root = resolver.root.raw_get("/Pages")
    way, seen = _Way(_Way(None, "/Root"), "/Pages"), set()
    waiting = [(root, way)]
    while waiting:
        node, way = waiting.pop()
        if isinstance(node, _REFERENCE):
            if node.reference in seen:
                raise misc.PdfReadError("a tree of pages that leads back into itself")
            seen.add(node.reference)
            yield node.reference, way
        page: Any = node.get_object()
        if page is root.get_object() or page.get("/Type", None) == "/Pages":
            kids, below = page["/Kids"], _Way(way, "/Kids")
            waiting += [(kids.raw_get(n), _Way(below, n)) for n in range(len(kids))]


def _elements(resolver: Any) -> set[Any]:
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
