"""What a program writes into the structure of a tagged document when it signs it (ISO 32000-2, 14.7).

IText tags the field that it adds: an element of the kind Form comes behind the others below one that was there, and the
tree that leads from the page's parts to their elements is written anew with one entry more. What is read aloud of the
document is what was signed: each element stays as it was, those below it stay first and in their order, every entry
stays, and what is new says of a new signature that it is there.

Of what was there only the root of the structure, and elements, are written anew; in them but `/K` and the entries for
the tree, all is what it was. Nothing that is drawn asks a list or an element for its `/K`, so it does not matter what
else leads there. Nodes and lists of the tree have to be new, or what they were.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ModificationLevel, QualifiedWhitelistRule, ReferenceUpdate

from evidence.verify.redrawing import entry
from evidence.verify.roles import in_their_role

_ROOT, _PARENTS = "/StructTreeRoot", "/ParentTree"
_OF_TREE = {_PARENTS, "/ParentTreeNextKey"}
_OF_ELEMENTS = {"/Type", "/S", "/P", "/Pg", "/K", "/Alt", "/Lang"}
_OF_OBJECTS = {"/Type", "/Obj", "/Pg"}
_REFERENCE: Any = generic.IndirectObject
_STRINGS = (generic.TextStringObject, generic.ByteStringObject)
_DEEPEST = 32
_MOST = 1_000_000
"""Entries and nodes of a tree that are read."""


class _Otherwise(Exception):
    """The structure is another in more than what signing makes of it."""


class TaggedFields(QualifiedWhitelistRule):
    """Takes what a structure holds of signature fields that are new; where it is another besides, nothing of it."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterable[tuple[ModificationLevel, ReferenceUpdate]]:
        """Give the objects that were written for it."""
        anew = new.explicit_refs_in_revision()  # type: ignore[no-untyped-call]  # pyHanko's method has no types
        before, after = (each.root.raw_get(_ROOT) if _ROOT in each.root else None for each in (old, new))
        if not isinstance(before, _REFERENCE) or not _alike(before, after) or before.reference not in anew:
            return
        try:
            compared = _Compared(old, new)
            compared.compare(before.reference)
        except _Otherwise:
            return
        level = ModificationLevel.FORM_FILLING
        yield from ((level, ReferenceUpdate(each)) for each in compared.kept if each in anew)
        yield from in_their_role(((level, ReferenceUpdate(each)) for each in compared.added), old, new)


