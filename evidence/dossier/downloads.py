"""Files fetched by the signer, as chapter 8 prints them: one fetched many times takes one line, all entries in it."""

from dataclasses import dataclass

from evidence.dossier.delivery import Download
from evidence.dossier.facts import DossierFacts
from evidence.dossier.steps import MANY
from evidence.dossier.story import Value


@dataclass(frozen=True)
class Fetched:
    """One line: which file, in which form, when, in which entries; `until` where the line stands for many."""

    title: Value
    form: str
    at: str
    entries: tuple[int, ...]
    until: str | None = None


def fetched(facts: DossierFacts) -> tuple[Fetched, ...]:
    """All downloads, by their first entry. Raises what `Documents.by_id` raises for a file that is no document's."""
    same: dict[tuple[str, str, str], list[Download]] = {}
    for each in facts.delivery.download:
        same.setdefault((each.document, each.form, each.sha256), []).append(each)
    lines = [line for found in same.values() for line in _lines(facts, found)]
    return tuple(sorted(lines, key=lambda line: line.entries))


def _lines(facts: DossierFacts, found: list[Download]) -> list[Fetched]:
    title, form = facts.documents.by_id(found[0].document).title, found[0].form
    if len(found) < MANY:
        return [Fetched(title, form, each.at, (each.entry,)) for each in found]
    return [Fetched(title, form, found[0].at, tuple(each.entry for each in found), until=found[-1].at)]
