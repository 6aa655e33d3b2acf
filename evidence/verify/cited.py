"""What dossier.xml says, against the entries that it names for it: a value or an instant of its own is nobody's."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from lxml import etree

from evidence.dossier import xml
from evidence.dossier.story import clean
from evidence.verify.claims import need

if TYPE_CHECKING:
    from evidence.dossier.journal import Journal

_OF_THE_ENTRY = ("at", "readAt", "clickedAt", "declaredAt")
_NOT_OF_THE_ENTRY = "endedAt"
"""When the path ended; its entry is the one that ended it, which may be a moment older."""


def check(document: bytes, journal: Journal) -> None:
    """Check each value and instant of `document` that names its entry. Raises `NotSound` (`cited`).

    `journal` is that of the document, its chain and openings held (`recorded.entries`).
    """
    entries = {str(each.seq): each for each in journal.entry}
    for element in xml.parse(document).iter(etree.Element):
        given, name = element.attrib, etree.QName(element).localname
        if "salt" in given and "entry" in given:
            entry = entries.get(str(given["entry"]))
            value = entry.values.get(str(given["field"])) if entry else None
            need(value is not None and clean(value) == (element.text or ""), "cited", name)
        for instant, seq in _instants({str(key): str(value) for key, value in given.items()}):
            need(seq in entries and entries[seq].at == instant, "cited", name)


def _instants(given: dict[str, str]) -> Iterator[tuple[str, str]]:
    """The instants of an element that name an entry, and its number: `lockedEntry` that of `lockedAt`, or `entry`."""
    for key, instant in given.items():
        seq = given.get(f"{key[:-2]}Entry") or (given.get("entry") if key in _OF_THE_ENTRY else None)
        if key.endswith(("at", "At")) and key != _NOT_OF_THE_ENTRY and seq:
            yield instant, seq
