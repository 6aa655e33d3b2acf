"""A form that its author certified so that others fill it in, filled in and signed; and what is none (DocMDP)."""

from __future__ import annotations

from pathlib import Path

import pytest
from pyhanko.sign.fields import MDPPerm

from evidence.verify.verdicts import Verdict
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import certified, signed

__all__ = ["quiet"]  # a fixture


def by_another(document: bytes) -> bytes:
    return signed.sign(document, field="Other")


@pytest.mark.parametrize("permission", [MDPPerm.FILL_FORMS, MDPPerm.ANNOTATE])
def test_what_the_author_left_to_fill_in_and_somebody_signed_is_no_alteration(
    permission: MDPPerm, tmp_path: Path
) -> None:
    """ISO 32000-2, table 257; the signature of whoever filled it in has nothing after it."""
    content = by_another(certified.filled(certified.form(certify=permission)))
    found = examine(tmp_path, content)
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert [(each.integrity, each.changes) for each in found.signatures] == [
        ("intact", "completed"),
        ("intact", "none"),
    ]


def test_who_signed_before_it_was_filled_in_signed_a_form_that_others_fill_in(tmp_path: Path) -> None:
    before = signed.sign(certified.form(), field="Before")
    found = examine(tmp_path, by_another(certified.filled(before)))
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert [each.changes for each in found.signatures] == ["completed", "completed", "none"]


ALTERED: dict[str, bytes] = {
    "nobody signed what was filled in": certified.filled(certified.form()),
    "it was filled in again afterwards": certified.filled(by_another(certified.filled(certified.form())), "900"),
    "the author permitted nothing": certified.filled(certified.form(certify=MDPPerm.NO_CHANGES)),
    "nobody certified it": by_another(certified.filled(certified.form(certify=None))),
    "the field could not be filled in": by_another(certified.filled(certified.form(entries=b"/Ff 1"))),
}


@pytest.mark.parametrize("name", ALTERED)
def test_what_was_filled_in_otherwise_is_an_alteration(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, ALTERED[name])
    assert found.verdict is Verdict.CHANGED
    assert found.signatures[0].changes in {"form_filling", "other"}
    assert {each.integrity for each in found.signatures} == {"intact"}
