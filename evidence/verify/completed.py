"""Forms that their author certified so that others fill them in (ISO 32000-2, 12.8.2.2: DocMDP, P=2 and P=3).

Whoever fills one in and signs does what its author permitted: the certification is not altered by it. It takes all of
this: the fields were open when it was certified, somebody signed once they were filled in, and nothing was filled in
after that. After a signature that permits nothing by itself, what is filled in is told as a change.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.fields import MDPPerm

from evidence.verify.case import Case
from evidence.verify.redrawing import entry, form_of

_DEEPEST = 32
_READ_ONLY, _PUSH_BUTTON = 1, 1 << 16
_FILLED_IN = {"/Tx", "/Btn", "/Ch"}


def is_completion(case: Case, signature: Any, names: Collection[str]) -> bool:
    """Whether fields of these names, open when `signature` was made, were filled in by permission, and signed then."""
    if not _is_permitted(case, signature):
        return False
    signed = signature.reader.get_historical_resolver(signature.signed_revision)
    return set(names) <= set(_open(entry(form_of(signed), "/Fields"))) and _is_signed(case, signature, names)


def _is_permitted(case: Case, signature: Any) -> bool:
    """Whether the file was certified, by this signature or before it, and by nobody so that no form is filled in."""
    until = (each for each in case.signatures if each.signed_revision <= signature.signed_revision)
    levels = [level for each in until if (level := each.docmdp_level) is not None]
    return bool(levels) and min(levels) >= MDPPerm.FILL_FORMS


def _is_signed(case: Case, signature: Any, names: Collection[str]) -> bool:
    """Whether somebody signed later, after whose signature none of the fields was touched."""
    for each in case.signatures:
        if each.signed_revision > signature.signed_revision and not case.embedded(each).is_timestamp:
            each.compute_integrity_info(case.permitted)
            later = getattr(each.diff_result, "changed_form_fields", None)
            if each.diff_result is None or (later is not None and not set(names) & set(later)):
                return True
    return False


def _open(fields: Any, above: str = "", kind: str = "", flags: int = 0, depth: int = 0) -> Iterator[str]:
    """Full names of the fields that can be filled in; type and flags are inherited (12.7.4.1)."""
    for reference in fields if isinstance(fields, generic.ArrayObject) else ():
        field = reference.get_object()
        if not isinstance(field, generic.DictionaryObject):
            continue
        own = str(entry(field, "/FT") or kind)
        told = found if isinstance(found := entry(field, "/Ff"), int) else flags
        part = entry(field, "/T")
        name = f"{above}.{part}" if above and part else str(part or above)
        closed = told & _READ_ONLY or (own == "/Btn" and told & _PUSH_BUTTON)
        if own in _FILLED_IN and not closed:
            yield name
        if depth < _DEEPEST:
            yield from _open(entry(field, "/Kids"), name, own, told, depth + 1)
