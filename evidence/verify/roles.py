"""What a rule approves as a whole, wherever it is used: only objects that are used for what the rule looked at.

PyHanko lets the catalog, pages and new objects be written anew without asking what leads to them. A catalog may be a
list of fonts at the same time, as far as a reader is concerned, and its entries fonts; and a number that a signed page
refers to, and under which there was nothing, is that of whatever comes to stand there.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any, TypeVar

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel, QualifiedWhitelistRule, ReferenceUpdate
from pyhanko.sign.diff_analysis.rules_api import ApprovalType

from evidence.verify.dependencies import orphans
from evidence.verify.redrawing import entry
from evidence.verify.ways import Path

_OF_PAGES = {"/P", "/Pg", "/Page", "/Data", "/D", "/Dest"}
"""Of annotations, structure, threads, signatures and destinations; in lists, by numbers, they stand everywhere."""
_Update = TypeVar("_Update", bound=ReferenceUpdate)


class InItsRole(QualifiedWhitelistRule):
    """A rule, and of what it approves as a whole only what is used for nothing else."""

    def __init__(self, rule: QualifiedWhitelistRule) -> None:
        self.rule = rule

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Give what the rule gives. Raises `SuspiciousModification`, as it does."""
        return in_their_role(self.rule.apply_qualified(old, new), old, new)


class Unused(QualifiedWhitelistRule):
    """Takes new objects that nothing refers to, in the place of pyHanko, which asks newer objects alone."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Give them."""
        found = ((ModificationLevel.LTA_UPDATES, ReferenceUpdate(each)) for each in orphans(new))
        return in_their_role(found, old, new)


def in_their_role(
    found: Iterable[tuple[ModificationLevel, _Update]], old: HistoricalResolver, new: HistoricalResolver
) -> Iterator[tuple[ModificationLevel, _Update]]:
    """Leave out what is approved as a whole and is used for something else in `old`; what is as it was, is in its."""
    asked: dict[Reference, bool] = {}
    anew = new.explicit_refs_in_revision()  # type: ignore[no-untyped-call]  # pyHanko's method has no types
    for level, update in found:
        reference = update.updated_ref
        if update.approval_type is ApprovalType.BLANKET_APPROVE and reference in anew:
            if reference not in asked:
                asked[reference] = _is_in_its_role(reference, old, new)
            if not asked[reference]:
                continue
        yield level, update


def _is_in_its_role(reference: Reference, old: Any, new: Any) -> bool:
    old._load_reverse_xref_cache()  # noqa: SLF001 - pyHanko's own
    ways = old._get_usages_of_ref(reference)  # noqa: SLF001
    if not ways:
        return True
    if not _is_there(reference, old):
        return not _is_there(reference, new)
    if reference == old.root_ref:
        return all(_is_of_catalog(way) for way in ways)
    if entry(old(reference), "/Type") == "/Page":
        return all(type(way.last[-1]) is int or way.last[-1] in _OF_PAGES for way in ways)
    return all(way.last[-1] == "/AP" for way in ways)


def _is_there(reference: Reference, revision: Any) -> bool:
    return revision.reader.xrefs.get_historical_ref(reference, revision.revision) is not None


def _is_of_catalog(way: Path) -> bool:
    """Whether it is from the trailer, or from what a signature says that it is about (ISO 32000-2, table 256)."""
    return way.path == ("/Root",) or (way.last[-1] == "/Data" and way.path[-3:-2] in {("/Reference",), ()})