class _Compared:
    """The structures of two revisions. `kept`: what was there and may be written anew; `added`: what is new."""

    def __init__(self, old: Any, new: Any) -> None:
        self._old, self._new = old, new
        self.kept: set[Reference] = set()
        self.added: set[Reference] = set()

    def compare(self, root: Reference) -> None:
        """Raise `_Otherwise` where the structure differs in anything but elements of new signature fields."""
        before, after = _plain(self._old(root)), _plain(self._new(root))
        self._compare_entries(before, after, besides={"/K", *_OF_TREE, *_no_roles(before, after)})
        self.kept.add(root)
        old, new = self._parents(before, self._old), self._parents(after, self._new)
        if not all(key in new and self._is_kept(value, new[key]) for key, value in old.items()):
            raise _Otherwise
        holders = {self._element(new[key]) for key in new.keys() - old.keys()}
        self._compare_kids(root, before, after)
        for holder in holders - {root}:
            self._compare_element(holder)

    def _compare_element(self, reference: Reference) -> None:
        """One that was there, and holds new ones now."""
        before, after = _plain(self._old(reference)), _plain(self._new(reference))
        self._compare_entries(before, after, besides={"/K"})
        if "/S" not in before or "/K" not in before:
            raise _Otherwise
        self.kept.add(reference)
        self._compare_kids(reference, before, after)

    def _compare_entries(self, before: Any, after: Any, *, besides: set[str]) -> None:
        plain = (generic.DictionaryObject, generic.StreamObject)
        if not all(isinstance(each, plain[0]) and not isinstance(each, plain[1]) for each in (before, after)):
            raise _Otherwise
        keys = before.keys() - besides
        if keys != after.keys() - besides or not all(_alike(before.raw_get(key), after.raw_get(key)) for key in keys):
            raise _Otherwise

    def _compare_kids(self, above: Reference, before: Any, after: Any) -> None:
        """Those that were there, then elements that are new, and those in their order."""
        old, new = self._kids(before, self._old), self._kids(after, self._new)
        if len(new) < len(old) or not all(map(_alike, old, new)):
            raise _Otherwise
        for each in new[len(old) :]:
            if not isinstance(each, _REFERENCE) or not self._is_new(each.reference):
                raise _Otherwise
            if self._element(each) != above:
                raise _Otherwise

    def _kids(self, holder: Any, revision: Any) -> list[Any]:
        """What stands under `/K`: one or a list, which may be an object of its own."""
        if "/K" not in holder:
            return []
        raw = holder.raw_get("/K")
        found = _read(raw, revision)
        if isinstance(found, generic.ArrayObject):
            if isinstance(raw, _REFERENCE):
                self._note(raw.reference)
            return [found.raw_get(place) for place in range(len(found))]
        if not isinstance(found, generic.DictionaryObject):
            raise _Otherwise  # a number, say, which other dictionaries have there as well
        return [raw]

    def _note(self, reference: Reference) -> None:
        """A list or a node that has an object of its own: it is new, or may not be another."""
        if self._is_new(reference):
            self.added.add(reference)
        elif not _alike(self._old(reference), self._new(reference)):
            raise _Otherwise
        else:
            self.kept.add(reference)

    def _parents(self, root: Any, revision: Any) -> dict[int, Any]:
        """The tree from the parts of pages to elements, by its numbers (7.9.7)."""
        if _PARENTS not in root:
            raise _Otherwise
        found: dict[int, Any] = {}
        waiting, steps = [(root.raw_get(_PARENTS), 0)], 0
        while waiting:
            raw, depth = waiting.pop()
            node, steps = _read(raw, revision), steps + 1
            if not isinstance(node, generic.DictionaryObject) or depth > _DEEPEST or steps > _MOST:
                raise _Otherwise
            if isinstance(raw, _REFERENCE) and revision is self._new:
                self._note(raw.reference)
            waiting += [(each, depth + 1) for each in _items(node, "/Kids", revision)]
            numbers = _items(node, "/Nums", revision)
            found |= {
                _number(_read(key, revision)): value for key, value in zip(numbers[::2], numbers[1::2], strict=False)
            }
        return found

    def _is_kept(self, before: Any, after: Any) -> bool:
        """Whether an entry leads to the same, by the same list or by another that holds the same."""
        if _alike(before, after):
            return True
        if isinstance(after, _REFERENCE):
            self._note(after.reference)
        one, other = _read(before, self._old), _read(after, self._new)
        return isinstance(one, generic.ArrayObject) and _alike(one, other)

    def _element(self, raw: Any) -> Reference:
        """Look at an element that is new, and give the one above it. Raises `_Otherwise` for any but a field's."""
        if not isinstance(raw, _REFERENCE) or not self._is_new(raw.reference):
            raise _Otherwise
        element = _read(raw, self._new)
        if not isinstance(element, generic.DictionaryObject) or not set(element.keys()) <= _OF_ELEMENTS:
            raise _Otherwise
        texts = [element.raw_get(key) for key in ("/Alt", "/Lang") if key in element]
        above = element.raw_get("/P") if "/P" in element else None
        if entry(element, "/S") != "/Form" or not isinstance(above, _REFERENCE):
            raise _Otherwise
        if not all(isinstance(each, _STRINGS) for each in texts):
            raise _Otherwise
        self._check_field(element.raw_get("/K") if "/K" in element else None)
        self.added.add(raw.reference)
        return Reference(above.reference.idnum, above.reference.generation, self._old)

    def _check_field(self, raw: Any) -> None:
        """What an element holds: the widget of a signature field that is new, and nothing else (14.7.5.3)."""
        listed = _read(raw, self._new)
        if isinstance(listed, generic.ArrayObject) and len(listed) == 1 and not isinstance(raw, _REFERENCE):
            raw = listed.raw_get(0)
        held = _read(raw, self._new)
        if not isinstance(held, generic.DictionaryObject) or not set(held.keys()) <= _OF_OBJECTS:
            raise _Otherwise
        widget = held.raw_get("/Obj") if "/Obj" in held else None
        if entry(held, "/Type") != "/OBJR" or not isinstance(widget, _REFERENCE) or not self._is_new(widget.reference):
            raise _Otherwise
        if entry(_read(widget, self._new), "/Subtype") != "/Widget":
            raise _Otherwise
        if isinstance(raw, _REFERENCE):
            self._note(raw.reference)

    def _is_new(self, reference: Reference) -> bool:
        return self._old.reader.xrefs.get_historical_ref(reference, self._old.revision) is None


def _no_roles(before: Any, after: Any) -> list[str]:
    """The table of roles where there was none, and there is an empty one."""
    added = after.raw_get("/RoleMap") if "/RoleMap" in after and "/RoleMap" not in before else None
    return ["/RoleMap"] if isinstance(added, generic.DictionaryObject) and not added else []


def _plain(value: Any) -> Any:
    return value.decrypted if isinstance(value, generic.DecryptedObjectProxy) else value


def _read(raw: Any, revision: Any) -> Any:
    return _plain(revision(raw.reference) if isinstance(raw, _REFERENCE) else raw)


def _number(key: Any) -> int:
    if not isinstance(key, generic.NumberObject):
        raise _Otherwise
    return int(key)


def _items(node: Any, key: str, revision: Any) -> list[Any]:
    found = _read(node.raw_get(key), revision) if key in node else None
    return [found.raw_get(place) for place in range(len(found))] if isinstance(found, generic.ArrayObject) else []


def _alike(one: Any, other: Any) -> bool:
    """Whether two values are the same, references to the same objects included; those are not followed."""
    waiting = [(one, other)]
    while waiting:
        first, second = map(_plain, waiting.pop())
        if isinstance(first, _REFERENCE) or isinstance(second, _REFERENCE):
            if type(first) is not type(second) or first.reference != second.reference:
                return False
        elif isinstance(first, generic.DictionaryObject):
            if not isinstance(second, generic.DictionaryObject) or first.keys() != second.keys():
                return False
            if isinstance(first, generic.StreamObject) or isinstance(second, generic.StreamObject):
                return False
            waiting += [(first.raw_get(key), second.raw_get(key)) for key in first]
        elif isinstance(first, generic.ArrayObject):
            if not isinstance(second, generic.ArrayObject) or len(first) != len(second):
                return False
            waiting += [(first.raw_get(place), second.raw_get(place)) for place in range(len(first))]
        elif type(first) is not type(second) or first != second:
            return False
    return True
