"""What stands in a file behind its first signed revision: revisions, and not one byte besides (ISO 32000-2, 7.5.6).

Every byte is white space, an object that its own section lists at that offset, or a section with its trailer, its
`startxref` and its marker. So there is nothing that one reader finds and another does not: no object that no table
names, which a reader that repairs the file puts in the place of what was signed, and no second way to what is named.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from evidence.sections.entries import COMPRESSED, FREE, IN_USE, Entry, Section
from evidence.sections.object_streams import Held, read_held
from evidence.sections.section import check_root, last_start, marker, read_section, read_stream_section
from evidence.sections.signposts import check_all_listed, check_part, check_signs, kind_of
from evidence.sections.syntax import Body, Content, NotCanonical, Reference, blank, header_at, read_object

_WHITE = b"\x00\t\n\x0c\r "
_FROM_TRAILERS = (b"Root", b"Encrypt", b"ID", b"Info")
_FARTHEST_END = 512
"""White space behind the last marker: a reader that finds none in the last 1024 bytes builds the tables anew."""


def check_appended(content: Content, since: int, *, decrypted: Callable[[int], bytes] | None = None) -> None:
    """Raise `NotCanonical` where readers may differ on what stands from `since`, the end of a revision, on.

    `decrypted`: gives the data of a stream of objects, by its number, where the file is encrypted.
    Not checked: what the objects say; what stands before.
    """
    if since >= len(content):
        return
    chain = _chain(content, since)
    at, places = since, set[int]()
    for rank in range(len(chain.appended)):
        at = _Revision(content, since, chain.upto(rank), places, decrypted).check(at)
    rest = content[at:]
    if rest.strip(_WHITE) or len(rest) > _FARTHEST_END:
        raise NotCanonical(at, "something behind the last revision")
    check_root(chain.appended[-1])
    chain.check_size()


@dataclass(frozen=True)
class _Chain:
    """Sections, oldest first: those before, as far as they can be read, and those that were appended."""

    older: Sequence[Section]
    appended: Sequence[Section]

    def upto(self, rank: int) -> Sequence[Section]:
        """The sections that count in an appended revision, newest first."""
        return [*reversed(self.appended[: rank + 1]), *self.older]

    def check_size(self) -> None:
        """Raise `NotCanonical` where the newest size leaves out an object: for some readers it is not there then."""
        entries: dict[int, Entry] = {}
        for each in reversed(self.upto(len(self.appended) - 1)):
            entries |= each.entries
        newest = self.appended[-1]
        if newest.dictionary[b"Size"] <= max(
            (each for each, found in entries.items() if found.kind != FREE), default=0
        ):
            raise NotCanonical(newest.start, "a size that leaves out objects of before")


def _chain(content: Content, since: int) -> _Chain:
    at, found = last_start(content, len(content)), list[Section]()
    while at is not None and at >= since:
        if found and at >= found[-1].start:
            raise NotCanonical(at, "a section that follows what it came before")
        found.append(read_section(content, at))
        at = found[-1].previous
    declared = last_start(content, since)
    if not found or at is None or at != (at if declared is None else declared):
        raise NotCanonical(len(content) - 1, "no way from the end to what was there before")
    return _Chain(list(_older(content, at)), found[::-1])


def _older(content: Content, at: int | None) -> list[Section]:
    """Sections of what was signed first, newest first: of any form, so only those are given that are plain."""
    found: list[Section] = []
    try:
        while at is not None and not any(each.start == at for each in found):
            found.append(read_section(content, at))
            at = found[-1].previous
    except NotCanonical:
        pass
    return found


class _Revision:
    """One appended revision under examination. `places`: where objects of those before it stand; it adds its own."""

    def __init__(
        self,
        content: Content,
        since: int,
        sections: Sequence[Section],
        places: set[int],
        decrypted: Callable[[int], bytes] | None,
    ) -> None:
        self._decrypted = decrypted
        self._content = content
        self._since = since
        self._section = sections[0]
        self._older = sections[1:]
        self._hybrid = read_stream_section(content, found) if (found := self._section.hybrid) is not None else None
        self._entries = self._joined()
        self._places = places
        self._streams: dict[int, Held] = {}

    def check(self, at: int) -> int:
        """The offset after its marker."""
        if self._content[at - 1 : at].strip(_WHITE) and self._content[at : at + 1].strip(_WHITE):
            raise NotCanonical(at, "something in the line of a marker")
        begin, at = at, self._check_objects(at)
        self._check_entries()
        at = blank(self._content, self._section.end)
        found = marker(self._content, at)
        if found is None or found[0] != self._section.start:
            raise NotCanonical(at, "no startxref to the section before it")
        check_signs(self._content, begin, found[1], self._section, self._places)
        return found[1]

    def _joined(self) -> dict[int, Entry]:
        """Entries of a table and of the stream beside it; on an object in both, free or not, readers differ."""
        entries = dict(self._section.entries)
        if self._hybrid and self._hybrid.previous not in {None, self._section.previous}:
            raise NotCanonical(self._hybrid.start, "a stream beside a table that follows something else")
        if self._hybrid and self._says_otherwise(self._hybrid.dictionary):
            raise NotCanonical(self._hybrid.start, "a stream beside a table that says something else")
        for number, entry in self._hybrid.entries.items() if self._hybrid else ():
            if number in entries:
                raise NotCanonical(self._section.start, "an object in a table and in the stream beside it")
            entries[number] = entry
        return entries

    def _says_otherwise(self, beside: dict[bytes, Any]) -> bool:
        """Of what readers take from a trailer, that of the stream beside the table for some."""
        return any(name in beside and beside[name] != self._section.dictionary.get(name) for name in _FROM_TRAILERS)

    def _check_objects(self, at: int) -> int:
        end = blank(self._content, self._section.start)
        while (at := blank(self._content, at)) < end:
            if self._hybrid and at == self._hybrid.start:
                self._places.add(at)
                at = self._hybrid.end
                continue
            body = read_object(self._content, at, self._length_of)
            entry = self._entries.get(body.number)
            if entry != Entry(IN_USE, at, body.generation):
                raise NotCanonical(at, "an object that its section does not list")
            self._places.add(at)
            self._check_part(body)
            at = body.end
        if at != end:
            raise NotCanonical(end, "a section inside something else")
        if self._section.body:
            self._places.add(at)
        return at

    def _check_part(self, body: Body) -> None:
        kind = kind_of(body)
        check_part(body, kind, self._section)
        if kind == b"ObjStm":
            check_all_listed(body.number, self._held(body.number), self._entries)

    def _check_entries(self) -> None:
        for number, (kind, place, rank) in self._entries.items():
            if kind == IN_USE:
                self._check_place(Reference(number, rank), place)
            elif kind == COMPRESSED:
                self._held(place).check(number, rank)

    def _check_place(self, reference: Reference, place: int) -> None:
        there = place in self._places or 0 < place < self._since
        if not there or header_at(self._content, place) != reference or self._content[place - 1] not in _WHITE:
            raise NotCanonical(self._section.start, "an entry that leads elsewhere")

    def _entry(self, number: int) -> Entry | None:
        """The newest entry of an object, as the revision has it."""
        every = (self._entries, *(each.entries for each in self._older))
        return next((entries[number] for entries in every if number in entries), None)

    def _held(self, number: int) -> Held:
        if number not in self._streams:
            self._streams[number] = self._read_held(number)
        return self._streams[number]

    def _read_held(self, number: int) -> Held:
        entry = self._entry(number)
        if entry is None or entry.kind != IN_USE:
            raise NotCanonical(self._section.start, "objects of a stream that is not there")
        data = self._decrypted(number) if self._decrypted else None
        return read_held(self._content, read_object(self._content, entry.place, self._length_of), data)

    def _length_of(self, reference: Reference) -> int | None:
        """The length of a stream that stands in an object of its own."""
        entry = self._entry(reference.number)
        if entry is None or entry.kind == FREE:
            return None
        if entry.kind == COMPRESSED:
            return self._held(entry.place).integer(reference.number)
        body = read_object(self._content, entry.place, lambda _elsewhere: None)
        return body.value if (body.number, body.generation) == reference and type(body.value) is int else None
