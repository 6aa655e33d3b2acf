"""Streams of objects (ISO 32000-2, 7.5.7): which each holds, each once and in the place that its entry names.

A reader that takes all objects out of a stream at once takes the last of two with one number; one that goes by the
place takes the other.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from evidence.sections.data import read_all
from evidence.sections.syntax import Body, Content, Name, NotCanonical, read_value


@dataclass(frozen=True)
class Held:
    """Numbers of the objects of a stream in their order, and where each begins in `data`."""

    at: int
    numbers: Sequence[int]
    places: Sequence[int]
    data: bytes

    def check(self, number: int, rank: int) -> None:
        """Raise `NotCanonical` where another object than `number` stands in the place `rank`."""
        if rank >= len(self.numbers) or self.numbers[rank] != number:
            raise NotCanonical(self.at, "another object in the place of one")

    def integer(self, number: int) -> int | None:
        """The value of an object that is an integer; None of one that is none, or not there."""
        if number not in self.numbers:
            return None
        value, _end = read_value(self.data, self.places[self.numbers.index(number)])
        return value if type(value) is int else None


def read_held(content: Content, body: Body, decrypted: bytes | None = None) -> Held:
    """What a stream of objects holds. `decrypted`: its data, where the file is encrypted. Raises `NotCanonical`."""
    told = body.value if isinstance(body.value, dict) else {}
    count, first = told.get(b"N"), told.get(b"First")
    if told.get(b"Type") != Name(b"ObjStm") or type(count) is not int or type(first) is not int:
        raise NotCanonical(body.start, "no stream of objects")
    data = read_all(content, body) if decrypted is None else decrypted
    table = data[:first].split()
    if len(table) != 2 * count or not all(each.isdigit() and len(each) <= 10 for each in table):  # noqa: PLR2004
        raise NotCanonical(body.start, "a stream of objects without a table")
    numbers, places = [int(each) for each in table[::2]], [first + int(each) for each in table[1::2]]
    if len(set(numbers)) != count or places != sorted(set(places)) or max(places, default=0) > len(data):
        raise NotCanonical(body.start, "a stream with two objects in one place")
    return Held(body.start, numbers, places, data)
