"""Fields that were prepared before the first one signed, and that others sign later: what they may draw there."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import FileReport, Verdict
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import prepared, signed

__all__ = ["quiet"]  # a fixture


def changes(found: FileReport) -> list[str]:
    return [each.changes for each in found.signatures]


def test_a_contract_whose_fields_are_signed_one_after_the_other_is_no_alteration(tmp_path: Path) -> None:
    first = prepared.signed_in(prepared.contract(), "Seller")
    found = examine(tmp_path, prepared.signed_in(first, "Buyer"))
    assert (found.verdict, codes(found), changes(found)) == (
        Verdict.UNTRUSTED,
        ["issuer_unknown"],
        ["signatures", "none"],
    )


def test_others_sign_in_prepared_fields_after_us(tmp_path: Path) -> None:
    ours = files.of(prepared.contract()).content
    both = prepared.signed_in(prepared.signed_in(ours, "Seller"), "Buyer")
    found = examine(tmp_path, both)
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert changes(found) == ["metadata", "metadata", "signatures", "none"]  # they declare an extension of the format


LOUD = {
    "as large as the page": (prepared.contract({"Seller": prepared.PAGE}), 4),
    "over a note": (prepared.contract(noted=True), 4),
    "upright on a page that is turned": (prepared.contract(turned=True), 4 | 16),
    "as large whatever becomes of the page": (prepared.contract(), 4 | 8),
}


@pytest.mark.parametrize("name", LOUD)
def test_what_is_drawn_over_others_or_outside_the_field_is_told(name: str, tmp_path: Path) -> None:
    document, flags = LOUD[name]
    found = examine(tmp_path, prepared.signed_in(signed.sign(document, field="First"), "Seller", flags=flags))
    assert (found.verdict, codes(found), changes(found)[0]) == (Verdict.CHANGED, ["covered"], "covered")


QUIET = {
    "upright on a page that is": (prepared.contract(), 4 | 16 | 128),
    "of no size on a page that is turned": (prepared.contract({"Seller": (0, 0, 0, 0)}, turned=True), 4 | 8 | 16),
    "as it was prepared on a page that is turned": (prepared.contract(turned=True), 4),
}


@pytest.mark.parametrize("name", QUIET)
def test_flags_by_which_nothing_leaves_the_field_are_none(name: str, tmp_path: Path) -> None:
    """Poppler sets NoRotate with each signature."""
    document, flags = QUIET[name]
    found = examine(tmp_path, prepared.signed_in(signed.sign(document, field="First"), "Seller", flags=flags))
    assert (found.verdict, changes(found)) == (Verdict.UNTRUSTED, ["signatures", "none"])


def test_a_field_beside_a_note_hides_nothing(tmp_path: Path) -> None:
    document = signed.sign(prepared.contract(noted=True), field="First")
    assert changes(examine(tmp_path, prepared.signed_in(document, "Buyer"))) == ["signatures", "none"]


def test_a_field_stays_where_it_was_prepared(tmp_path: Path) -> None:
    document = signed.sign(prepared.contract(), field="First")
    found = examine(tmp_path, prepared.signed_in(document, "Seller", box=(60, 400, 260, 470)))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


def test_a_time_stamp_that_draws_in_a_prepared_field_is_told(tmp_path: Path) -> None:
    """Nobody accepted that it draws where somebody was to sign."""
    ours = files.of(prepared.contract(noted=True)).content
    found = examine(tmp_path, prepared.stamped_in(ours, "Buyer", authority.pki().stamper(), seen=True))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["covered"])


def test_a_time_stamp_that_draws_nothing_new_in_a_prepared_field_is_none(tmp_path: Path) -> None:
    """The field itself was drawn when it was signed, and is drawn as it was."""
    ours = files.of(prepared.contract()).content
    found = examine(tmp_path, prepared.stamped_in(ours, "Buyer", authority.pki().stamper(), seen=False))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
