"""References to what no section of a file lists (ISO 32000-2, 7.3.10): they are to nothing, for every reader.

Programs leave them where they take an annotation away. PyHanko stops at them, and a sound file would be called altered
as soon as somebody signs it once more. An object that a later revision brings is none of these: it is compared.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic

_NEVER = -1


def take_for_null(reader: Any) -> None:
    """Let a reader that is open, and the revisions it gives, read them so."""
    table = reader.xrefs
    introduced, changed, read = table.get_introducing_revision, table.get_last_change, reader.get_object

    def or_null(reference: generic.Reference, *asked: Any, **how: Any) -> Any:
        if _known(introduced, reference) != _NEVER:
            return read(reference, *asked, **how)
        null: Any = generic.NullObject()
        null.container_ref = generic.Reference(reference.idnum, reference.generation, reader)
        return null

    table.get_introducing_revision = lambda reference: _known(introduced, reference)
    table.get_last_change = lambda reference: _known(changed, reference)
    reader.get_object = or_null


def _known(ask: Callable[[Any], int], reference: Any) -> int:
    try:
        return ask(reference)
    except KeyError:
        return _NEVER
