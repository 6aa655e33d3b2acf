"""The fields of a form in two revisions, each beside what it was; also in forms that are odd and were signed as such.

PyHanko compares by names, and refuses a form in which two fields have one, or a name is written in a way that it does
not know. Such a form is no good one, but nobody changed it: what was signed is taken as it is, and an odd field is
told apart by its object. What is new must be in order.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import (
    FieldComparisonContext,
    FieldComparisonSpec,
    FormUpdate,
    FormUpdatingRule,
    ModificationLevel,
    SuspiciousModification,
)
from pyhanko.sign.diff_analysis.commons import compare_dicts, compare_key_refs, qualify_transforming
from pyhanko.sign.diff_analysis.rules_api import Context

from evidence.verify.redrawing import entry, same
from evidence.verify.roles import in_their_role

_DEEPEST = 32
_REFERENCE: Any = generic.IndirectObject
_STRINGS = (generic.TextStringObject, generic.ByteStringObject)
_FORM = ("/Root", "/AcroForm")


class FormUpdates(FormUpdatingRule):
    """PyHanko's rule on forms, over the fields as they are listed here."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Give what of a form may be another in `new`. Raises `SuspiciousModification`."""
        yield from in_their_role(self._updates(old, new), old, new)

    def _updates(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
        before, after = yield from _cleared("/AcroForm", old, old.root, new.root, _FORM)
        compare_dicts(before, after, self.ignored_acroform_keys)
        fields = yield from _cleared("/Fields", old, before, after, (*_FORM, "/Fields"))
        _old, means = yield from _cleared(
            "/DR", old, before, after, (*_FORM, "/DR"), level=ModificationLevel.FORM_FILLING
        )
        if means is not None:
            for reference in new.collect_dependencies(means, since_revision=old.revision + 1):
                yield ModificationLevel.FORM_FILLING, FormUpdate(reference, field_name=None)
        specs = dict(listed(fields, RawPdfPath(*_FORM, "/Fields")))
        for rule in self.field_rules:
            yield from rule.apply(FieldComparisonContext(field_specs=specs, old=old, new=new))


def _cleared(
    key: str,
    old: HistoricalResolver,
    before: Any,
    after: Any,
    path: tuple[str, ...],
    *,
    level: ModificationLevel = ModificationLevel.LTA_UPDATES,
) -> Any:
    context = Context.from_absolute(old, RawPdfPath(*path))
    update = FormUpdate.curry_ref(field_name=None, context_checked=context)
    return qualify_transforming(level, compare_key_refs(key, old, before, after), transform=update)


@dataclass(frozen=True)
class _Field:
    reference: generic.Reference
    name: Any
    kind: Any
    kids: Any
    rank: int

    @property
    def is_odd(self) -> bool:
        return not isinstance(self.name, _STRINGS) or "." in self.name or (self.kind is None and not self.kids)


def listed(
    fields: tuple[Any, Any], path: Any, above: str = "", kind: Any = None, depth: int = 0
) -> Iterator[tuple[str, FieldComparisonSpec]]:
    """Each field of either revision under its full name. Raises `SuspiciousModification` where a new one is odd."""
    if depth > _DEEPEST:
        raise SuspiciousModification("fields too deep")
    old, new = fields
    before = _fields(old, kind)
    places = Counter(str(each.name) for each in before)
    odd = {each.reference for each in before if each.is_odd or places[str(each.name)] > 1}
    _check_rest(old, new)
    there = {_full_name(each, above, odd): each for each in before}
    here: dict[str, _Field] = {}
    for each in _fields(new, kind):
        name = _full_name(each, above, odd)
        if name in here or (each.reference not in odd and (each.is_odd or f"{name}.\0" in _beginnings(there))):
            raise SuspiciousModification(f"the field {name!r} is listed twice, or is odd and new")
        here[name] = each
    for name in there.keys() | here.keys():
        first, second = there.get(name), here.get(name)
        if first and second and first.kind != second.kind:
            raise SuspiciousModification(f"the field {name!r} has another type")
        common: Any = next((each.kind for each in (first, second) if each and each.kind), None)
        place = path + first.rank if first and path is not None else None
        was, is_now = (each.reference if each else None for each in (first, second))
        yield name, FieldComparisonSpec(common, was, is_now, place)
        below = (first.kids if first else [], second.kids if second else [])
        if any(below):
            yield from listed(below, place + "/Kids" if place else None, name, common, depth + 1)


def _beginnings(names: Iterable[str]) -> set[str]:
    return {name[: name.rindex("\0") + 1] for name in names if "\0" in name}


def _full_name(field: _Field, above: str, odd: set[generic.Reference]) -> str:
    """An odd field stands, as it were, below its own name: so a lock on that name holds for it."""
    name = f"{above}.{field.name}" if above else str(field.name)
    return f"{name}.\0{field.reference.idnum}" if field.reference in odd else name


def _fields(fields: Any, kind: Any) -> list[_Field]:
    found = []
    for rank, reference in enumerate(_array(fields)):
        field = _dictionary(reference)
        if field is not None and "/T" in field:
            own = entry(field, "/FT") or kind
            found.append(_Field(reference.reference, field["/T"], own, _array(entry(field, "/Kids") or ()), rank))
    return found


def _check_rest(old: Any, new: Any) -> None:
    """What is no field with an object of its own is what it was, to the last object that it leads to."""
    before, after = ([each for each in _array(fields) if _dictionary(each) is None] for fields in (old, new))
    if len(before) != len(after) or not all(map(same, before, after)):
        raise SuspiciousModification("a field without an object of its own is new, or another")


def _dictionary(reference: Any) -> Any:
    found = reference.get_object() if isinstance(reference, _REFERENCE) else None
    return found if isinstance(found, generic.DictionaryObject) else None


def _array(value: Any) -> list[Any]:
    found = value.get_object() if isinstance(value, _REFERENCE) else value
    if isinstance(found, generic.ArrayObject):
        return [found.raw_get(place) for place in range(len(found))]
    if isinstance(found, list | tuple) and not isinstance(found, generic.PdfObject):
        return list(found)
    raise SuspiciousModification("no list of fields")
