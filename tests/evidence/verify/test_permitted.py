"""What a certified document, or one with locked fields, permits to whoever signs next (ISO 32000-2, 12.8.2)."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils.reader import HistoricalResolver
from pyhanko.sign.diff_analysis import DiffResult
from pyhanko.sign.fields import FieldMDPAction

from evidence.verify.permitted import Permitted
from evidence.verify.verdicts import Verdict
from signing.engine import intake
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import active, raw, signed, sneaky

__all__ = ["quiet"]  # a fixture

PERMITTING: dict[str, Callable[[], bytes]] = {
    "P=2": signed.certified_for_forms,
    "P=3": signed.certified_for_notes,
    "all fields locked": partial(signed.locked, FieldMDPAction.ALL),
    "others than these locked": partial(signed.locked, FieldMDPAction.EXCLUDE, "Nom"),
    "this one locked": partial(signed.locked, FieldMDPAction.INCLUDE, "Nom"),
}


@pytest.mark.parametrize("name", PERMITTING)
def test_what_intake_takes_and_we_sign_with_a_stamp_is_not_called_altered(name: str, tmp_path: Path) -> None:
    source, target = tmp_path / "source.pdf", tmp_path / "signed.pdf"
    source.write_bytes(PERMITTING[name]())
    intake.examine(source, workdir=tmp_path)
    for stamp in (authority.stamp(), None):
        authority.sign(source, target, stamp=stamp)
        found = examine(tmp_path, target.read_bytes())
        assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})
        author, *ours = found.signatures
        assert (author.integrity, author.changes) == ("intact", "signatures")
        assert {each.verdict for each in ours} == {Verdict.VALID}


@pytest.mark.parametrize("name", PERMITTING)
def test_somebody_elses_signature_that_is_seen_is_not_called_an_alteration(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, signed.seen(PERMITTING[name]()))
    assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})


@pytest.mark.parametrize("make", [signed.certified_for_forms, partial(signed.locked, FieldMDPAction.ALL)])
def test_a_signature_over_the_page_is_a_change_all_the_same(make: Callable[[], bytes], tmp_path: Path) -> None:
    found = examine(tmp_path, sneaky.by_signature(make()))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["covered"])


def test_a_field_that_is_locked_by_its_name_is_so_before_it_is_there(tmp_path: Path) -> None:
    assert examine(tmp_path, signed.seen(signed.locked(FieldMDPAction.INCLUDE, "Seen"))).verdict is Verdict.CHANGED


@pytest.mark.parametrize("lock", [(FieldMDPAction.ALL,), (FieldMDPAction.EXCLUDE, "Autre")])
def test_a_locked_field_that_is_filled_in_is_a_change(
    lock: tuple[FieldMDPAction, *tuple[str, ...]], tmp_path: Path
) -> None:
    before = signed.locked(*lock, document=active.open_field())
    filled = b"<< /FT /Tx /T (Nom) /V (Durand) /Type /Annot /Subtype /Widget /Rect [72 700 200 720] /P 3 0 R >>"
    found = examine(tmp_path, raw.update(before, {6: filled}))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


def test_twelve_signers_are_all_valid_and_what_followed_each_is_compared_once(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The judgement on each signature asks about all others again: the answers are kept, and it comes to an end."""
    compared: list[tuple[int, int]] = []
    apply = Permitted.apply

    def counted(self: Permitted, old: HistoricalResolver, new: HistoricalResolver, **mdp: Any) -> DiffResult:
        compared.append((old.revision, new.revision))
        return apply(self, old, new, **mdp)

    monkeypatch.setattr(Permitted, "apply", counted)
    found = examine(tmp_path, files.many(12).content)
    assert found.verdict is Verdict.VALID
    assert len(found.signatures) == 24
    assert len(compared) == len(set(compared))


def test_a_field_that_was_drawn_before_the_first_signature_is_not_filled_in_by_the_second(tmp_path: Path) -> None:
    look = raw.stream(b"0 0 9 9 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 90 20]")
    field = b"<< /FT /Tx /Ff 1 /T (Nom) /V (a) /Type /Annot /Subtype /Widget /Rect [9 9 99 29] /AP << /N 7 0 R >> >>"
    form = raw.catalog(b"/AcroForm << /Fields [6 0 R] >>")
    document = raw.write(raw.one_page(catalog=form, page=b"/Annots [6 0 R]", more={6: field, 7: look}))
    found = examine(tmp_path, signed.sign(signed.sign(document), field="Second"), roots=[])
    assert (found.verdict, [each.changes for each in found.signatures]) == (Verdict.UNTRUSTED, ["signatures", "none"])
