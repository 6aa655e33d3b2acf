"""What follows the first signed revision is read in one way by all readers, or is a change."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.evidence.sections.test_appended import SAVED
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import ambiguous, raw, signed

__all__ = ["quiet"]  # a fixture
ALL = ambiguous.SECTIONS | ambiguous.BODIES


@pytest.mark.parametrize("name", ALL)
def test_a_revision_that_readers_read_differently_is_a_change(name: str, tmp_path: Path) -> None:
    before = files.of(raw.write(raw.one_page())).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
    found = examine(tmp_path, ALL[name](before))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"ambiguous", "structure", "signature_removed", "modified"}


@pytest.mark.parametrize("name", ALL)
def test_it_is_told_of_others_signatures_too(name: str, tmp_path: Path) -> None:
    """Without any root, and where somebody signed what is ambiguous: the first signature does not cover it."""
    ambiguous_one = ALL[name](signed.sign(raw.write(raw.one_page())))
    assert examine(tmp_path, ambiguous_one, roots=[]).verdict is Verdict.CHANGED


@pytest.mark.parametrize("name", sorted(SAVED.keys() - {"another freed object"}))
def test_a_revision_of_another_program_that_changes_nothing_is_no_change(name: str, tmp_path: Path) -> None:
    """Objects that nothing leads to, lists of what is where it was: the control of the tests above."""
    before = signed.sign(raw.write(raw.one_page()))
    found = examine(tmp_path, SAVED[name](before), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
