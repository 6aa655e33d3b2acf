"""Objects out of object streams (ISO 32000-2, 7.5.7), whose table of contents is read once.

PyHanko reads the table from its start for each object: nine tenths of what a dossier of ours costs to verify. What is
not plain here goes pyHanko's own way, with its own complaints: the answer is never another one.
"""

from __future__ import annotations

from contextlib import suppress
from io import BytesIO
from typing import Any

from pyhanko.pdf_utils import generic, misc
from pyhanko.pdf_utils.decode_limits import DecodePurpose

_NOT_IN_A_STREAM = (generic.StreamObject, generic.IndirectObject)


class ObjectStream:
    """One object stream, decoded; of its table as much is read as was asked for."""

    def __init__(self, stream: Any) -> None:
        self.stream = stream
        self.first, self._count = stream["/First"], stream["/N"]
        self.data = BytesIO(stream.read_data(DecodePurpose.OBJECT_STREAM))
        self._places: dict[int, tuple[int, int]] = {}
        self._read, self._at = 0, 0

    def place(self, number: int) -> tuple[int, int] | None:
        """Index and offset of the first object with a number; None where there is none before the table goes wrong."""
        self.data.seek(self._at)
        while number not in self._places and self._read < self._count:
            found, offset = self._next(), self._next()
            self._places.setdefault(found, (self._read, offset))
            self._read, self._at = self._read + 1, self.data.tell()
        return self._places.get(number)

    def _next(self) -> int:
        misc.read_non_whitespace(self.data, seek_back=True)  # type: ignore[no-untyped-call]  # pyHanko's
        number: int = generic.NumberObject.read_from_stream(self.data)  # type: ignore[no-untyped-call]  # the same
        return number


def read_tables_once(reader: Any) -> None:
    """Let an open reader do so; it keeps what it has decoded in any case."""
    tables: dict[int, ObjectStream] = {}
    slowly = reader._get_object_from_stream  # noqa: SLF001 - there is no other place where it can be changed

    def known(number: int, holder: int, index: int) -> Any:
        stream: Any = generic.Reference(holder, 0, reader).get_object()
        with suppress(ValueError, KeyError, TypeError, AttributeError, misc.PdfError):
            if stream["/Type"] == "/ObjStm":
                if holder not in tables or tables[holder].stream is not stream:
                    tables[holder] = ObjectStream(stream)
                table = tables[holder]
                place = table.place(number)
                if place is not None and place[0] == index:
                    table.data.seek(table.first + place[1])
                    found = generic.read_object(table.data, generic.Reference(number, 0, reader))
                    if not isinstance(found, _NOT_IN_A_STREAM):
                        return found
        return slowly(number, holder, index)

    reader._get_object_from_stream = known  # noqa: SLF001
