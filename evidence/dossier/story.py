"""The trail as one signer's dossier reads it: typed events, personal values with their openings, instants."""

import base64
import re
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from typing import Annotated, Literal, TypeVar

from evidence import chain
from evidence.dossier.parts import Hex, Part, Text
from evidence.events import Event
from evidence.trail import Read

E = TypeVar("E", bound=Event)
FIRST_PRINTABLE = 0x20
CONTROL_PICTURES = 0x2400
NOT_IN_XML = re.compile(r"[^\t\n\r\x20-\ud7ff\ue000-\ufffd\U00010000-\U0010ffff]")  # XML 1.0, production 2


class Contradiction(Exception):
    """The trail says two things that cannot both be so: no dossier is made of it."""


@dataclass(frozen=True)
class Value(Part):
    """A personal value that the trail commits to. Without salt it has been erased: the text is then empty.

    In user text what XML cannot hold stands as a picture of it; the opening in the journal has the exact value.
    """

    entry: Annotated[int, "number of the entry whose commitment it opens"]
    field: Annotated[str, "name of the commitment in that entry"]
    salt: Annotated[Hex | None, "salt of the commitment; absent once the value has been erased"]
    text: Text

    @property
    def erased(self) -> bool:
        return self.salt is None


@dataclass(frozen=True)
class Story:
    """All entries of a trail, and whose dossier is being made."""

    entries: tuple[Read, ...]
    subject: str

    def scope(self, entry: Read) -> Literal["shared", "signer", "other"]:
        """Whether an entry is the envelope's, this signer's, or another signer's."""
        owner = entry.data.get("signer")
        if owner is None:
            return "shared"
        return "signer" if owner == self.subject else "other"

    def of(self, kind: type[E]) -> Iterator[tuple[Read, E]]:
        """The shared entries and this signer's of one kind, each with its typed event."""
        for entry in self.entries:
            if entry.kind == kind.kind and self.scope(entry) != "other":
                yield entry, told(entry, kind)

    def first(self, kind: type[E]) -> tuple[Read, E] | None:
        """The first of a kind, if there is one."""
        return next(self.of(kind), None)

    def last(self, kind: type[E]) -> tuple[Read, E] | None:
        """The last of a kind, if there is one."""
        return next(iter(reversed(list(self.of(kind)))), None)

    def one(self, kind: type[E]) -> tuple[Read, E]:
        """The first of a kind that no dossier can do without; raises `Contradiction`."""
        found = self.first(kind)
        if found is None:
            raise Contradiction(f"the trail has no {kind.kind} for this signer")
        return found


def told(entry: Read, kind: type[E]) -> E:
    """The typed event of an entry; a personal value that was erased reads as an empty text. Raises pydantic's error."""
    personal = {
        name: entry.value(name) or "" for name in kind.personal_fields() if name in entry.members["commitments"]
    }
    return kind.model_validate(entry.data | personal)


def value(entry: Read, field: str) -> Value | None:
    """A personal value of an entry; None where it was never given."""
    if field not in entry.members["commitments"]:
        return None
    opening = entry.openings.get(field)
    if opening is None:
        return Value(entry.seq, field, None, "")
    return Value(entry.seq, field, opening[0].hex(), clean(opening[1]))


def given(entry: Read, field: str) -> Value:
    """A personal value that its kind demands; raises `Contradiction`."""
    found = value(entry, field)
    if found is None:
        raise Contradiction(f"entry {entry.seq} has no commitment to {field}")
    return found


def clean(text: str) -> str:
    """NFC; a character that XML 1.0 (section 2.2) cannot hold becomes a visible one."""
    return NOT_IN_XML.sub(lambda found: _picture(found[0]), unicodedata.normalize("NFC", text))


def exact(text: str) -> tuple[str, Literal["base64"] | None]:
    """A text that must be read back byte for byte, and how it is written: as it is, or base64 of its UTF-8."""
    if NOT_IN_XML.search(text) is None:
        return text, None
    return base64.b64encode(text.encode()).decode(), "base64"


def instant(written: str) -> str:
    """An instant in the one form of the dossier, whatever ISO 8601 form the event has; raises `ValueError`."""
    return chain.instant(datetime.fromisoformat(written))


def numbers(found: Iterable[tuple[Read, Event]]) -> tuple[int, ...]:
    """The numbers of entries, in order."""
    return tuple(sorted(entry.seq for entry, _ in found))


def _picture(char: str) -> str:
    code = ord(char)
    return chr(CONTROL_PICTURES + code) if code < FIRST_PRINTABLE else "\N{REPLACEMENT CHARACTER}"
