"""Cross-reference sections (ISO 32000-2, 7.5.4, 7.5.5, 7.5.8): tables and streams, in canonical form.

In canonical form a section names each object once, in entries of types 0 to 2; `/Size` is an integer that readers
hold and that is above every number; an entry of a table has twenty bytes. Whatever is otherwise, readers take in
different ways: which of two entries counts, where the next entry begins, whether the section counts at all.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from typing import Any

from evidence.sections.data import read_data
from evidence.sections.entries import FREE, IN_USE, LARGEST_SIZE, Entry, Section, check_size, entry, offset_in
from evidence.sections.syntax import Content, Name, NotCanonical, Reference, read_object, read_value

_LAST = 2048
_WIDEST = 8
_TABLE = re.compile(rb"[\x00\t\n\x0c\r ]{0,16}+xref[ \t]*(?:\r\n|\n|\r)")
_PART = re.compile(rb"(\d{1,10})[ \t]+(\d{1,10})[ \t]*(?:\r\n|\n|\r)")
_ENTRY = re.compile(rb"(\d{10}) (\d{5}) ([nf])(?: \r| \n|\r\n)")
_TRAILER = re.compile(rb"[\x00\t\n\x0c\r ]{0,16}trailer[\x00\t\n\x0c\r ]*(?=<<)")
_START = re.compile(rb"startxref[\x00\t\n\x0c\r ]{1,16}(\d{1,10})[\x00\t\n\x0c\r ]{1,16}%%EOF")


def check_sections(content: Content) -> list[Section]:
    """Give the sections that a reader follows from the end of a file on, newest first. Raises `NotCanonical`.

    Not checked: that something stands where the entries say.
    """
    found = last_start(content, len(content))
    if found is None:
        raise NotCanonical(len(content), "no startxref")
    at: int | None = found
    sections: list[Section] = []
    while at is not None:
        if any(each.start == at for each in sections):
            raise NotCanonical(at, "a section after itself")
        section = read_section(content, at)
        sections.append(section)
        if section.hybrid is not None:
            read_stream_section(content, section.hybrid)
        at = section.previous
    check_root(sections[0])
    return sections


def last_start(content: Content, before: int) -> int | None:
    """What the last `startxref` before an offset says; None where none is near it in canonical form."""
    tail = bytes(content[max(0, before - _LAST) : before])
    found = _START.match(tail, max(0, tail.rfind(b"startxref")))
    return int(found[1]) if found else None


def marker(content: Content, at: int) -> tuple[int, int] | None:
    """The offset that a `startxref` at `at` names, and where its end marker ends; None where there is none."""
    found = _START.match(content, at)
    return (int(found[1]), found.end()) if found else None


def read_section(content: Content, at: int) -> Section:
    """The section that begins at `at`: exactly, or as a table behind white space. Raises `NotCanonical`."""
    found = _TABLE.match(content, at)
    return _read_table(content, at, found.end()) if found else read_stream_section(content, at)


def check_root(section: Section) -> None:
    """Raise `NotCanonical` where a section, which has to be the newest of its file, names no catalog."""
    if not isinstance(section.dictionary.get(b"Root"), Reference):
        raise NotCanonical(section.start, "a section without a root")


def _read_table(content: Content, start: int, at: int) -> Section:
    entries: dict[int, Entry] = {}
    while part := _PART.match(content, at):
        first, count = int(part[1]), int(part[2])
        if first + count > LARGEST_SIZE:
            raise NotCanonical(at, "numbers that no reader holds")
        at = part.end()
        for number in range(first, first + count):
            found = _ENTRY.match(content, at)
            if found is None or number in entries:
                raise NotCanonical(at, "an entry that is none, or a second one")
            kind = IN_USE if found[3] == b"n" else FREE
            entries[number] = entry(kind, int(found[1]), int(found[2]), number, at)
            at = found.end()
    trailer = _TRAILER.match(content, at)
    if trailer is None:
        raise NotCanonical(at, "a table without a trailer")
    dictionary, end = read_value(content, trailer.end())
    check_size(dictionary, entries, start)
    previous, hybrid = (offset_in(dictionary, name, start) for name in (b"Prev", b"XRefStm"))
    return Section(start, end, entries, dictionary, previous, hybrid)


def read_stream_section(content: Content, at: int) -> Section:
    """The section that is a stream and begins exactly at `at`. Raises `NotCanonical`."""
    body = read_object(content, at, lambda _elsewhere: None)
    if not isinstance(body.value, dict) or body.value.get(b"Type") != Name(b"XRef") or body.length is None:
        raise NotCanonical(at, "no section")
    widths = _integers(body.value.get(b"W"), at)
    if len(widths) != len(Entry._fields) or max(widths) > _WIDEST:
        raise NotCanonical(at, "fields of no known width")
    numbers = list(_numbers(body.value, at))
    data = read_data(content, body, len(numbers) * sum(widths))
    entries = _entries(numbers, data, widths, at)
    check_size(body.value, entries, at)
    return Section(at, body.end, entries, body.value, offset_in(body.value, b"Prev", at), None, body)


def _numbers(dictionary: dict[bytes, Any], at: int) -> Iterator[int]:
    size = dictionary.get(b"Size")
    parts = iter(_integers(dictionary.get(b"Index", [0, size]), at))
    for first, count in zip(parts, parts, strict=True):
        if first + count > LARGEST_SIZE:
            raise NotCanonical(at, "numbers that no reader holds")
        yield from range(first, first + count)


def _entries(numbers: Sequence[int], data: bytes, widths: Sequence[int], at: int) -> dict[int, Entry]:
    entries: dict[int, Entry] = {}
    place = 0
    for number in numbers:
        fields = []
        for width in widths:
            fields.append(int.from_bytes(data[place : place + width]))
            place += width
        kind = fields[0] if widths[0] else IN_USE
        if number in entries:
            raise NotCanonical(at, "a second entry")
        entries[number] = entry(kind, fields[1], fields[2], number, at)
    return entries


def _integers(value: Any, at: int) -> list[int]:
    if not isinstance(value, list) or not value or any(type(each) is not int or each < 0 for each in value):
        raise NotCanonical(at, "no list of numbers")
    if len(value) % 2 and len(value) != len(Entry._fields):
        raise NotCanonical(at, "numbers that are no pairs")
    return value
