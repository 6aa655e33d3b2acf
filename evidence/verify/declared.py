"""What a catalog declares of its document: version, extensions of the format, marks (ISO 32000-2, 7.7.2).

PyHanko lets a later revision put anything there. Here it is what the standard lists: the version of the format by its
name, extensions by the five entries of a developer's dictionary (7.12), and of marks the three that are true or false
(table 353). An output intent may come (`intents`). What was signed stays as it is, however odd.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import (
    CatalogModificationRule,
    ModificationLevel,
    ReferenceUpdate,
    SuspiciousModification,
)

from evidence.verify import intents
from evidence.verify.redrawing import entry, same

_VERSIONS = {f"/1.{minor}" for minor in range(8)} | {"/2.0"}
_STRINGS = (generic.TextStringObject, generic.ByteStringObject)
_EXTENSION: dict[str, Any] = {
    "/Type": generic.NameObject,
    "/BaseVersion": generic.NameObject,
    "/ExtensionLevel": generic.NumberObject,
    "/URL": _STRINGS,
    "/ExtensionRevision": _STRINGS,
}
_MARKS: dict[str, Any] = dict.fromkeys(("/Marked", "/UserProperties", "/Suspects"), generic.BooleanObject)


class DeclaredCatalog(CatalogModificationRule):
    """PyHanko's rule on the catalog, and of what it leaves open only what may stand there."""

    def apply_qualified(
        self, old: HistoricalResolver, new: HistoricalResolver
    ) -> Iterator[tuple[ModificationLevel, ReferenceUpdate]]:
        """Give what of the catalog may be another in `new`. Raises `SuspiciousModification`."""
        for key, is_in_order in _ENTRIES.items():
            found = entry(new.root, key)
            if found is None or (key in old.root and same(old.root.raw_get(key), new.root.raw_get(key))):
                continue
            if not is_in_order(found):
                raise SuspiciousModification(f"another {key} than may stand there")
        for reference in intents.added_intents(old, new):
            yield ModificationLevel.LTA_UPDATES, ReferenceUpdate(reference)
        come = {intents.NAME} - set(old.root.keys())
        rule = CatalogModificationRule(self.ignored_keys | come)  # type: ignore[no-untyped-call]  # pyHanko's constructor has no types
        yield from rule.apply_qualified(old, new)


def _is_version(found: Any) -> bool:
    return isinstance(found, generic.NameObject) and found in _VERSIONS


def _are_extensions(found: Any) -> bool:
    if not _is_dictionary(found):
        return False
    named = {key: entry(found, key) for key in found}
    return named.pop("/Type", "/Extensions") == "/Extensions" and all(map(_are_of_developer, named.values()))


def _are_of_developer(found: Any) -> bool:
    """One extension, or as of PDF 2.0 several of one developer."""
    return all(_has_only(each, _EXTENSION) for each in (_items(found) if _is_list(found) else [found]))


def _are_marks(found: Any) -> bool:
    return _has_only(found, _MARKS)


def _has_only(found: Any, kinds: dict[str, Any]) -> bool:
    return _is_dictionary(found) and all(isinstance(entry(found, key), kinds.get(key, ())) for key in found)


def _is_dictionary(found: Any) -> bool:
    return isinstance(found, generic.DictionaryObject) and not isinstance(found, generic.StreamObject)


def _is_list(found: Any) -> bool:
    return isinstance(found, generic.ArrayObject)


def _items(found: Any) -> Iterable[Any]:
    return [found[place] for place in range(len(found))]


_ENTRIES: dict[str, Callable[[Any], bool]] = {
    "/Version": _is_version,
    "/Extensions": _are_extensions,
    "/MarkInfo": _are_marks,
}
