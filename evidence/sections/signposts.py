"""What a reader finds that looks for objects by itself, as it does once a table has misled it (ISO 32000-2, 7.5.6).

It takes whatever looks like the beginning of an object or a trailer, inside of streams and strings, too; all that is in
a stream of objects; and a catalog. None of that may stand in a revision but where its section says so, and each in its
part: else what was added after a signature shows as soon as somebody's reader repairs the file.
"""

from __future__ import annotations

import re
from collections.abc import Container, Mapping

from evidence.sections.entries import COMPRESSED, Entry, Section
from evidence.sections.object_streams import Held
from evidence.sections.syntax import Body, Content, Name, NotCanonical, Reference

_BLANK = rb"[\x00\t\n\x0c\r ]"
_SIGNS = re.compile(
    rb"(?P<object>(?<!\d)\d++" + _BLANK + rb"++\d++" + _BLANK + rb"++obj(?![A-Za-z]))"
    rb"|(?P<trailer>trailer" + _BLANK + rb"*+<<)"
    rb"|(?P<start>startxref" + _BLANK + rb"++\d)"
)


def check_signs(content: Content, since: int, end: int, section: Section, places: Container[int]) -> None:
    """Raise `NotCanonical` where something between two offsets looks like an object, a trailer or an end, and is none.

    `places`: where objects stand. `section`: of the revision that ends there.
    """
    trailers = 0 if section.body else 1
    starts = 1
    for found in _SIGNS.finditer(content, since, end):
        at = found.start()
        if found["object"]:
            is_one = at in places
        elif found["trailer"]:
            is_one, trailers = trailers > 0 and section.start < at < section.end, trailers - 1
        else:
            is_one, starts = starts > 0 and at >= section.end, starts - 1
        if not is_one:
            raise NotCanonical(at, "what looks like a part of the file")


def kind_of(body: Body) -> bytes | None:
    """What an object says that it is. Raises `NotCanonical` of a stream that says so elsewhere."""
    kind = body.value.get(b"Type") if isinstance(body.value, dict) else None
    if isinstance(kind, Reference) and body.length is not None:
        raise NotCanonical(body.start, "a stream of a kind that is told elsewhere")
    return kind if isinstance(kind, Name) else None


def check_part(body: Body, kind: bytes | None, section: Section) -> None:
    """Raise `NotCanonical` of an object that is a section or a catalog for a reader that has none."""
    is_root = section.dictionary.get(b"Root") == Reference(body.number, body.generation)
    if kind == b"XRef" or (kind == b"Catalog" and not is_root):
        raise NotCanonical(body.start, "a section or a catalog that is none")


def check_all_listed(number: int, held: Held, entries: Mapping[int, Entry]) -> None:
    """Raise `NotCanonical` where a stream of objects holds one that its section does not name, there."""
    for rank, each in enumerate(held.numbers):
        if entries.get(each) != Entry(COMPRESSED, number, rank):
            raise NotCanonical(held.at, "an object in a stream that its section does not list")
