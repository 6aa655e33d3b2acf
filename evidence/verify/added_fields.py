"""Signature fields that were added after a signature: what they may be, and what of the pages they touch.

PyHanko takes a new field for evidence where it believes that nothing of it is seen, and looks at four plain numbers to
believe it. Here a new field is a widget and nothing else, of entries that are known, without an action; its rectangle
is one; and the annotations that were there stay, each once and in their order, as they hide each other in it
(ISO 32000-2, 12.5.2, 12.5.6.19 and 12.7.5.5). What it draws is looked at elsewhere (`looks`).
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import (
    FieldComparisonContext,
    FieldMDPRule,
    FormUpdate,
    ModificationLevel,
    SuspiciousModification,
)

from evidence.verify.annotations import annotation_updates
from evidence.verify.areas import area, rect_of
from evidence.verify.redrawing import entry

_REFERENCE: Any = generic.IndirectObject
_OF_FIELDS = {"/FT", "/T", "/TU", "/TM", "/Parent", "/Kids", "/V", "/Ff", "/Lock", "/SV", "/DA", "/DR", "/Q"}
"""`/DR` is written by iText and what came of it: resources of the field, by which a signature draws nothing."""
_OF_WIDGETS = {"/Type", "/Subtype", "/Rect", "/P", "/F", "/AP", "/AS", "/MK", "/BS", "/Border", "/H", "/C", "/NM", "/M"}
_ENTRIES = _OF_FIELDS | _OF_WIDGETS | {"/Contents", "/StructParent"}
_DRAWN = ("/AP", "/DR", "/Lock", "/SV")
_CORNERS = 4


class AddedFields(FieldMDPRule):
    """Signature fields may be added at the level of evidence where nothing of them is seen, else of form filling."""

    def apply(self, context: FieldComparisonContext) -> Iterable[tuple[ModificationLevel, FormUpdate]]:
        """Give what new fields may touch. Raises `SuspiciousModification`."""
        widgets: dict[generic.Reference, str] = {}
        for name, spec in context.field_specs.items():
            if spec.old_field_ref and not spec.new_field_ref:
                raise SuspiciousModification(f"the field {name!r} is no longer there")
            if spec.old_field_ref:
                continue
            if spec.field_type != "/Sig" or not spec.new_field_ref:
                raise SuspiciousModification(f"the field {name!r} is new and no signature field")
            yield from _added(context, name, spec.new_field_ref, widgets)
        if widgets:
            for update in annotation_updates(context.old, context.new, widgets):
                yield ModificationLevel.LTA_UPDATES, update


def _added(
    context: FieldComparisonContext, name: str, reference: generic.Reference, widgets: dict[generic.Reference, str]
) -> Iterator[tuple[ModificationLevel, FormUpdate]]:
    field: Any = reference.get_object()
    kids = list(_kids(field))
    for each in (field, *(kid.get_object() for kid in kids)):
        check_plain(each)
    seen = any(area(rect_of(entry(each, "/Rect"))) for each in (field, *(kid.get_object() for kid in kids)))
    level = ModificationLevel.FORM_FILLING if seen else ModificationLevel.LTA_UPDATES
    listed = field.raw_get("/Kids") if "/Kids" in field else None
    below = [kid.reference for kid in kids if "/T" not in kid.get_object()]
    new = [reference, *below, *([listed.reference] if isinstance(listed, _REFERENCE) else [])]
    for each in new:
        if context.old.is_ref_unassignable(each):
            yield level, FormUpdate(each, field_name=name, valid_when_locked=not seen)
    for each in (field, *(kid.get_object() for kid in below)):
        for drawn in _DRAWN:
            if drawn in each:
                since = context.old.revision + 1
                for found in context.new.collect_dependencies(each.raw_get(drawn), since_revision=since):
                    yield ModificationLevel.FORM_FILLING, FormUpdate(found, field_name=name)
    widgets.update(dict.fromkeys(below if listed is not None else [reference], name))


def check_plain(field: Any) -> None:
    """Raise `SuspiciousModification` where a new field or widget is anything besides."""
    if not isinstance(field, generic.DictionaryObject) or isinstance(field, generic.StreamObject):
        raise SuspiciousModification("a field that is no dictionary")
    if not set(field.keys()) <= _ENTRIES:
        raise SuspiciousModification(f"a new field with {set(field.keys()) - _ENTRIES}")
    is_widget = "/Subtype" in field
    if entry(field, "/Type") not in {None, "/Annot"} or (is_widget and entry(field, "/Subtype") != "/Widget"):
        raise SuspiciousModification("a new field that is another annotation, too")
    if entry(field, "/FT") not in {None, "/Sig"} or (is_widget and "/Rect" not in field):
        raise SuspiciousModification("a new field of another type, or without a place")
    if "/Rect" in field and not _is_rectangle(entry(field, "/Rect")):
        raise SuspiciousModification("a new field whose place is none")


def _is_rectangle(found: Any) -> bool:
    numbers = [found[place] for place in range(len(found))] if isinstance(found, generic.ArrayObject) else []
    kinds = (generic.NumberObject, generic.FloatObject)
    return len(numbers) == _CORNERS and all(isinstance(each, kinds) for each in numbers)


def _kids(field: Any) -> Iterator[Any]:
    kids = entry(field, "/Kids") if isinstance(field, generic.DictionaryObject) else None
    if kids is None:
        return
    if not isinstance(kids, generic.ArrayObject):
        raise SuspiciousModification("no list of widgets")
    for kid in (kids.raw_get(place) for place in range(len(kids))):
        if not isinstance(kid, _REFERENCE):
            raise SuspiciousModification("a widget without an object of its own")
        yield kid
