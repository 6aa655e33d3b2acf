"""Strings in parentheses are read as the standard has them, not only as most programs write them (7.3.4.2)."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest
from hypothesis import example, given
from hypothesis import strategies as st
from pyhanko.pdf_utils import generic

from evidence.verify import strings
from evidence.verify.permitted import Permitted
from evidence.verify.strings import read_literal
from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_names import outcome
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import raw

__all__ = ["quiet"]  # a fixture

STRINGS = {
    rb"(plain)": b"plain",
    rb"(in (two (three)) levels)": b"in (two (three)) levels",
    rb"(\(\)\\ \n\r\t\b\f)": b"()\\ \n\r\t\b\f",
    rb"(The \copyright and \3)": b"The copyright and \3",
    rb"(\101\60\0612\7)": b"A0" + b"12\7",
    rb"(\501 \777)": b"A \xff",
    rb"(\9\8)": b"98",
    b"(a\\\nb\\\r\nc\\\rd\\\n\ne)": b"abcd\ne",
}


@pytest.mark.parametrize("written", STRINGS)
def test_a_string_is_read_to_its_end(written: bytes) -> None:
    """As qpdf reads it, too."""
    stream = io.BytesIO(written + b" behind")
    assert (read_literal(stream), stream.read()) == (STRINGS[written], b" behind")
    assert bytes(pikepdf.Object.parse(written)) == STRINGS[written]


@pytest.mark.parametrize("title", [rb"(The \copyright and \macros)", rb"(\777)", rb"(\9)"])
def test_such_a_title_is_no_alteration(title: bytes, tmp_path: Path) -> None:
    plain = raw.write(raw.one_page(catalog=raw.catalog(b"/Outlines 6 0 R"), more={6: b"<< /Title %s >>" % title}))
    found = examine(tmp_path, files.of(plain).content)
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


@given(st.lists(st.sampled_from(b"0123456789abcdefABCDEF \r\n\t>>g<\0"), max_size=200).map(bytes))
@example(b"")
@example(b"FEFF00E9>")
@example(b"48656C6C6F> /Next")
@example(b"486>")
@example(b"48 65\n>")
@example(b"48")
@example(b"00" * 64 + b">")
@example(b"aB" * 20_000 + b">")
@example(b"aB" * 70_000 + b">")
def test_a_string_of_digits_is_what_pyhanko_reads(written: bytes) -> None:
    """ISO 32000-2, 7.3.4.3; to the octet where the stream stands afterwards, also where pyHanko refuses it."""
    assert outcome(strings.read_digits, b"<" + written) == outcome(strings._octet_by_octet, b"<" + written)


def test_a_signature_is_one_look_at_the_stream(monkeypatch: pytest.MonkeyPatch) -> None:
    Permitted()
    assert generic.read_hex_string_from_stream is strings.read_digits
    monkeypatch.delattr(strings, "_octet_by_octet")
    assert strings.read_digits(io.BytesIO(b"<" + b"A0" * 16_000 + b">")).original_bytes == b"\xa0" * 16_000
