"""The trailers of a file's revisions, each by itself (ISO 32000-2, 7.5.5): readers take the newest, and no other.

PyHanko looks up in an older one what the newest leaves out. Where that is `/Encrypt`, it reads what was signed, and
everybody else reads it as if it were not encrypted: what was a text is noise, and what was noise is the text.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic

from evidence.verify.redrawing import entry, same


def own(reader: Any, revision: int) -> Any:
    """The trailer of a revision, the oldest of which is 0; nothing of it is looked up in another."""
    every = reader.trailer._trailer_revisions  # noqa: SLF001 - pyHanko gives them merged only; the newest comes first
    return every[len(every) - 1 - revision]


def unlike(reader: Any, since: int) -> Iterator[int]:
    """Revisions after `since` that are opened in another way than the one before: with another key, or with none."""
    for revision in range(since + 1, reader.xrefs.total_revisions):
        if not _opened_alike(reader, revision - 1, revision):
            yield revision


def _opened_alike(reader: Any, before: int, after: int) -> bool:
    old, new = (_named(own(reader, each), "/Encrypt") for each in (before, after))
    if old is None or new is None:
        return old is new
    if not _is_the_same(reader, (old, before), (new, after)):
        return False
    return _first_id(reader, before) == _first_id(reader, after)  # keys are made with it (7.6.4.3)


def _named(trailer: Any, key: str) -> Any:
    found = trailer.raw_get(key) if key in trailer else None
    return None if isinstance(found, generic.NullObject) else found


def _is_the_same(reader: Any, old: tuple[Any, int], new: tuple[Any, int]) -> bool:
    """Whether both are the same reference to what is the same, or are equal as they stand."""
    (one, before), (other, after) = old, new
    if not isinstance(one, generic.IndirectObject) or not isinstance(other, generic.IndirectObject):
        return type(one) is type(other) and same(one, other)
    if (one.idnum, one.generation) != (other.idnum, other.generation):
        return False
    return same(*(reader.get_historical_resolver(each)(one.reference) for each in (before, after)))


def _first_id(reader: Any, revision: int) -> bytes | None:
    found = entry(own(reader, revision), "/ID")
    first = found[0] if isinstance(found, generic.ArrayObject) and found else None
    if isinstance(first, generic.TextStringObject | generic.ByteStringObject):
        return bytes(first.original_bytes)
    return None
