"""By which ways the objects of a revision are reached from its trailer: what pyHanko asks of one that is written anew.

PyHanko spells out every way on which no object comes twice, and follows references by calling itself. There are twice
as many ways through a table of contents as it has entries, each as long as the way to its entry: that takes the square
of what the file holds, and goes deeper than the interpreter's stack. Here an object is entered on its first few ways,
and of the rest it is known that they are there. What the comparison asks comes out the same, or stricter: whether
something else leads to an object, and from which place in which object.

Stricter, as a name says nothing: pyHanko follows nothing that is called `/Parent`, and records nothing that leads back
to where a way came from. A font may be called so, and a catalog be a list of fonts. Here all is recorded but what leads
from a field to the one above it. An object is known by its number: there are readers that ask for no generation.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Iterator
from functools import cached_property
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

from evidence.verify.redrawing import entry, form_of
from evidence.verify.ways import Path, Place, Steps, Way, references

_REFERENCE: Any = generic.IndirectObject
_MOST_WAYS = 4
"""On which an object is entered, beside those to pages and to the structure."""
_ANYWHERE = frozenset({Place.ELEMENTS, Place.ELSEWHERE})
_OF_TRAILERS = {"/Root", "/Info", "/ID", "/Encrypt"}
"""Of these the newest counts, which the trailer of a revision has."""
_DEEPEST = 32
_State = tuple[Any, Place]
"""An object, None for the trailer, and where the way is that it is entered on."""


class _Usages(dict[Any, Any]):
    """The ways to each object; paths are made of them when they are asked for."""

    def __init__(self, graph: _Graph) -> None:
        super().__init__(graph.found)
        self._graph = graph

    def __getitem__(self, reference: Any) -> set[RawPdfPath]:
        followed = {Path(way, steps) for way, steps in super().__getitem__(reference.idnum)}
        return followed | {Path(way, steps, further=True) for way, steps in self._graph.further(reference.idnum)}


def walk_without_depth() -> None:
    """Have pyHanko's resolvers find ways like this, in this process; calling it again changes nothing."""
    place: Any = HistoricalResolver
    place._load_reverse_xref_cache = _load  # noqa: SLF001 - there is no other place where it can be changed


def _load(resolver: Any) -> None:
    if resolver._indirect_object_access_cache is None:  # noqa: SLF001 - pyHanko's own attribute
        resolver._indirect_object_access_cache = _Usages(_Graph(resolver))  # noqa: SLF001


class _Graph:
    """What refers to what in a revision. `found`: the ways to each object, by its number, of those that were followed.

    A page is entered on its way through the tree of pages alone, and an element of structure on its way through the
    structure, as pyHanko does: else the ways would be as many as links between pages allow.
    """

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver
        self._pages, self._elements = set(_pages(resolver)), _elements(resolver)
        self._above = _above(resolver)
        self._known: dict[_State, list[tuple[Steps, Any, Place]]] = {}
        self.found: defaultdict[Any, list[tuple[Way, Steps]]] = defaultdict(list)
        self._crowded: set[_State] = set()
        self._entered: defaultdict[Any, list[Way]] = defaultdict(list)
        self._follow()

    def _follow(self) -> None:
        waiting = deque([Way(None, (), None, Place.TRAILER)])
        while waiting:
            way = waiting.popleft()
            for steps, reference, place in self._held((way.reference, way.place)):
                ways = self._entered[reference]
                self.found[reference.idnum].append((way, steps))
                if not self._is_entered(reference, place) or any(each.is_behind(way) for each in ways):
                    continue
                if place in _ANYWHERE and sum(each.place is place for each in ways) == _MOST_WAYS:
                    self._crowded.add((reference, place))
                    continue
                ways.append(Way(way, steps, reference, place))
                waiting.append(ways[-1])

    def further(self, number: int) -> Iterator[tuple[Way, Steps]]:
        """What else refers to an object, on ways that were not followed and that are none through itself."""
        holders = self._crowded_holders[number] if self._crowded else []
        if holders:
            apart = {at for at, _place in self._reached({(None, Place.TRAILER)}, without=number)}
            yield from ((self._entered[at][0], steps) for at, steps in holders if at in apart)

    @cached_property
    def _crowded_holders(self) -> defaultdict[int, list[tuple[Any, Steps]]]:
        """By number, what refers to it and is reached on more ways than were followed."""
        holders: defaultdict[int, list[tuple[Any, Steps]]] = defaultdict(list)
        for state in self._reached(self._crowded):
            for steps, reference, _place in self._held(state):
                holders[reference.idnum].append((state[0], steps))
        return holders

    def _reached(self, begin: set[_State], *, without: int | None = None) -> set[_State]:
        seen, waiting = set(begin), list(begin)
        while waiting:
            for _steps, reference, place in self._held(waiting.pop()):
                state = (reference, place)
                if reference.idnum != without and state not in seen and self._is_entered(reference, place):
                    seen.add(state)
                    waiting.append(state)
        return seen

    def _is_entered(self, reference: Any, place: Place) -> bool:
        if reference in self._pages:
            return place in {Place.PAGES, Place.NODE}
        return place is Place.ELEMENTS or reference not in self._elements

    def _held(self, state: _State) -> list[tuple[Steps, Any, Place]]:
        if state not in self._known:
            reference, place = state
            if reference is None:
                self._known[state] = [*references(self._resolver.trailer_view, place), *_containers(self._resolver)]
            else:
                above = self._above.get(reference, set())
                held = references(self._resolver(reference), place)
                self._known[state] = [each for each in held if each[0] != ("/Parent",) or each[1] not in above]
        return self._known[state]


def _containers(resolver: Any) -> Iterator[tuple[Steps, Any, Place]]:
    """Streams that hold objects or sections: readers ask for what their dictionaries name before they have anything."""
    sections = resolver.reader.xrefs
    for revision in range(resolver.revision + 1):
        for reference in sections.object_streams_used_in(revision):
            yield ("/ObjStm", reference.idnum), Reference(reference.idnum, 0, resolver), Place.ELSEWHERE
        data = sections.get_xref_data(revision)
        infos = [sections.get_xref_container_info(revision), *([data.hybrid.meta_info] if data.hybrid else [])]
        for reference in (each.stream_ref for each in infos if each.stream_ref):
            section = resolver(Reference(reference.idnum, reference.generation, resolver))
            for steps, named, place in references(section, Place.ELSEWHERE):
                if steps[0] not in _OF_TRAILERS:
                    yield ("/XRef", reference.idnum, *steps), named, place


def _pages(resolver: Any) -> Iterator[Any]:
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


def _above(resolver: Any) -> dict[Any, set[Any]]:
    """Of each field and widget of the form, the fields that have it among their kids."""
    found: dict[Any, set[Any]] = {}
    waiting = [(None, entry(form_of(resolver), "/Fields"), 0)]
    while waiting:
        holder, listed, depth = waiting.pop()
        for kid in _references(listed) if depth < _DEEPEST else ():
            if holder is not None:
                found.setdefault(kid.reference, set()).add(holder)
            field = kid.get_object()
            if isinstance(field, generic.DictionaryObject):
                waiting.append((kid.reference, entry(field, "/Kids"), depth + 1))
    return found


def _references(listed: Any) -> list[Any]:
    every = [listed.raw_get(n) for n in range(len(listed))] if isinstance(listed, generic.ArrayObject) else []
    return [each for each in every if isinstance(each, _REFERENCE)]


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
