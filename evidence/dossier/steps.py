"""The path hour by hour: shared entries and the signer's, in words; pages read one after the other make one line."""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import groupby
from typing import Any

from django.utils.translation import gettext

from evidence import words
from evidence.dossier.facts import DossierFacts
from evidence.dossier.journal import Entry
from evidence.dossier.language import spoken
from evidence.dossier.story import clean

MANY = 4


@dataclass(frozen=True)
class Step:
    """One line of the path: when, what, in which entries; `until` where the same was told several times on end."""

    at: str
    said: str
    entries: tuple[int, ...]
    until: str | None = None


@dataclass(frozen=True)
class Names:
    """What documents and statements are called, by identifier."""

    documents: dict[str, str]
    statements: dict[str, str]


def steps(facts: DossierFacts) -> tuple[Step, ...]:
    """All steps in order, without the entries of other signers."""
    names = Names(
        {each.id: each.title.text for each in facts.documents.document if not each.title.erased},
        {each.id: str(n) for n, each in enumerate(facts.consent.statement, start=1)},
    )
    own = [entry for entry in facts.journal.entry if entry.scope != "other"]
    return tuple(_steps(own, names))


def _steps(own: list[Entry], names: Names) -> Iterator[Step]:
    for (kind, _), run in groupby(own, key=_alike):
        entries = list(run)
        if kind == "page.read" and len(entries) > 1:
            yield _pages(entries, names)
        else:
            yield from _told(entries, names)


def _told(entries: list[Entry], names: Names) -> Iterator[Step]:
    """Entry by entry; what is said many times on end is said once."""
    for said, run in groupby(entries, key=lambda entry: _said(entry, names)):
        same = list(run)
        if len(same) >= MANY:
            yield Step(same[0].at, said, tuple(entry.seq for entry in same), until=same[-1].at)
        else:
            yield from (Step(entry.at, said, (entry.seq,)) for entry in same)


def _said(entry: Entry, names: Names) -> str:
    said = words.sentence(
        entry.kind, _data(entry), _values(entry), documents=names.documents, statements=names.statements
    )
    said = said or words.title(entry.kind)
    return gettext("{said} (dit par le service de signature)").format(said=said) if entry.source == "provider" else said


def _alike(entry: Entry) -> tuple[str, str]:
    return entry.kind, str(_data(entry).get("document", ""))


def _pages(entries: list[Entry], names: Names) -> Step:
    title = names.documents.get(str(_data(entries[0])["document"]))
    said = gettext("{document}, pages {pages} : lues.").format(
        document=words.quoted(title) if title else gettext("Le document"),
        pages=spoken().ranges(int(_data(entry)["page"]) for entry in entries),
    )
    return Step(entries[0].at, said, tuple(entry.seq for entry in entries))


def _data(entry: Entry) -> dict[str, Any]:
    data: dict[str, Any] = entry.members["data"]
    return {name: clean(value) if isinstance(value, str) else value for name, value in data.items()}


def _values(entry: Entry) -> dict[str, str]:
    return {name: clean(value) for name, value in entry.values.items()}
