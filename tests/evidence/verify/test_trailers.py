"""What readers take from the newest trailer alone is what was signed, or is a change (ISO 32000-2, 7.5.5)."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import opened, raw, signed

__all__ = ["quiet"]  # a fixture


@pytest.mark.parametrize("packed", [False, True])
@pytest.mark.parametrize("name", opened.OTHERWISE)
def test_a_revision_that_opens_the_file_in_another_way_is_a_change(
    name: str,
    packed: bool,  # noqa: FBT001 - a parameter of a test
    tmp_path: Path,
) -> None:
    """A page that holds noise beside its text shows the other one of them to whoever reads it without the key."""
    before = opened.encrypted(packed=packed)
    assert examine(tmp_path, before, roots=[]).verdict is Verdict.UNTRUSTED
    found = examine(tmp_path, opened.OTHERWISE[name](before), roots=[])
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"ambiguous", "structure", "signature_removed"}


@pytest.mark.parametrize("packed", [False, True])
def test_one_that_opens_it_as_before_is_none(packed: bool, tmp_path: Path) -> None:  # noqa: FBT001 - as above
    found = examine(tmp_path, opened.saved(opened.encrypted(packed=packed)), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert [each.changes for each in found.signatures] == ["saved"]


@pytest.mark.parametrize("identifier", [b"", b"/ID [<bb> <cc>] "])
def test_nothing_is_opened_with_the_identifier_of_a_file_that_is_not_encrypted(
    identifier: bytes, tmp_path: Path
) -> None:
    before = signed.sign(raw.write(raw.one_page(), trailer=b"/ID [<aa> <aa>]"))
    found = examine(tmp_path, raw.update(before, {90: b"null"}, trailer=identifier), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert [each.changes for each in found.signatures] == ["saved"]


@pytest.mark.parametrize(("named", "changes"), [(b"/Info 6 0 R ", "saved"), (b"", "metadata")])
def test_a_revision_that_names_no_information_takes_the_title_away(named: bytes, changes: str, tmp_path: Path) -> None:
    """No reader looks for `/Info` in an older trailer."""
    before = raw.write(raw.one_page(more={6: b"<< /Title (Contrat) >>"}), trailer=b"/Info 6 0 R")
    found = examine(tmp_path, raw.update(signed.sign(before), {90: b"null"}, trailer=named), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert [each.changes for each in found.signatures] == [changes]
