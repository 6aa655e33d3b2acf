"""References to objects that are not there: to the null object (ISO 32000-2, 7.3.10), in whatever revision is read.

PyHanko, where it is strict, reads no file that has one where it looks, and many have: to a table of contents that was
taken out, to a small picture of a page. That nobody puts an object there after a signature is judged by `roles`.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import wraps
from typing import Any

from pyhanko.pdf_utils.generic import NullObject
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.pdf_utils.xref import XRefCache

_IN_NO_REVISION = -1


def read_absent_as_null() -> None:
    """Have pyHanko read so, in this process; done once, however often it is called."""
    reader: Any = PdfFileReader
    sections: Any = XRefCache
    if not hasattr(reader._read_object, "__wrapped__"):  # noqa: SLF001 - there is no other place where it can be changed
        reader._read_object = _read(reader._read_object)  # noqa: SLF001
        sections.get_introducing_revision = _introduced(sections.get_introducing_revision)


def _read(read: Callable[..., Any]) -> Callable[..., Any]:
    @wraps(read)
    def lenient(reader: Any, reference: Any, marker: Any, **means: Any) -> Any:
        if marker is not None:
            return read(reader, reference, marker, **means)
        null: Any = NullObject()
        null.container_ref = reference
        return null

    return lenient


def _introduced(introduced: Callable[..., int]) -> Callable[..., int]:
    @wraps(introduced)
    def lenient(sections: Any, reference: Any) -> int:
        try:
            return introduced(sections, reference)
        except KeyError:
            return _IN_NO_REVISION

    return lenient
