"""Fields that are added after a signature: what hides the page, and what is no signature field, is a change.

Each file is `valid` before, and three readers of different houses show something else after it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from signing.engine import intake
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import added, odd_forms, signed, sneaky

__all__ = ["quiet"]  # a fixture


def test_the_prepared_document_is_taken_and_valid(tmp_path: Path) -> None:
    """Control of the tests below."""
    source = tmp_path / "source.pdf"
    source.write_bytes(added.prepared())
    intake.examine(source, workdir=tmp_path)
    assert examine(tmp_path, files.of(added.prepared()).content).verdict is Verdict.VALID


@pytest.mark.parametrize("name", added.FIELDS)
def test_a_field_that_is_something_besides_is_a_change(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, added.with_field(files.of(added.prepared()).content, added.FIELDS[name]))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"modified", "form_filled"}
    assert {each.integrity for each in found.signatures} == {"intact"}


@pytest.mark.parametrize("name", added.ORDERS)
def test_annotations_that_were_there_stay_as_they_are(name: str, tmp_path: Path) -> None:
    """The last hides those before it: their order is what the page shows."""
    turned = added.with_field(files.of(added.prepared()).content, added.EMPTY, added.ORDERS[name])
    found = examine(tmp_path, turned)
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


@pytest.mark.parametrize("name", added.REPLACED)
def test_a_page_is_not_replaced_without_a_key_and_without_preparation(name: str, tmp_path: Path) -> None:
    before = files.once().content
    after = added.REPLACED[name](before)
    assert after.startswith(before)
    found = examine(tmp_path, after)
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


def test_a_place_whose_numbers_are_objects_is_measured(tmp_path: Path) -> None:
    """Of a trusted time stamp: pyHanko takes it for one that is not seen."""
    before = files.of(added.prepared()).content
    found = examine(tmp_path, sneaky.by_time_stamp(before, authority.pki().stamper(), prepared=True))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["covered"])


@pytest.mark.parametrize("name", odd_forms.DOCUMENTS)
def test_an_odd_document_that_nobody_changed_is_not_called_altered(name: str, tmp_path: Path) -> None:
    """Direct annotations, as many programs write them; forms that are odd, and were signed as they are."""
    found = examine(tmp_path, files.of(odd_forms.DOCUMENTS[name]).content)
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


@pytest.mark.parametrize("name", sorted(odd_forms.DOCUMENTS.keys() - {"direct-field"}))
def test_others_sign_an_odd_document_twice_and_it_is_not_called_altered(name: str, tmp_path: Path) -> None:
    """Of direct fields pyHanko makes nothing."""
    found = examine(tmp_path, signed.sign(signed.sign(odd_forms.DOCUMENTS[name]), field="Second"))
    assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})


@pytest.mark.parametrize("name", odd_forms.REVISIONS)
def test_an_odd_document_that_is_changed_is_called_altered(name: str, tmp_path: Path) -> None:
    """What is taken as it is may be nothing else afterwards."""
    document, change = odd_forms.REVISIONS[name]
    before = files.of(odd_forms.DOCUMENTS[document]).content
    assert examine(tmp_path, odd_forms.revised(before, lambda _annotations, _root: None)).verdict is Verdict.VALID
    found = examine(tmp_path, odd_forms.revised(before, change))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"modified", "form_filled"}


@pytest.mark.parametrize("name", odd_forms.VALUES)
def test_an_odd_field_that_is_filled_in_is_called_altered(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, odd_forms.revalued(files.of(odd_forms.DOCUMENTS[name]).content, name))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"modified", "form_filled"}


def test_a_second_signature_of_ours_over_direct_annotations_is_valid(tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(files.of(odd_forms.direct_annotations()).content)
    authority.sign(source, target, field_name="Paraphe-2", stamp=authority.stamp())
    assert examine(tmp_path, target.read_bytes()).verdict is Verdict.VALID
