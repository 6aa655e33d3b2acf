"""The annotations of a page in two revisions, odd entries included (ISO 32000-2, 12.5.2 and 7.3.9).

PyHanko wants a list of references, and calls a page altered where other programs left null in it, or wrote an
annotation in place. A null is no annotation, wherever it stands; what stands in place is compared by what is written.
"""

from __future__ import annotations

import io
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.sign.diff_analysis import SuspiciousModification
from pyhanko.sign.diff_analysis.rules import form_field_rules

_REFERENCE: Any = generic.IndirectObject


def take_odd_entries() -> None:
    """Let pyHanko compare such lists, in this process; calling it again changes nothing."""
    place: Any = form_field_rules
    place._extract_annots_from_page = _annotations  # noqa: SLF001 there is no other place where it can be changed


def _annotations(page: Any, exc: type[Exception]) -> tuple[set[Any], Any]:
    """References, and entries in place as they are written; the reference of the list. Raises KeyError where none is.

    What pyHanko does not find among the new fields, it refuses: entries in place that came or went, too.
    """
    if not isinstance(page, generic.DictionaryObject):
        raise exc("Page objects should be dictionaries")
    named: Any = page.raw_get("/Annots")
    entries = named.get_object()
    if isinstance(entries, generic.NullObject):
        raise KeyError("/Annots")
    if not isinstance(entries, generic.ArrayObject):
        raise SuspiciousModification("Not an array object")
    raw = [entries.raw_get(place) for place in range(len(entries))]
    found = {_told(each) for each in raw if not isinstance(each, generic.NullObject)}
    return found, named.reference if isinstance(named, _REFERENCE) else None


def _told(entry: Any) -> Any:
    if isinstance(entry, _REFERENCE):
        return entry.reference
    written = io.BytesIO()
    entry.write_to_stream(written, None)
    return written.getvalue()
