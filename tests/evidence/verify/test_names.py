"""Names that are read at once are those that pyHanko reads octet by octet (ISO 32000-2, 7.3.5)."""

from __future__ import annotations

import io
from typing import Any

import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.misc import PdfReadError

from evidence.verify import names
from evidence.verify.permitted import Permitted

OCTETS = st.one_of(st.sampled_from(b"/#41fF Az09+-._~|\\^()<>[]{}%\r\n\t\f\0\x7f\x80\xff"), st.integers(0, 255))


def outcome(read: Any, written: bytes) -> tuple[object, ...]:
    """What is read, its kind, and what is left of the stream; or that it is refused."""
    stream = io.BufferedReader(io.BytesIO(written), buffer_size=16)
    try:
        found = read(stream)
    except PdfReadError as error:
        return (str(error),)
    return found, type(found), stream.read()


@given(st.lists(OCTETS, max_size=80).map(bytes))
@example(b"")
@example(b"Type /Page")
@example(b"A#42C>>")
@example(b"A#4")
@example(b"at-the-end")
@example(b"x" * 46 + b" ")
@example(b"x" * 47 + b" ")
@example(b"x" * 48 + b" ")
def test_a_name_is_what_pyhanko_reads(written: bytes) -> None:
    """To the octet where the stream stands afterwards, also where pyHanko refuses it."""
    for start in (b"/", b""):
        assert outcome(names.read_name, start + written) == outcome(names._octet_by_octet, start + written)


def test_an_ordinary_name_is_one_look_at_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    """Names are read so wherever revisions are compared; what pyHanko does itself is not asked."""
    Permitted()
    assert generic.NameObject.read_from_stream is names.read_name
    monkeypatch.delattr(names, "_octet_by_octet")
    written = b"<< /Type /Font /BaseFont /ABCDEF+Times-Roman /Kids [/One/Two] >>"
    read: Any = generic.read_object
    found = read(io.BytesIO(written), generic.Reference(1, 0, None))
    assert dict(found) == {"/Type": "/Font", "/BaseFont": "/ABCDEF+Times-Roman", "/Kids": ["/One", "/Two"]}
