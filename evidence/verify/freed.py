"""Numbers that a revision calls free (ISO 32000-2, 7.5.4): of objects that were there, and of such as never were.

Programs list what is free again, and numbers that they leave out. Only what readers found before can be taken away.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pyhanko.pdf_utils.generic import Reference
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import ReferenceUpdate, SuspiciousModification, WhitelistRule


class FreeStaysFree(WhitelistRule):
    """Takes entries for free numbers that were free before; stands in the place of pyHanko's, which takes none."""

    def apply(self, _old: HistoricalResolver, new: HistoricalResolver) -> Iterable[ReferenceUpdate]:
        """Give what may be called free. Raises `SuspiciousModification` where an object was there."""
        revision: Any = new  # pyHanko's method has no types
        for reference in revision.refs_freed_in_revision():
            if _was_there(new, reference):
                raise SuspiciousModification(f"{reference} is no longer there")
            yield ReferenceUpdate(reference)


def _was_there(new: HistoricalResolver, reference: Reference) -> bool:
    """Whether the newest earlier section that names a number says that there is an object, of whatever generation."""
    for part in _earlier(new):
        if reference.idnum in part.standard_xrefs or reference.idnum in part.xrefs_in_objstm:
            return True
        if reference.idnum in part.freed and part.hybrid is None:
            return False
    return False


def _earlier(new: HistoricalResolver) -> Iterator[Any]:
    sections: Any = new.reader.xrefs._xref_sections  # noqa: SLF001 what pyHanko tells of them leaves numbers out
    for section in reversed(sections[: new.revision]):
        yield section.xref_data
        if section.xref_data.hybrid is not None:
            yield section.xref_data.hybrid.xref_data
