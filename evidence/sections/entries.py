"""Entries of a cross-reference section, and what must hold for each (ISO 32000-2, 7.5.4, 7.5.8.3)."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, NamedTuple

from evidence.sections.syntax import Body, NotCanonical

FREE, IN_USE, COMPRESSED = 0, 1, 2
LARGEST_SIZE = 8_388_608
"""One more than the largest number of an object (ISO 32000-1, annex C)."""
_LARGEST_GENERATION = 65535


class Entry(NamedTuple):
    """Type, offset or number of the object stream, generation or place in that stream."""

    kind: int
    place: int
    rank: int


@dataclass(frozen=True)
class Section:
    """`previous`: offset of the section before it. `hybrid`: of the stream beside a table. `dictionary`: the trailer.

    `body`: the object of a section that is a stream.
    """

    start: int
    end: int
    entries: dict[int, Entry]
    dictionary: dict[bytes, Any]
    previous: int | None
    hybrid: int | None = None
    body: Body | None = None


def entry(kind: int, place: int, rank: int, number: int, at: int) -> Entry:
    """The entry of `number`, met at `at`. Raises `NotCanonical` where its type or generation is none."""
    if kind not in {FREE, IN_USE, COMPRESSED} or (number == 0 and kind != FREE):
        raise NotCanonical(at, "an entry of no known type")
    if kind != COMPRESSED and rank > _LARGEST_GENERATION:
        raise NotCanonical(at, "a generation that there is not")
    return Entry(kind, place, rank)


def check_size(dictionary: Any, entries: dict[int, Entry], at: int) -> None:
    """Raise `NotCanonical` where `/Size` is no integer that is above every number and that readers hold."""
    size = dictionary.get(b"Size") if isinstance(dictionary, dict) else None
    if type(size) is not int or not max(entries, default=-1) < size <= LARGEST_SIZE:
        raise NotCanonical(at, "a size that does not fit")


def offset_in(dictionary: dict[bytes, Any], name: bytes, at: int) -> int | None:
    """The offset under a name of a trailer, None where it names none. Raises `NotCanonical`."""
    value = dictionary.get(name)
    if value is not None and (type(value) is not int or value < 0):
        raise NotCanonical(at, "an offset that is none")
    return value
