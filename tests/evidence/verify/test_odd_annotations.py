"""Entries in the list of a page's annotations that are none: other programs leave them, and nobody touched them."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import ambiguous, raw, signed, sneaky

__all__ = ["quiet"]  # a fixture

LINK = b"<< /Type /Annot /Subtype /Link /Rect [72 700 200 720] /Border [0 0 0] >>"
ODD = {
    "null": b"[null]",
    "null beside a link": b"[null 6 0 R null]",
    "an object that is null": b"[7 0 R 6 0 R]",
    "a dictionary in place": b"[" + LINK + b"]",
    "a number": b"[5]",
    "a name and a text": b"[/Odd (odd)]",
    "the same twice": b"[6 0 R 6 0 R]",
    "a list of its own": b"8 0 R",
}


def document(name: str) -> bytes:
    more = {6: LINK, 7: b"null", 8: b"[null 6 0 R]"}
    return raw.write(raw.one_page(page=b"/Annots " + ODD[name], more=more))


@pytest.mark.parametrize("name", ODD)
def test_ours_over_odd_entries_is_valid_and_sees_who_signs_later(name: str, tmp_path: Path) -> None:
    before = files.of(document(name)).content
    assert (examine(tmp_path, before).verdict, codes(examine(tmp_path, before))) == (Verdict.VALID, [])
    found = examine(tmp_path, signed.seen(before))
    assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})
    hidden = examine(tmp_path, sneaky.by_signature(before))
    assert (hidden.verdict, codes(hidden)) == (Verdict.CHANGED, ["covered"])


@pytest.mark.parametrize("name", ODD)
def test_those_of_others_are_not_called_altered(name: str, tmp_path: Path) -> None:
    """Signed by somebody else, and then by one more who is seen."""
    for content in (signed.sign(document(name)), signed.seen(signed.sign(document(name)))):
        found = examine(tmp_path, content)
        assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})


@pytest.mark.parametrize("come", [True, False])
def test_entries_in_place_that_come_or_go_with_a_later_signature_are_a_change(
    come: bool,  # noqa: FBT001 - a parameter of a test
    tmp_path: Path,
) -> None:
    """The page is written anew for the field of the signature, and may not bring more than that."""
    before = signed.sign(document("a dictionary in place"))
    assert examine(tmp_path, sneaky.with_annotations(before)).verdict is Verdict.UNTRUSTED
    found = examine(tmp_path, sneaky.with_annotations(before, come=come, go=not come))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


NOWHERE = {
    "alone": b"[60 0 R]",
    "beside a link": b"[60 0 R 6 0 R]",
    "twice": b"[60 0 R 6 0 R 60 0 R]",
    "in a list of its own": b"8 0 R",
    "beyond all numbers": b"[6 0 R 900000 0 R]",
}


def with_nothing(name: str) -> bytes:
    """A page whose annotations lead to an object that is nowhere; below a number that a later revision may give."""
    made = raw.write(raw.one_page(page=b"/Annots " + NOWHERE[name], more={6: LINK, 8: b"[60 0 R 6 0 R]"}))
    return made.replace(b"/Size 9 ", b"/Size 90 ")


@pytest.mark.parametrize("name", NOWHERE)
def test_a_reference_to_nothing_is_to_nothing(name: str, tmp_path: Path) -> None:
    """Intake has such a file written anew; others sign it, once and once more (ISO 32000-2, 7.3.10)."""
    one = signed.sign(with_nothing(name))
    for content in (one, signed.seen(one)):
        found = examine(tmp_path, content)
        assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})


@pytest.mark.parametrize("name", sorted(NOWHERE.keys() - {"beyond all numbers"}))
def test_what_comes_there_afterwards_is_a_change(name: str, tmp_path: Path) -> None:
    """An annotation that covers the page, in a revision that touches no object that was there."""
    before = signed.sign(with_nothing(name))
    cover = b"60 0 obj\n<< /Type /Annot /Subtype /Square /Rect [0 0 595 842] /IC [1 1 1] /F 4 >>\nendobj\n"
    for content in (before, signed.seen(before)):
        after = ambiguous.by_table(content, b"xref\n60 1\n%010d 00000 n \n" % len(content), body=cover)
        assert examine(tmp_path, after).verdict is Verdict.CHANGED
