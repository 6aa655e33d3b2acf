"""Which revisions may follow a signature: pyHanko's rules, and where they are stricter than ISO 32000-2 those of it.

A certified document that permits signing (DocMDP, P=2 and P=3) permits a signature that is seen (12.8.2.2, table 257):
Acrobat allows its field to be added, pyHanko does not. What it draws over is looked at elsewhere (`looks`). A lock
(FieldMDP) is about values of fields (12.8.2.4): one that locks all of them, or all but some, locks those that there
are, and not those that whoever signs next brings along. A lock by name holds for that name, whenever it comes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils.generic import DictionaryObject
from pyhanko.pdf_utils.reader import HistoricalResolver, PdfFileReader
from pyhanko.sign.diff_analysis import (
    DiffResult,
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
    GenericFieldModificationRule,
    ModificationLevel,
    SigFieldModificationRule,
    StandardDiffPolicy,
    SuspiciousModification,
)
from pyhanko.sign.fields import FieldMDPAction, FieldMDPSpec, MDPPerm

from evidence.verify import kept_metadata
from evidence.verify.absent import read_absent_as_null
from evidence.verify.added_fields import AddedFields
from evidence.verify.bounds import bound_entries
from evidence.verify.generations import take_lone_generations
from evidence.verify.listed_fields import FormUpdates
from evidence.verify.names import read_names_at_once
from evidence.verify.redrawing import entry
from evidence.verify.roles import InItsRole, Unused
from evidence.verify.strings import read_all_strings
from evidence.verify.structure import TaggedFields
from evidence.verify.unlisted_sections import take_their_numbers
from evidence.verify.unpacking import unpack_all
from evidence.verify.usages import walk_without_depth

walk_without_depth()
unpack_all()
read_all_strings()
read_names_at_once()
read_absent_as_null()
bound_entries()
take_lone_generations()
take_their_numbers()

_DEEPEST = 32


class FilledFields(GenericFieldModificationRule):
    """Asks that drawings are in order of fields that were touched; one that was signed without any stays so.

    Told is what a revision lists. PyHanko names a field as filled in, too, whose drawing is older than what was signed.
    """

    def check_form_field(
        self, fq_name: str, spec: FieldComparisonSpec, context: FieldComparisonContext
    ) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        drawings = [entry(each, "/AP") if each else None for each in (spec.old_field, spec.new_field)]
        undrawn = not any(isinstance(each, DictionaryObject) for each in drawings)
        if undrawn and spec.old_field == spec.new_field:
            return ()
        anew = context.new.explicit_refs_in_revision()  # type: ignore[no-untyped-call]  # pyHanko's method has no types
        found = super().check_form_field(fq_name, spec, context)
        return ((level, update) for level, update in found if update.updated_ref in anew)


class Permitted(StandardDiffPolicy):
    """What signing makes of a file, and nothing else.

    One is for one file: the judgement on each signature asks again about all others (EN 319 102-1, 5.6.3), and what
    followed one is compared once.
    """

    def __init__(self) -> None:
        rules = [AddedFields(), SigFieldModificationRule(), FilledFields()]
        everywhere = [*map(InItsRole, kept_metadata.RULES), Unused(), TaggedFields()]
        means = {"reject_object_freeing": False, "ignore_orphaned_objects": False}  # `freed` and `Unused` do it
        super().__init__(everywhere, FormUpdates(rules), **means)
        self._known: dict[tuple[int, str, MDPPerm | None], DiffResult | SuspiciousModification] = {}

    def review_file(
        self,
        reader: PdfFileReader,
        base_revision: int | HistoricalResolver,
        field_mdp_spec: FieldMDPSpec | None = None,
        doc_mdp: MDPPerm | None = None,
    ) -> DiffResult | SuspiciousModification:
        signed = reader.get_historical_resolver(base_revision) if isinstance(base_revision, int) else base_revision
        asked = (signed.revision, repr(field_mdp_spec), doc_mdp)
        if asked not in self._known:
            lock = _lock(field_mdp_spec, signed) if field_mdp_spec else None
            self._known[asked] = super().review_file(reader, signed, field_mdp_spec=lock, doc_mdp=doc_mdp)
        return self._known[asked]


def _lock(lock: FieldMDPSpec, signed: HistoricalResolver) -> FieldMDPSpec:
    """The lock by names of the fields that were there when it was made."""
    if lock.action is FieldMDPAction.INCLUDE:
        return lock
    form: Any = signed.root["/AcroForm"]
    there = _names(form["/Fields"])
    return FieldMDPSpec(FieldMDPAction.INCLUDE, [name for name in there if lock.is_locked(name)])


def _names(fields: Any, above: str = "", depth: int = 0) -> Iterator[str]:
    """Full names of the fields that have a value of their own (ISO 32000-2, 12.7.4.2)."""
    for reference in fields:
        field = reference.get_object()
        if "/T" not in field:
            continue
        name = f"{above}.{field['/T']}" if above else str(field["/T"])
        yield name
        if "/Kids" in field and depth < _DEEPEST:
            yield from _names(field["/Kids"], name, depth + 1)
