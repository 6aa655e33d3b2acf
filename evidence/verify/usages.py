"""By which ways the objects of a revision are reached from its trailer: what pyHanko asks of one that is written anew.

PyHanko spells out every way on which no object comes twice, and follows references by calling itself. There are twice
as many ways through a table of contents as it has entries, each as long as the way to its entry: that takes the square
of what the file holds, and goes deeper than the interpreter's stack. Here an object is entered on its first few ways,
and of the rest it is known that they are there. What the comparison asks comes out the same, or stricter: whether
something else leads to an object, and from which place in which object.

Asked is for what later revisions write anew, and for fields. So each object is looked at once, and entered on its ways
only where one of these is reached from it: fonts that a thousand pages share lead to none.

Stricter, as a name says nothing: pyHanko follows nothing that is called `/Parent`, and records nothing that leads back
to where a way came from. A font may be called so, and a catalog be a list of fonts. Here all is recorded but what leads
from a field to the one above it. An object is known by its number: there are readers that ask for no generation.
"""

from __future__ import annotations

from collections import defaultdict, deque
from collections.abc import Container, Iterator
from functools import cached_property
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath

from evidence.verify.held import Edge, held, held_by_trailer
from evidence.verify.trees import elements, fields_above, page_nodes
from evidence.verify.ways import Path, Place, Steps, Way

_MOST_WAYS = 4
"""On which an object is entered, beside those to pages and to the structure."""
_ANYWHERE = frozenset({Place.ELEMENTS, Place.ELSEWHERE})
_State = tuple[Any, Place]
"""An object, None for the trailer, and where the way is that it is entered on."""
_TRAILER: _State = (None, Place.TRAILER)


class _Every:
    """All numbers."""

    def __contains__(self, number: object) -> bool:
        return True


class _Usages:
    """The ways to each object, looked for when somebody asks for them."""

    def __init__(self, resolver: Any) -> None:
        self._resolver = resolver
        self._likely = _likely(resolver)
        self._found: dict[int, set[RawPdfPath]] = {}

    def __getitem__(self, reference: Any) -> set[RawPdfPath]:
        number = reference.idnum
        if number not in self._found:
            self._found[number] = (self._graph if number in self._likely else self._whole).ways_to(number)
        return self._found[number]

    @cached_property
    def _graph(self) -> _Graph:
        return _Graph(self._resolver, self._likely)

    @cached_property
    def _whole(self) -> _Graph:
        return _Graph(self._resolver, _Every())


def walk_without_depth() -> None:
    """Have pyHanko's resolvers find ways like this, in this process; calling it again changes nothing."""
    place: Any = HistoricalResolver
    place._load_reverse_xref_cache = _load  # noqa: SLF001 - there is no other place where it can be changed


def _load(resolver: Any) -> None:
    if resolver._indirect_object_access_cache is None:  # noqa: SLF001 - pyHanko's own attribute
        resolver._indirect_object_access_cache = _Usages(resolver)  # noqa: SLF001


def _likely(resolver: Any) -> set[int]:
    """Numbers that are asked for: what later revisions write anew or call free, fields, and what those are drawn by."""
    sections = resolver.reader.xrefs
    found: set[int] = set()
    for revision in range(resolver.revision + 1, sections.total_revisions):
        found.update(each.idnum for each in sections.explicit_refs_in_revision(revision))
    for reference in fields_above(resolver):
        field = resolver(reference)
        drawn = field.raw_get("/AP") if isinstance(field, generic.DictionaryObject) and "/AP" in field else None
        found.update(each.idnum for each in (reference, drawn) if isinstance(each, Reference | generic.IndirectObject))
    return found


