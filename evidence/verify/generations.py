"""Objects whose generation follows none: the first of their number is not the zeroth (ISO 32000-2, 7.5.4).

Poppler, with which Okular and Papers sign, lists such objects in each revision that it makes, and refers to none of
them. PyHanko's strict reading opens no file that has one, though all readers do. Here one is taken whose number stands
in no other section. What refers to it, by whatever generation, is found by those who ask for the ways to a number
(`usages`): nothing may, as some readers ask for the generation and some do not.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from copy import copy
from dataclasses import replace
from functools import wraps
from typing import Any

from pyhanko.pdf_utils import xref
from pyhanko.pdf_utils.generic import Reference


def take_lone_generations() -> None:
    """Have pyHanko open files with such objects, in this process; calling it again changes nothing."""
    place: Any = xref
    if not hasattr(place._check_xref_consistency, "__wrapped__"):  # noqa: SLF001 - there is no other place
        place._check_xref_consistency = _lenient(place._check_xref_consistency)  # noqa: SLF001


def lone_generations(reader: Any) -> list[Reference]:
    """The objects of a reader's file whose generation follows none."""
    numbers = _lone(reader.xrefs._xref_sections)  # noqa: SLF001 - pyHanko's own
    return [Reference(number, generation, reader) for number, generation in numbers.items()]


def are_referred_to(reader: Any, references: Sequence[Reference]) -> bool:
    """Whether anything in a file as it stands refers to one of them, by whatever generation."""
    newest = reader.get_historical_resolver(reader.xrefs.total_revisions - 1)
    newest._load_reverse_xref_cache()  # noqa: SLF001 - pyHanko's own, as `usages` has it
    return any(newest._get_usages_of_ref(each) for each in references)  # noqa: SLF001


def _lenient(check: Callable[[list[Any]], None]) -> Callable[[list[Any]], None]:
    @wraps(check)
    def checked(sections: list[Any]) -> None:
        lone = _lone(sections)
        check([_without(each, lone) for each in sections] if lone else sections)

    return checked


def _lone(sections: Sequence[Any]) -> dict[int, int]:
    """Generations above zero by their numbers, of which there is no other entry."""
    every = [data for each in sections for data in _parts(each.xref_data)]
    higher = {number: generation for data in every for number, generation in data.higher_generation_refs()}
    if not higher:
        return {}
    listed = Counter(
        number for data in every for kind in (data.freed, data.standard_xrefs, data.xrefs_in_objstm) for number in kind
    )
    return {number: generation for number, generation in higher.items() if listed[number] == 1}


def _parts(data: Any) -> list[Any]:
    """A section, and the stream beside it, if there is one."""
    return [data, data.hybrid.xref_data] if data.hybrid else [data]


def _without(section: Any, lone: dict[int, int]) -> Any:
    data = copy(section.xref_data)
    data.standard_xrefs = {number: found for number, found in data.standard_xrefs.items() if number not in lone}
    return replace(section, xref_data=data)
