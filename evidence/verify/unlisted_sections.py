"""Streams of cross-references that no section lists, themselves included (ISO 32000-2, 7.5.8).

PDFBox and EU DSS write such ones, and PDFBox gives the number of one to the next object that it writes. Nothing can
refer to such a stream, so the number is that object's alone: it was as free before as one beyond the size. PyHanko's
strict reading opens no such file, though all readers do.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import wraps
from typing import Any

from pyhanko.pdf_utils import xref
from pyhanko.pdf_utils.reader import HistoricalResolver


def take_their_numbers() -> None:
    """Have pyHanko take their numbers for free, in this process; calling it again changes nothing."""
    place: Any = HistoricalResolver
    if not hasattr(place.is_ref_unassignable, "__wrapped__"):
        place.is_ref_unassignable = _unassignable(place.is_ref_unassignable)
        sections: Any = xref
        check = sections._check_xref_consistency  # noqa: SLF001 - there is no other place where it can be changed
        sections._check_xref_consistency = _lenient(check)  # noqa: SLF001


def names_unlisted_stream(section: Any) -> bool:
    """Whether a section (pyHanko's) is a stream that does not list itself."""
    stream = section.meta_info.stream_ref
    return stream is not None and (stream.idnum, stream.generation) not in section.xref_data.explicit_refs_in_revision


def _unassignable(ask: Callable[..., bool]) -> Callable[..., bool]:
    @wraps(ask)
    def asked(revision: Any, reference: Any) -> bool:
        if ask(revision, reference):
            return True
        section = revision.reader.xrefs._xref_sections[revision.revision]  # noqa: SLF001 - pyHanko's own
        stream = section.meta_info.stream_ref
        return stream is not None and stream.idnum == reference.idnum and names_unlisted_stream(section)

    return asked


def _lenient(check: Callable[[list[Any]], None]) -> Callable[[list[Any]], None]:
    @wraps(check)
    def checked(sections: list[Any]) -> None:
        check([_without_stream(each) if names_unlisted_stream(each) else each for each in sections])

    return checked


def _without_stream(section: Any) -> Any:
    return replace(section, meta_info=replace(section.meta_info, stream_ref=None))
