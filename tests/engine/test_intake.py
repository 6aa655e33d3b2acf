"""Intake: what is taken, what is repaired, what is refused and why."""

from __future__ import annotations

import csv
import hashlib
import io
import re
import tempfile
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.verify import report
from signing.engine import intake
from signing.engine.inspection.__main__ import judge
from signing.engine.inspection.compression import lzw_length
from signing.engine.intake import Accepted, Limits
from signing.engine.refusals import WORDINGS, Label
from tests.engine.authority import AT, pki, sign
from tests.pdfs import broken, make, others, raw, signed, sound

ROOT = Path(intake.__file__).resolve().parents[2]


def look_at(content: bytes, folder: Path, *, max_pages: int = 1000) -> dict[str, object]:
    """The child's judgement, made in this process; see the tests of `examine` for the child itself."""
    source = folder / "source.pdf"
    source.write_bytes(content)
    return judge(source, folder / "target.pdf", max_pages=max_pages)


def examine(content: bytes, folder: Path, limits: Limits = intake.DEFAULT) -> Accepted:
    source, workdir = folder / "source.pdf", folder / "work"
    source.write_bytes(content)
    workdir.mkdir()
    return intake.examine(source, workdir=workdir, limits=limits)


@pytest.mark.parametrize("kind", make.TAKEN)
def test_a_sound_pdf_is_taken_as_it_is(kind: str, tmp_path: Path) -> None:
    """DESIGN.md, Decisions: a sound PDF is never rewritten."""
    verdict = look_at(make.TAKEN[kind](), tmp_path)
    assert verdict.get("refused") is None, verdict
    assert verdict["checks"][0] == "strict"  # type: ignore[index]  # a list, by the child's contract
    assert not (tmp_path / "target.pdf").exists()


@pytest.mark.parametrize("kind", make.REPAIRED)
def test_an_unsigned_broken_pdf_is_repaired(kind: str, tmp_path: Path) -> None:
    """signing-engine.md, Intake: the rest through a qpdf rewrite, then strict; the same bytes each time."""
    verdict = look_at(make.REPAIRED[kind](), tmp_path)
    assert verdict.get("repaired"), verdict
    repaired = (tmp_path / "target.pdf").read_bytes()
    again = look_at(repaired, tmp_path)
    assert again["repaired"] is False
    look_at(make.REPAIRED[kind](), tmp_path)
    assert (tmp_path / "target.pdf").read_bytes() == repaired


@pytest.mark.parametrize("kind", [kind for kind in make.REFUSED if kind != "zero-bytes"])
def test_what_cannot_be_proven_is_refused_with_its_cause(kind: str, tmp_path: Path) -> None:
    """reliability.md, Threats: active or deceptive PDF, bombs; signing-engine.md, Intake: Refuse."""
    label, maker = make.REFUSED[kind]
    verdict = look_at(maker(), tmp_path)
    assert verdict.get("refused") == label, verdict
    assert not (tmp_path / "target.pdf").exists()


def test_a_repair_keeps_every_page_and_its_text(tmp_path: Path) -> None:
    """signing-engine.md, Intake: rendering unchanged; page sizes the same."""
    with pikepdf.open(io.BytesIO(sound.turned_pages())) as pdf:
        content = sound.saved(pdf) + b"junk after the end"
    verdict = look_at(content, tmp_path)
    sizes = [(555, 782), (782, 555)] * 2
    assert verdict["pages"] == tuple({"width": width, "height": height} for width, height in sizes)
    with pikepdf.open(tmp_path / "target.pdf") as after, pikepdf.open(io.BytesIO(content)) as before:
        assert [page.Contents.read_bytes() for page in after.pages] == [p.Contents.read_bytes() for p in before.pages]


@pytest.mark.parametrize("kind", ["shared-annotations", "shared-empty-annotations", "twice-in-tree-annotated"])
def test_pages_that_shared_their_annotations_are_stamped_alone(kind: str, tmp_path: Path) -> None:
    """Issue, Signed output: every page unchanged outside the stamp, which the other page would show, too."""
    look_at(make.REPAIRED[kind](), tmp_path)
    sign(tmp_path / "target.pdf", tmp_path / "signed.pdf")
    with pikepdf.open(tmp_path / "signed.pdf") as pdf:
        fields = [[str(each.T) for each in page.Annots.as_list() if "/T" in each] for page in pdf.pages]
    assert fields == [["Paraphe-1-archive"], ["Paraphe-1"]]


@pytest.mark.parametrize("kind", ["null-annotation", "null-field", "null-form", "null-fields", "null-store"])
def test_what_was_null_is_not_taken_for_a_change_after_it_was_signed(kind: str, tmp_path: Path) -> None:
    """Issue, Verification: known sound files are not called altered."""
    look_at(make.REPAIRED[kind](), tmp_path)
    sign(tmp_path / "target.pdf", tmp_path / "signed.pdf")
    found = report.examine(tmp_path / "signed.pdf", roots=[pki().root.certificate], at=AT + timedelta(hours=1))
    assert (found.verdict, found.reasons) == ("valid", ())


