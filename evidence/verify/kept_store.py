"""The document security store after a signature: pyHanko's rule, but for entries of others that nobody touched.

What may be added is what ISO 32000-2, 12.8.4.3 names. An entry besides, which was signed, stays what it is.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.reader import HistoricalResolver, RawPdfPath
from pyhanko.sign.diff_analysis import DSSCompareRule, ReferenceUpdate, SuspiciousModification
from pyhanko.sign.diff_analysis.commons import compare_key_refs
from pyhanko.sign.diff_analysis.rules import form_field_rules
from pyhanko.sign.diff_analysis.rules_api import Context

from evidence.verify.redrawing import same

_STREAMS = {"/Certs", "/CRLs", "/OCSPs"}
_STORE = ("/Root", "/DSS")
_inside: Any = form_field_rules._validate_dss_substructure  # noqa: SLF001 pyHanko's rule is one function with it

_of_signatures: Any = DSSCompareRule._check_vri  # noqa: SLF001 the same


class KeptStore(DSSCompareRule):
    """Takes a store that was signed with entries of others, as long as they are the same."""

    def apply(self, old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Give what of the store may be another in `new`. Raises `SuspiciousModification`."""
        before, after = yield from _compared("/DSS", old, (old.root, new.root), _STORE)
        if after is None:
            return
        _check_others(before, after)
        context = Context.from_absolute(old, RawPdfPath(*_STORE))
        yield from _inside(old, new, before, after, _STREAMS, is_vri=False, context=context)
        parts = yield from _compared("/VRI", old, (before, after), (*_STORE, "/VRI"))
        if parts[1] is not None:
            yield from _of_signatures(old, new, *map(_dictionary, parts))


def _compared(key: str, old: HistoricalResolver, above: tuple[Any, Any], path: tuple[str, ...]) -> Any:
    update = ReferenceUpdate.curry_ref(context_checked=Context.from_absolute(old, RawPdfPath(*path)))
    before, after = yield from misc.map_with_return(compare_key_refs(key, old, *map(_dictionary, above)), update)
    return (None, None) if after is None else (_dictionary(before), _dictionary(after))


def _dictionary(found: Any) -> Any:
    empty: Any = generic.DictionaryObject
    if found is not None and not isinstance(found, generic.DictionaryObject):
        raise SuspiciousModification("no dictionary in the store")
    return empty({}) if found is None else found


def _check_others(before: Any, after: Any) -> None:
    for name in set(after.keys()) - _STREAMS - {"/Type", "/VRI"}:
        if name not in before or not same(before.raw_get(name), after.raw_get(name)):
            raise SuspiciousModification(f"another {name} in the store")
