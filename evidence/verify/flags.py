"""The flags of form fields after a signature (ISO 32000-2, 12.7.4.1 and tables 226 to 233).

They say how a reader draws a value: as dots, in a comb, on several lines, as a list. No value and no drawing is touched
when they are exchanged; a reader that draws fields itself, because `/NeedAppearances` asks for it or because it always
does, shows something else. PyHanko lets them change in every field. Here only those may that say what can be done to a
field, as programs set them when they lock it.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.reader import HistoricalResolver

from evidence.verify.redrawing import entry, form_of

_DEEPEST = 32
_OF_USE = 0b111
"""ReadOnly, Required, NoExport: nothing is drawn otherwise for them."""


def altered(before: HistoricalResolver, after: HistoricalResolver) -> bool:
    """Whether a field of `before`, signature fields aside, is to be drawn by other flags in `after`."""
    now = dict(_flags(entry(form_of(after), "/Fields")))
    return any(now.get(name, 0) != flags for name, flags in _flags(entry(form_of(before), "/Fields")))


def _flags(fields: Any, above: str = "", kind: str = "", depth: int = 0) -> Iterator[tuple[str, Any]]:
    """Each field that is not for signatures, with its own flags; what it inherits is with the field that has it."""
    for number, reference in enumerate(fields if isinstance(fields, generic.ArrayObject) else ()):
        field = reference.get_object()
        if not isinstance(field, generic.DictionaryObject):
            continue
        own = str(entry(field, "/FT") or kind)
        name = f"{above}.{entry(field, '/T') or number}"
        if own != "/Sig":
            yield name, _drawn_by(entry(field, "/Ff"))
        if depth < _DEEPEST:
            yield from _flags(entry(field, "/Kids"), name, own, depth + 1)


def _drawn_by(flags: Any) -> Any:
    """What of flags concerns the drawing; what is no number stands for itself."""
    return flags & ~_OF_USE if isinstance(flags, int) else flags or 0