def test_what_was_found_is_told(tmp_path: Path) -> None:
    """reliability.md, Threats: embedded files are accepted and told; transparency is found and recorded."""
    assert look_at(sound.attachment(), tmp_path)["checks"] == ("strict", "attachments:1")
    assert look_at(sound.transparent(), tmp_path)["checks"] == ("strict", "transparency")
    assert look_at(sound.shown_layers(), tmp_path)["checks"] == ("strict", "layers")
    assert look_at(signed.approved_twice(), tmp_path)["signatures"] == 2


def test_a_changed_text_after_a_signature_is_still_an_intact_revision(tmp_path: Path) -> None:
    """Intake asks whether earlier signatures match their revision; what came after is told by `verify`."""
    assert look_at(signed.changed_after(), tmp_path)["signatures"] == 1


def test_a_repaired_document_comes_with_both_digests(tmp_path: Path) -> None:
    """DESIGN.md, Decisions: both digests are recorded and the client is told."""
    content = broken.wrong_offsets()
    accepted = examine(content, tmp_path)
    assert accepted.repaired
    assert accepted.received_sha256 == hashlib.sha256(content).hexdigest()
    assert accepted.sha256 == hashlib.sha256(accepted.path.read_bytes()).hexdigest() != accepted.received_sha256
    assert list((tmp_path / "work").iterdir()) == [accepted.path]


@given(st.binary(max_size=300))
def test_no_bytes_at_all_make_the_examination_fail(tail: bytes) -> None:
    """README of the corpus: no 5xx, whatever comes."""
    assert judge_bytes(b"%PDF-1.7\n" + tail + b"\nstartxref\n0\n%%EOF\n").get("refused") in set(Label)


@given(st.integers(0, 700), st.integers(0, 255))
def test_one_wrong_byte_is_taken_repaired_or_refused(place: int, value: int) -> None:
    """signing-engine.md, Intake: the libraries raise untyped errors; none of them comes out."""
    content = bytearray(raw.write(raw.one_page()))
    content[place % len(content)] = value
    verdict = judge_bytes(bytes(content))
    assert verdict.get("refused") in set(Label) or verdict["pages"]


def judge_bytes(content: bytes) -> dict[str, object]:
    with tempfile.TemporaryDirectory() as folder:
        return look_at(content, Path(folder))


def test_lzw_is_counted_as_it_is_decoded() -> None:
    """ISO 32000-2, 7.4.4.2: the example of the standard decodes to ten bytes."""
    assert lzw_length(bytes.fromhex("800B6050220C0C8501")) == 10


def test_every_label_has_both_sentences() -> None:
    """Issue: the cause in a sentence of each language, and behind it what to do; the same labels in every door."""
    assert set(WORDINGS) == set(Label)
    for wording in WORDINGS.values():
        assert wording.french.endswith(".")
        assert wording.english.endswith(".")
        assert wording.french != wording.english
        for sentences in wording:
            assert len(re.findall(r"[.:)][ ”»]+(?=[A-ZÀ-Ý])|[.]$", sentences)) >= 2, sentences


@pytest.mark.corpus
def test_the_corpus_gets_the_verdicts_it_expects(corpus: Path, tmp_path: Path) -> None:
    """expectations.tsv, every row: ACCEPT, REFUSE, or EITHER without a crash."""
    with (corpus / "expectations.tsv").open(encoding="utf-8") as table:
        rows = list(csv.DictReader(table, delimiter="\t", quoting=csv.QUOTE_NONE))
    wrong = []
    for row in rows:
        verdict = look_at((corpus / "pdf" / row["file"]).read_bytes(), tmp_path)
        got = "REFUSE" if "refused" in verdict else "ACCEPT"
        if row["expect"] not in {got, "EITHER"}:
            wrong.append((row["file"], row["expect"], verdict))
    assert len(rows) > 40
    assert wrong == []


SLOPPY = {
    "a size that is too large": raw.write(raw.one_page(), size=9),
    "white space before the table": others.blank_before_table(raw.write(raw.one_page())),
    "a stream that does not list itself": others.unlisted_section(raw.one_page()),
}


@pytest.mark.parametrize("name", SLOPPY)
def test_what_other_programs_write_sloppily_is_taken_where_it_is_signed(name: str, tmp_path: Path) -> None:
    """EU DSS and @signpdf; all readers take it alike. Unsigned, such a file is written anew."""
    assert look_at(SLOPPY[name], tmp_path)["repaired"]
    before = signed.sign(SLOPPY[name])
    assert look_at(before, tmp_path)["checks"] == ("strict", "signatures:1")
    after = tmp_path / "after.pdf"
    sign(tmp_path / "source.pdf", after)
    found = report.examine(after, roots=[pki().root.certificate], at=AT + timedelta(hours=1))
    assert (found.signatures[0].integrity, found.signatures[0].changes) == ("intact", "signatures")
    assert [reason.code for reason in found.reasons] == ["issuer_unknown"]


def test_what_poppler_signed_is_taken_and_signed_by_others(tmp_path: Path) -> None:
    """It lists objects whose generation follows none; where something refers to one, readers differ."""
    before = others.lone_generation(raw.write(raw.one_page()))
    assert look_at(before, tmp_path)["repaired"]
    assert look_at(signed.sign(before), tmp_path)["checks"] == ("strict", "signatures:1")
    unclear = others.lone_generation(raw.write(raw.one_page(page=b"/Look 90 0 R")))
    assert look_at(signed.sign(unclear), tmp_path)["refused"] == "PDF_SIGNED_UNSOUND"
