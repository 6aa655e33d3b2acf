"""What qpdf reads as nothing, or not to its end, is a refusal: other readers show what stands there.

Each of these was shown by poppler or mupdf, or is one step from what was, and was missing after a repair.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from signing.engine.refusals import Label
from tests.engine.test_intake import look_at
from tests.pdfs import raw

_STAMP = b"<< /Type /Annot /Subtype /Stamp /F 4 /Rect [100 100 200 200] /AP << /N 7 0 R >> %s >>"
_LOOK = raw.stream(b"0 0 1 rg 0 0 100 100 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 100 100]")


def stamped(annotation: bytes) -> bytes:
    """A page with an annotation."""
    return raw.write(raw.one_page(page=b"/Annots [6 0 R]", more={6: annotation, 7: _LOOK}))


def packed(head: bytes, objects: bytes, *, first: int | None = None) -> bytes:
    """The same in a stream of objects with that head: 6 is its first."""
    entries = b"/Type /ObjStm /N 2 /First %d" % (len(head) if first is None else first)
    whole = raw.one_page(page=b"/Annots [6 0 R]", more={7: _LOOK, 8: raw.stream(head + objects, entries)})
    made, rows = bytearray(raw.HEADER), {6: b"\2\0\0\0\x08\0", 9: b"\2\0\0\0\x08\1"}
    for number, body in sorted(whole.items()):
        rows[number] = b"\1" + len(made).to_bytes(4) + b"\0"
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    table = b"".join(rows.get(number, b"\0" * 6) for number in range(10)) + b"\1" + start.to_bytes(4) + b"\0"
    made += b"10 0 obj\n%s\nendobj\n" % raw.stream(table, b"/Type /XRef /Size 11 /W [1 4 1] /Root 1 0 R")
    return bytes(made) + b"startxref\n%d\n%%%%EOF\n" % start


_WHOLE = _STAMP % b""
_SECOND = len(_WHOLE) + 1
UNREAD = {
    "more errors than are counted": stamped(_STAMP % (b"/X [" + b" foo }" * 30 + b"]")),
    "a string without its end": stamped(_STAMP % b"/X (abc"),
    "a dictionary without its end": stamped(_WHOLE[:-2]),
    "in a stream, without its end": packed(b"6 0 9 %d " % (_SECOND - 2), _WHOLE[:-2] + b" (x)"),
    "in a stream, backwards": packed(b"9 %d 6 0 " % _SECOND, _WHOLE + b" (x)"),
    "in a stream, by a word": packed(b"x6 0 9 %d " % _SECOND, _WHOLE + b" (x)"),
    "in a stream that begins behind its end": packed(b"6 0 9 %d " % _SECOND, _WHOLE + b" (x)", first=99_999),
}


def test_the_same_without_the_fault_is_taken(tmp_path: Path) -> None:
    assert look_at(stamped(_WHOLE), tmp_path)["checks"] == ("strict",)
    assert look_at(packed(b"6 0 9 %d " % _SECOND, _WHOLE + b" (x)"), tmp_path)["checks"] == ("strict",)


@pytest.mark.parametrize("name", UNREAD)
def test_what_was_not_read_is_not_left_out(name: str, tmp_path: Path) -> None:
    """docs/intake.md: an object that is too deep or too large to read is a refusal, and so is one that is broken."""
    assert look_at(UNREAD[name], tmp_path)["refused"] == Label.DAMAGED
