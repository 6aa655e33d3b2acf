"""Flags of form fields that are exchanged after a signature: those that a reader draws by, and those of use only."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import raw, shadow

__all__ = ["quiet"]  # a fixture

READ_ONLY, REQUIRED, NO_EXPORT = 1, 2, 4
DRAWN_BY = {
    "several lines": (b"/Tx", 1 << 12),
    "as a password": (b"/Tx", 1 << 13),
    "in a comb": (b"/Tx", 1 << 24),
    "as rich text": (b"/Tx", 1 << 25),
    "as a radio button": (b"/Btn", 1 << 15),
    "as a push button": (b"/Btn", 1 << 16),
    "as a list that drops down": (b"/Ch", 1 << 17),
}
ANEW = b" /NeedAppearances true"


def field(kind: bytes, flags: int, entries: bytes = b"") -> bytes:
    return (
        b"<< /Type /Annot /Subtype /Widget /FT %s /T (Somme) /Rect [72 700 200 720] /P 3 0 R /DA (/F1 12 Tf 0 g)"
        b" /F 4 /V (100) /MaxLen 8 /Ff %d %s >>" % (kind, flags, entries)
    )


def form(kind: bytes, entries: bytes, *, above: bytes = b"") -> bytes:
    """A document with one field that nobody can fill in, and that has no drawing of its own.

    `above`: a field that it is a part of, object 9.
    """
    fields = b"9 0 R" if above else b"6 0 R"
    more = {
        6: field(kind, READ_ONLY, b"/Parent 9 0 R" if above else b""),
        8: b"<< /Fields [%s] /DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >>%s >>" % (fields, entries),
    } | ({9: above} if above else {})
    return raw.write(raw.one_page(catalog=raw.catalog(b"/AcroForm 8 0 R"), page=b"/Annots [6 0 R]", more=more))


@pytest.mark.parametrize("entries", [ANEW, b""])
@pytest.mark.parametrize("name", DRAWN_BY)
def test_flags_by_which_a_value_is_drawn_otherwise_are_a_change(name: str, entries: bytes, tmp_path: Path) -> None:
    kind, flag = DRAWN_BY[name]
    before = files.of(form(kind, entries)).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
    found = examine(tmp_path, shadow.appended(before, {6: field(kind, READ_ONLY | flag)}))
    assert (found.verdict, codes(found), found.signatures[0].changes) == (Verdict.CHANGED, ["modified"], "other")


def test_flags_that_a_field_inherits_are_compared_too(tmp_path: Path) -> None:
    above = b"<< /T (Groupe) /FT /Tx /Kids [6 0 R]%s >>"
    before = files.of(form(b"/Tx", ANEW, above=above % b"")).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
    found = examine(tmp_path, shadow.appended(before, {9: above % b" /Ff 8192"}))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


@pytest.mark.parametrize("flags", [0, REQUIRED, READ_ONLY | REQUIRED | NO_EXPORT])
@pytest.mark.parametrize("entries", [ANEW, b""])
def test_what_can_be_done_to_a_field_is_no_drawing(flags: int, entries: bytes, tmp_path: Path) -> None:
    """Programs lock fields, and open them, when somebody signs."""
    before = files.of(form(b"/Tx", entries)).content
    found = examine(tmp_path, shadow.appended(before, {6: field(b"/Tx", flags)}))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


@pytest.mark.parametrize("entries", [b"/Ff null", b"/Ff /Odd", b"/Ff 4096.0"])
def test_odd_flags_that_nobody_touched_are_no_change(entries: bytes, tmp_path: Path) -> None:
    above = b"<< /T (Groupe) /FT /Tx /Kids [6 0 R] %s >>" % entries
    before = files.of(form(b"/Tx", b"", above=above)).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
