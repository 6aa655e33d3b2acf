"""What a reader draws the fields of a form with, where it does not take the drawing that was signed (ISO 32000-2).

`/NeedAppearances` makes it draw all fields anew from their values, with the fonts of `/DR`, as `/DA` and `/Q` say. No
page and no field is touched when these are exchanged after a signature, and another sum stands on the page. PyHanko
exempts them from its comparison; here they are compared, to the last object that they lead to.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver

_DEEPEST = 32
_REFERENCE: Any = generic.IndirectObject
_INHERITED = ("/DA", "/Q")
_NOTHING: Any = generic.DictionaryObject({})  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types


def redrawn(before: HistoricalResolver, after: HistoricalResolver) -> bool:
    """Whether a reader may draw a field of the form of `before` otherwise in `after`.

    What is added where there was nothing, as other programs do when they sign, changes no field that has a drawing of
    its own.
    """
    old, new = form_of(before), form_of(after)
    if _drawn_anew(old) is not _drawn_anew(new):
        return True
    old_means, new_means = _means(old), _means(new)
    kept = all(name in new_means and same(value, new_means[name]) for name, value in old_means.items())
    return not kept or (old_means.keys() != new_means.keys() and _leans_on_means(old))


def same(one: Any, other: Any) -> bool:
    """Whether two objects of two revisions are equal with all that they lead to."""
    waiting, met = [(one, other)], set()
    while waiting:
        first, second = waiting.pop()
        pair = (_identity(first), _identity(second))
        if pair in met:
            continue
        met.add(pair)
        parts = _parts(_resolved(first), _resolved(second))
        if parts is None:
            return False
        waiting += parts
    return True


def _identity(value: Any) -> Any:
    return value.reference if isinstance(value, _REFERENCE) else id(value)


def _resolved(value: Any) -> Any:
    found = value.get_object() if isinstance(value, _REFERENCE) else value
    return found.decrypted if isinstance(found, generic.DecryptedObjectProxy) else found


def _parts(one: Any, other: Any) -> list[tuple[Any, Any]] | None:
    """What is left to compare of two objects; None where they differ."""
    if isinstance(one, generic.DictionaryObject):
        equal = isinstance(other, generic.DictionaryObject) and one.keys() == other.keys()
        if not equal or _stream(one) != _stream(other):
            return None
        return [(one.raw_get(key), other.raw_get(key)) for key in one]
    if isinstance(one, generic.ArrayObject):
        equal = isinstance(other, generic.ArrayObject) and len(one) == len(other)
        return [(one.raw_get(place), other.raw_get(place)) for place in range(len(one))] if equal else None
    if isinstance(one, generic.TextStringObject | generic.ByteStringObject):
        equal = isinstance(other, generic.TextStringObject | generic.ByteStringObject)
        return [] if equal and one.original_bytes == other.original_bytes else None
    return [] if type(one) is type(other) and one == other else None


def _stream(value: Any) -> bytes | None:
    return value.encoded_data if isinstance(value, generic.StreamObject) else None


def form_of(revision: HistoricalResolver) -> Any:
    """The interactive form of a revision; an empty dictionary where it has none."""
    return _dictionary(revision.root, "/AcroForm")


def entry(dictionary: Any, key: str) -> Any:
    """An entry with its reference followed; None where it is none, or is null."""
    found = _resolved(dictionary.raw_get(key)) if key in dictionary else None
    return None if isinstance(found, generic.NullObject) else found


def _dictionary(above: Any, key: str) -> Any:
    found = entry(above, key)
    return found if isinstance(found, generic.DictionaryObject) else _NOTHING


def _drawn_anew(form: Any) -> bool:
    return getattr(entry(form, "/NeedAppearances"), "value", False) is True


def _means(form: Any) -> dict[tuple[str, ...], Any]:
    """What fields inherit from the form: each resource by its kind and name, and how text is set."""
    found: dict[tuple[str, ...], Any] = {(key,): form.raw_get(key) for key in _INHERITED if key in form}
    resources = _dictionary(form, "/DR")
    for kind in resources.keys() - {"/ProcSet"}:  # which no reader reads (ISO 32000-2, 14.2)
        named = entry(resources, kind)
        if isinstance(named, generic.DictionaryObject):
            found |= {(kind, name): named.raw_get(name) for name in named}
        else:
            found[(kind,)] = named
    return found


def _leans_on_means(form: Any) -> bool:
    """Whether any field is drawn from its value, or by a drawing that takes its resources from elsewhere."""
    return _drawn_anew(form) or any(map(_is_drawn_from_elsewhere, _widgets(entry(form, "/Fields") or ())))


def _widgets(fields: Any, kind: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Each field that has no others below it, with its type."""
    for each in fields:
        field = _resolved(each)
        own = str(entry(field, "/FT") or kind)
        below = entry(field, "/Kids")
        if below and depth < _DEEPEST:
            yield from _widgets(below, own, depth + 1)
        else:
            yield own, field


def _is_drawn_from_elsewhere(widget: tuple[str, Any]) -> bool:
    kind, field = widget
    normal = entry(_dictionary(field, "/AP"), "/N")
    if normal is None:
        return kind != "/Sig"
    looks = [normal] if isinstance(normal, generic.StreamObject) else [entry(normal, state) for state in normal]
    return any("/Resources" not in each and b"/" in each.data for each in looks)
