"""A program that tags the signature field that it adds to a tagged document alters nothing; what goes further, does."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import others, signed, tagged

__all__ = ["quiet"]  # a fixture


BARE = tagged.document(b"/ParentTree 9 0 R", tabs=b"/Tabs (S)")
BEFORE: dict[str, tuple[Callable[[], bytes], Verdict]] = {
    "theirs": (lambda: signed.sign(tagged.document()), Verdict.UNTRUSTED),
    "ours": (lambda: files.of(tagged.document()).content, Verdict.VALID),
    "without roles, of LibreOffice": (lambda: files.of(BARE).content, Verdict.VALID),
}


@pytest.mark.parametrize("whose", BEFORE)
def test_an_element_for_a_new_signature_is_no_alteration(whose: str, tmp_path: Path) -> None:
    """IText writes it with each signature that is seen."""
    make, verdict = BEFORE[whose]
    assert examine(tmp_path, make()).verdict is verdict
    found = examine(tmp_path, others.sign_again(make(), tagged.tagging()))
    assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})
    assert found.signatures[0].integrity == "intact"
    assert found.signatures[0].changes in {"signatures", "metadata"}


@pytest.mark.parametrize("name", tagged.FAULTS)
def test_what_else_is_read_aloud_is_one(name: str, tmp_path: Path) -> None:
    """What was signed of the structure stays, and what is new is of new signatures alone."""
    before = files.of(tagged.document()).content
    found = examine(tmp_path, others.sign_again(before, tagged.tagging(tagged.FAULTS[name])))
    assert (found.verdict, codes(found)[0], found.signatures[0].changes) == (Verdict.CHANGED, "modified", "other")


def test_roles_that_were_not_there_are_one(tmp_path: Path) -> None:
    """An element could be another by them; an empty table is nothing."""
    roles = others.sign_again(files.of(BARE).content, tagged.tagging(tagged.FAULTS["roles are others"]))
    assert examine(tmp_path, roles).verdict is Verdict.CHANGED


@pytest.mark.parametrize("tree", [b"/ParentTree 12", b"/ParentTree << /Nums [/x 8 0 R] >>", b""])
def test_an_odd_structure_that_nobody_touched_is_none(tree: bytes, tmp_path: Path) -> None:
    """It is as it was signed, and nobody reads it."""
    found = examine(tmp_path, signed.sign(signed.sign(tagged.document(tree)), field="Second"))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
