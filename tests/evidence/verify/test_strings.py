"""Strings in parentheses are read as the standard has them, not only as most programs write them (7.3.4.2)."""

from __future__ import annotations

import io
from pathlib import Path

import pikepdf
import pytest

from evidence.verify.strings import read_literal
from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
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