class _Graph:
    """What refers to what in a revision, as far as it leads to the objects that are `asked` for, by their numbers.

    A page is entered on its way through the tree of pages alone, and an element of structure on its way through the
    structure, as pyHanko does: else the ways would be as many as links between pages allow.
    """

    def __init__(self, resolver: Any, asked: Container[int]) -> None:
        self._resolver, self._asked = resolver, asked
        self._pages, self._elements = set(page_nodes(resolver)), elements(resolver)
        self._above = fields_above(resolver)
        self._edges = self._leading()
        self._found: defaultdict[Any, list[tuple[Way, Steps]]] = defaultdict(list)
        self._crowded: set[_State] = set()
        self._entered: defaultdict[Any, list[Way]] = defaultdict(list)
        self._follow()

    def ways_to(self, number: int) -> set[RawPdfPath]:
        followed = {Path(way, steps) for way, steps in self._found[number]}
        return followed | {Path(way, steps, further=True) for way, steps in self._further(number)}

    def _leading(self) -> dict[_State, list[Edge]]:
        """From which places something that is asked for is reached, and by what; each place is looked at once."""
        every, seen, waiting = dict[_State, list[Edge]](), {_TRAILER}, [_TRAILER]
        before: defaultdict[_State, list[_State]] = defaultdict(list)
        leading: set[_State] = set()
        while waiting:
            state = waiting.pop()
            every[state] = self._held(state)
            for _steps, reference, place in every[state]:
                after = (reference, place)
                if reference.idnum in self._asked:
                    leading.add(state)
                if self._is_entered(reference, place):
                    before[after].append(state)
                    if after not in seen:
                        seen.add(after)
                        waiting.append(after)
        waiting = list(leading)
        while waiting:
            for state in before[waiting.pop()]:
                if state not in leading:
                    leading.add(state)
                    waiting.append(state)
        return {
            state: [each for each in every[state] if each[1].idnum in self._asked or each[1:] in leading]
            for state in leading
        }

    def _follow(self) -> None:
        waiting = deque([Way(None, (), None, Place.TRAILER)])
        while waiting:
            way = waiting.popleft()
            for steps, named, place in self._edges.get((way.reference, way.place), ()):
                reference = Reference(named.idnum, named.generation, self._resolver)
                ways = self._entered[reference]
                if reference.idnum in self._asked:
                    self._found[reference.idnum].append((way, steps))
                if (reference, place) not in self._edges or any(each.is_behind(way) for each in ways):
                    continue
                if place in _ANYWHERE and sum(each.place is place for each in ways) == _MOST_WAYS:
                    self._crowded.add((reference, place))
                    continue
                ways.append(Way(way, steps, reference, place))
                waiting.append(ways[-1])

    def _further(self, number: int) -> Iterator[tuple[Way, Steps]]:
        """What else refers to an object, on ways that were not followed and that are none through itself."""
        holders = self._crowded_holders[number] if self._crowded else []
        if holders:
            apart = {at for at, _place in self._reached({_TRAILER}, without=number)}
            yield from ((self._entered[at][0], steps) for at, steps in holders if at in apart)

    @cached_property
    def _crowded_holders(self) -> defaultdict[int, list[tuple[Any, Steps]]]:
        """By number, what refers to it and is reached on more ways than were followed."""
        holders: defaultdict[int, list[tuple[Any, Steps]]] = defaultdict(list)
        for state in self._reached(self._crowded):
            for steps, reference, _place in self._edges[state]:
                holders[reference.idnum].append((state[0], steps))
        return holders

    def _reached(self, begin: set[_State], *, without: int | None = None) -> set[_State]:
        seen, waiting = set(begin), list(begin)
        while waiting:
            for _steps, reference, place in self._edges[waiting.pop()]:
                state = (reference, place)
                if reference.idnum != without and state not in seen and state in self._edges:
                    seen.add(state)
                    waiting.append(state)
        return seen

    def _is_entered(self, reference: Any, place: Place) -> bool:
        if reference in self._pages:
            return place in {Place.PAGES, Place.NODE}
        return place is Place.ELEMENTS or reference not in self._elements

    def _held(self, state: _State) -> list[Edge]:
        reference, place = state
        if reference is None:
            return held_by_trailer(self._resolver)
        above = self._above.get(reference, set())
        return [
            each for each in held(self._resolver, reference, place) if each[0] != ("/Parent",) or each[1] not in above
        ]
