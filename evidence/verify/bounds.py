"""How many objects a file may list: PyHanko takes a while for each, and a kilobyte can list millions.

Without an end: entries of no width take no byte of the file (ISO 32000-2, 7.5.8.2).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from functools import wraps
from itertools import islice
from typing import Any

from pyhanko.pdf_utils import xref

MOST_ENTRIES = 250_000
"""In one stream of cross-references. A thousand dense pages have some hundred thousand objects; more than this are not
read in the time that there is."""


def bound_entries() -> None:
    """Have pyHanko read no more, in this process; done once, however often it is called."""
    place: Any = xref
    if not hasattr(place.parse_xref_stream, "__wrapped__"):
        place.parse_xref_stream = _bounded(place.parse_xref_stream)


def _bounded(parse: Callable[..., Iterator[Any]]) -> Callable[..., Iterator[Any]]:
    @wraps(parse)
    def bounded(*asked: Any, **named: Any) -> Iterator[Any]:
        entries = iter(parse(*asked, **named))
        yield from islice(entries, MOST_ENTRIES)
        if next(entries, None) is not None:
            raise MemoryError("more objects than are read")

    return bounded
