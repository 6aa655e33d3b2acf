"""What a signature covers, and what was changed after it."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel
from pyhanko.sign.validation.status import SignatureCoverageLevel

from evidence.verify import completed, coverage, flags, looks, metadata, redrawing
from evidence.verify.case import Case
from evidence.verify.coverage import Embedded
from evidence.verify.failures import NotSound
from evidence.verify.reasons import Reason

_CHANGES = {
    ModificationLevel.NONE: "none",
    ModificationLevel.LTA_UPDATES: "long_term",
    ModificationLevel.FORM_FILLING: "form_filling",
}
_ALTERED = {"other": "modified", "covered": "covered"}


class Modified:
    """What pyHanko's status of a signature says on changes, for a document time stamp."""

    def __init__(self, signature: Any) -> None:
        summary = signature.summarise_integrity_info()
        self.coverage = summary["coverage"]
        self.diff_result = summary["diff_result"]
        self.docmdp_ok = summary["docmdp_ok"]

    @property
    def modification_level(self) -> ModificationLevel:
        level: ModificationLevel = getattr(self.diff_result, "modification_level", ModificationLevel.OTHER)
        return level


def coverage_reasons(case: Case, embedded: Embedded, status: Any) -> list[Reason]:
    try:
        coverage.check_coverage(case.file, embedded, size=case.size)
    except NotSound as failure:
        return [Reason(failure.check)]
    if status and status.coverage < SignatureCoverageLevel.ENTIRE_REVISION:
        return [Reason("coverage")]
    return [Reason("ambiguous")] if case.differs_after(embedded) else []


def changes_after(case: Case, signature: Any, status: Any) -> str:
    """What happened after a signature; filled fields that are all signatures are other people's signatures."""
    changes = _CHANGES.get(status.modification_level, "other")
    if case.differs_after(case.embedded(signature)):
        changes = "other"
    if changes in {"none", "other"}:
        return changes
    if _ever_redrawn(case, signature) or flags.altered(*_signed_and_current(case, signature)):
        return "other"
    filled = set(status.diff_result.changed_form_fields) if changes == "form_filling" else set()
    filled -= {str(each.field_name) for each in case.signatures}
    if looks.adds_unsigned(case, signature) or (filled and not completed.is_completion(case, signature, filled)):
        return "form_filling"
    if looks.covers(case, signature):
        return "covered"
    return "completed" if filled else _permitted(case, signature, changes)


def _permitted(case: Case, signature: Any, changes: str) -> str:
    """What happened after a signature where nothing was altered."""
    if metadata.differs(*_signed_and_current(case, signature)):
        return "metadata"
    if changes == "form_filling":
        return "signatures"
    return changes if _brings_evidence(case, signature) else "saved"


def _ever_redrawn(case: Case, signature: Any) -> bool:
    """Whether fields are drawn otherwise in any later revision: somebody may have signed it, who then took it back."""
    revision = signature.reader.get_historical_resolver
    signed = signature.signed_revision
    return any(redrawing.redrawn(revision(signed), revision(each)) for each in range(signed + 1, case.revisions))


def _brings_evidence(case: Case, signature: Any) -> bool:
    """Whether a store of evidence that is another, or a time stamp of the document, follows a signature."""
    if any(each.signed_revision > signature.signed_revision for each in case.signatures):
        return True
    return not redrawing.same(*(redrawing.entry(each.root, "/DSS") for each in _signed_and_current(case, signature)))


def _signed_and_current(case: Case, signature: Any) -> tuple[HistoricalResolver, HistoricalResolver]:
    revision = signature.reader.get_historical_resolver
    return revision(signature.signed_revision), revision(case.revisions - 1)


def change_reasons(status: Any, changes: str) -> list[Reason]:
    if changes in _ALTERED:
        return [Reason(_ALTERED[changes])]
    if status and not status.docmdp_ok:
        return [Reason("not_permitted")]
    return [Reason("form_filled")] if changes == "form_filling" else []
