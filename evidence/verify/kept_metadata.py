"""Rules for what may follow a signature outside of forms: pyHanko's, but for what nobody touched."""

from __future__ import annotations

from typing import TYPE_CHECKING

from pyhanko.pdf_utils.generic import IndirectObject
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    CatalogModificationRule,
    DSSCompareRule,
    ModificationLevel,
)
from pyhanko.sign.diff_analysis.rules.metadata_rules import MetadataUpdateRule

from evidence.verify.declared import DeclaredCatalog
from evidence.verify.freed import FreeStaysFree
from evidence.verify.kept_store import KeptStore

if TYPE_CHECKING:
    from collections.abc import Iterable

    from pyhanko.pdf_utils.reader import HistoricalResolver
    from pyhanko.sign.diff_analysis.rules_api import ReferenceUpdate


class KeptMetadata(MetadataUpdateRule):
    """Asks that new metadata are XMP; those that were signed stay what they are, old forms and damaged ones too."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        return () if _is_kept(old, new) else super().apply(old, new)


def _is_kept(old: HistoricalResolver, new: HistoricalResolver) -> bool:
    before, after = (each.root.raw_get("/Metadata") if "/Metadata" in each.root else None for each in (old, new))
    if not isinstance(before, IndirectObject) or not isinstance(after, IndirectObject):
        return bool(before == after)
    if (before.idnum, before.generation) != (after.idnum, after.generation):
        return False
    return bool(old.reader.xrefs.get_last_change(before.reference) <= old.revision)


_OTHERS = [
    rule
    for rule in DEFAULT_DIFF_POLICY.global_rules
    if not isinstance(rule, CatalogModificationRule)
    and not isinstance(getattr(rule, "rule", None), MetadataUpdateRule | DSSCompareRule)  # held by tests: wrapped
]
_KEPT = KeptMetadata()  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
_STORE = KeptStore()
_CATALOG = DeclaredCatalog()  # type: ignore[no-untyped-call]  # the same
RULES = [
    *_OTHERS,
    _CATALOG,
    *(rule.as_qualified(ModificationLevel.LTA_UPDATES) for rule in (_KEPT, _STORE, FreeStaysFree())),
]
