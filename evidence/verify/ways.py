"""Ways from the trailer of a revision to its objects, and the references that each object holds."""

from __future__ import annotations

from collections.abc import Iterator
from enum import Enum, auto
from itertools import chain
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import RawPdfPath

Steps = tuple[str | int, ...]

_REFERENCE: Any = generic.IndirectObject
_LONGEST = 256
"""Steps of a way that is compared: rules approve none as long as that, of fields at most 32 deep."""


class Place(Enum):
    """Where a way is: on the only one to a node of the tree of pages, inside the structure, or anywhere else."""

    TRAILER = auto()
    CATALOG = auto()
    PAGES = auto()
    NODE = auto()
    KIDS = auto()
    STRUCTURE = auto()
    ELEMENTS = auto()
    ELSEWHERE = auto()


_NEXT = {
    (Place.TRAILER, "/Root"): Place.CATALOG,
    (Place.CATALOG, "/Pages"): Place.PAGES,
    (Place.CATALOG, "/StructTreeRoot"): Place.STRUCTURE,
    (Place.PAGES, "/Kids"): Place.KIDS,
    (Place.STRUCTURE, "/K"): Place.ELEMENTS,
}


def _after(place: Place, step: str | int, holder: Any) -> Place:
    """The place after a step from an object or a part of one; leaves of the tree of pages have no kids that count."""
    if place is Place.ELEMENTS:
        return place
    if place is Place.KIDS and isinstance(step, int):
        return Place.NODE
    if place is Place.NODE and step == "/Kids" and holder.get("/Type", None) == "/Pages":
        return Place.KIDS
    return _NEXT.get((place, step), Place.ELSEWHERE)  # type: ignore[arg-type]  # a number is none of these


def references(value: Any, place: Place) -> Iterator[tuple[Steps, Any, Place]]:
    """The references that an object holds: the steps to each, what it is to, and the place there."""
    waiting: list[tuple[Steps, Any, Place]] = [((), value, place)]
    while waiting:
        steps, value, place = waiting.pop()
        for step, part in _entries(value):
            after = _after(place, step, value)
            if isinstance(part, _REFERENCE):
                yield (*steps, step), part.reference, after
            else:
                waiting.append(((*steps, step), part, after))


def _entries(value: Any) -> Iterator[tuple[str | int, Any]]:
    if isinstance(value, generic.DictionaryObject):
        return iter(value.items())
    return enumerate(value) if isinstance(value, generic.ArrayObject) else iter(())


class Way:
    """A way to an object: the one to the object that refers to it, and the steps inside of that one.

    `reference`: the object, None for the trailer. `jump`: a way further back; with it, one some way back is found in
    as many steps as that distance has digits (Myers, An applicative random-access stack, 1983).
    """

    __slots__ = ("before", "depth", "jump", "length", "place", "reference", "steps")

    def __init__(self, before: Way | None, steps: Steps, reference: Any, place: Place) -> None:
        self.before, self.steps, self.reference, self.place = before, steps, reference, place
        self.depth: int = before.depth + 1 if before else 0
        self.length: int = before.length + len(steps) if before else 0
        self.jump: Way = self
        if before:
            far = before.jump
            self.jump = far.jump if before.depth - far.depth == far.depth - far.jump.depth else before

    def is_behind(self, other: Way) -> bool:
        """Whether this is where `other` began."""
        at = other
        while at.depth > self.depth:
            at = at.jump if at.jump.depth >= self.depth or not at.before else at.before
        return at is self

    def spelt(self) -> Steps:
        parts: list[Steps] = []
        at: Way | None = self
        while at is not None:
            parts.append(at.steps)
            at = at.before
        return tuple(chain.from_iterable(reversed(parts)))


class Path(RawPdfPath):
    """A path of pyHanko's, by `steps` from the object at the end of a way, which is spelt out when somebody asks.

    `further`: it stands for ways that were not followed, which are like no path. So is one that is long.
    """

    def __init__(self, way: Way, steps: Steps, *, further: bool = False) -> None:
        self._way, self._steps = way, steps
        self._is_alone = further or len(self) > _LONGEST

    @property
    def last(self) -> Steps:
        """The steps from the last object on the way."""
        return self._steps

    @property
    def path(self) -> Steps:  # type: ignore[override]  # pyHanko's attribute
        return (*self._way.spelt(), *self._steps)

    def __len__(self) -> int:
        return self._way.length + len(self._steps)

    def __hash__(self) -> int:
        return id(self) if self._is_alone else super().__hash__()  # type: ignore[no-untyped-call]

    def __eq__(self, other: object) -> bool:
        if self._is_alone or (isinstance(other, Path) and other._is_alone):
            return self is other
        return bool(super().__eq__(other))  # type: ignore[no-untyped-call]

    def __str__(self) -> str:
        return f"a way of {len(self)} steps" if self._is_alone else super().__str__()  # type: ignore[no-untyped-call]

    def __repr__(self) -> str:
        return f"Path({self})"

    def walk_nodes(self, from_obj: Any, transparent_dereference: bool = True) -> Any:  # noqa: FBT001, FBT002 - as there
        """What is on the way. Without following references: the last object, and the steps from there.

        For this is what a relative context is made of; what stands at each step it does not ask.
        """
        if transparent_dereference:
            return super().walk_nodes(from_obj, transparent_dereference)
        last = self._way.reference
        begin = _REFERENCE(last.idnum, last.generation, last.pdf) if last else None
        return iter([(None, begin), *((each, None) for each in self._steps)])
