"""Intake: what is taken, what is repaired, what is refused and why."""

from __future__ import annotations

import csv
import hashlib
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import tempfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pikepdf
import pytest
from hypothesis import given
from hypothesis import strategies as st

from evidence.verify import report
from signing.engine import inspectors, intake
from signing.engine.inspection.__main__ import judge
from signing.engine.inspection.compression import lzw_length
from signing.engine.intake import Accepted, Limits, Refused
from signing.engine.pages import PageSize
from signing.engine.refusals import WORDINGS, Label
from tests.engine.authority import AT, pki, sign
from tests.pdfs import active, bombs, broken, make, raw, signed, sound

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


def test_a_document_is_examined_in_a_child_and_its_digests_are_given(tmp_path: Path) -> None:
    """Interface of the intake: sha256, sha512, size, pages as displayed; nothing left in the work folder."""
    content = sound.contract(2)
    accepted = examine(content, tmp_path)
    assert accepted.path == tmp_path / "source.pdf"
    assert accepted.sha256 == accepted.received_sha256 == hashlib.sha256(content).hexdigest()
    assert accepted.sha512 == hashlib.sha512(content).hexdigest()
    assert accepted.size == len(content)
    assert accepted.pages == (PageSize(595.2756, 841.8898),) * 2
    assert (accepted.repaired, accepted.signatures, accepted.attachments) == (False, 0, 0)
    assert list((tmp_path / "work").iterdir()) == []


def test_a_repaired_document_comes_with_both_digests(tmp_path: Path) -> None:
    """DESIGN.md, Decisions: both digests are recorded and the client is told."""
    content = broken.wrong_offsets()
    accepted = examine(content, tmp_path)
    assert accepted.repaired
    assert accepted.received_sha256 == hashlib.sha256(content).hexdigest()
    assert accepted.sha256 == hashlib.sha256(accepted.path.read_bytes()).hexdigest() != accepted.received_sha256
    assert list((tmp_path / "work").iterdir()) == [accepted.path]


def test_a_refusal_has_a_label_and_a_sentence_and_leaves_nothing(tmp_path: Path) -> None:
    """Issue: a clear sentence and nothing left behind."""
    with pytest.raises(Refused) as refusal:
        examine(active.xfa(), tmp_path)
    assert refusal.value.label == "PDF_XFA"
    assert "formulaire XFA" in refusal.value.sentence
    assert "XFA form" in refusal.value.sentence_en
    assert refusal.value.document is None
    assert list((tmp_path / "work").iterdir()) == []


def test_an_empty_file_is_refused(tmp_path: Path) -> None:
    """expectations.tsv, 139."""
    with pytest.raises(Refused, match="vide"):
        examine(b"", tmp_path)


def test_a_file_above_the_limit_is_refused_unread(tmp_path: Path) -> None:
    """reliability.md, Threats: 50 MB by default; the sentence tells the limit."""
    with pytest.raises(Refused, match=r"\(2 Mo\)") as refusal:
        examine(bytes(2_000_001), tmp_path, Limits(max_bytes=2_000_000))
    assert refusal.value.label == "PDF_TOO_LARGE"


@pytest.mark.parametrize("limits", [Limits(wall_seconds=0.01), Limits(memory_bytes=60_000_000), Limits(cpu_seconds=0)])
def test_a_child_that_does_not_come_back_is_a_refusal(limits: Limits, tmp_path: Path) -> None:
    """signing-engine.md, Intake: in a child process with limits, catching everything."""
    heavy = raw.write(raw.one_page(more={6: raw.stream(b"0123456789abcde\n" * 4_000_000)}))
    with pytest.raises(Refused) as refusal:
        examine(heavy, tmp_path, replace(limits, max_bytes=100_000_000))
    assert refusal.value.label == "PDF_TOO_COMPLEX"
    assert list((tmp_path / "work").iterdir()) == []


def test_a_server_that_was_killed_is_started_again(tmp_path: Path) -> None:
    """One file's inspection must not be the end of all that follow."""
    source = tmp_path / "source.pdf"
    source.write_bytes(sound.contract(1))
    intake.examine(source, workdir=tmp_path)
    process = inspectors.server._process
    assert process is not None
    process.kill()
    process.wait()
    assert intake.examine(source, workdir=tmp_path).checks == ("strict",)


def test_a_server_ends_with_the_process_that_asked_it() -> None:
    """Nothing stays behind, whatever ended that process."""
    code = """
import os, signal
from signing.engine import inspectors
inspectors.server.ask(source="", target="", max_pages=1, cpu_seconds=1, memory_bytes=1 << 31, wall_seconds=5, most=9999)
print(inspectors.server._process.pid, flush=True)
os.kill(os.getpid(), signal.SIGKILL)
"""
    killed = subprocess.run([sys.executable, "-c", code], cwd=ROOT, stdout=subprocess.PIPE, text=True, check=False)
    assert killed.returncode == -signal.SIGKILL
    try:
        handle = os.pidfd_open(int(killed.stdout))
    except ProcessLookupError:
        return
    assert select.select([handle], [], [], 10)[0]


def test_a_child_has_limits_no_environment_and_goes_first_where_memory_ends(tmp_path: Path) -> None:
    """signing-engine.md, Intake; a child is held by a file that has no end, and looked at."""
    endless = tmp_path / "endless.pdf"
    os.mkfifo(endless)
    asked = {"source": str(endless), "target": str(tmp_path / "t"), "max_pages": 1, "cpu_seconds": 7}
    with ThreadPoolExecutor(1) as pool:
        answer = pool.submit(inspectors.server.ask, **asked, memory_bytes=2 << 30, wall_seconds=15.0, most=9999)
        writer = os.open(endless, os.O_WRONLY)  # waits until the child reads
        process = inspectors.server._process
        assert process is not None
        (child,) = Path(f"/proc/{process.pid}/task/{process.pid}/children").read_text().split()
        limits = dict(re.findall(r"^(Max [a-z ]+?) {2,}(\S+)", Path(f"/proc/{child}/limits").read_text(), re.MULTILINE))
        assert limits["Max cpu time"] == "7"
        assert int(limits["Max address space"]) == 2 << 30
        assert int(limits["Max data size"]) < 1_000_000_000
        assert limits["Max core file size"] == "0"
        assert Path(f"/proc/{child}/oom_score_adj").read_text() == "1000\n"
        names = {each.partition(b"=")[0] for each in Path(f"/proc/{child}/environ").read_bytes().split(b"\0")}
        assert names <= {b"PATH", b"LANG", b"PYTHONDONTWRITEBYTECODE", b""}
        os.close(writer)
        told = answer.result()
    assert told is not None
    assert told["refused"] == "PDF_NOT_PDF"


_MEASURED = """
import json, pathlib, resource, sys, time
from evidence.verify import report
from signing.engine import inspectors, intake
begun = time.monotonic()
try:
    intake.examine(pathlib.Path(sys.argv[1]), workdir=pathlib.Path(sys.argv[2]))
    label = "taken"
except intake.Refused as refusal:
    label = refusal.label
seconds = time.monotonic() - begun
inspectors.server.close()  # what its children used is known once it was waited for
kilobytes = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([label, seconds, kilobytes // 1024]))
"""


@pytest.mark.parametrize(
    ("maker", "expected"),
    [
        (bombs.stacked, "PDF_BOMB"),
        (bombs.single, "PDF_BOMB"),
        (bombs.in_object_stream, "PDF_BOMB"),
        (bombs.wide_nesting, "PDF_TOO_COMPLEX"),
        (bombs.cross_references, "taken"),  # written anew, with the five objects that there are
        (bombs.many_references, "PDF_TOO_MANY_PAGES"),
    ],
)
def test_a_bomb_is_judged_in_time_and_memory(maker: Callable[[], bytes], expected: str, tmp_path: Path) -> None:
    """reliability.md, Threats: a 1 KB → 10 GB stream is refused in < 20 s below 1 GB."""
    source = tmp_path / "bomb.pdf"
    source.write_bytes(maker())
    command = [sys.executable, "-c", _MEASURED, str(source), str(tmp_path)]
    run = subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)
    label, seconds, megabytes = json.loads(run.stdout)
    assert label == expected
    assert seconds < 20
    assert 20 < megabytes < 1000


def test_the_stacked_bomb_is_as_small_and_as_large_as_it_claims() -> None:
    """The test above would be worth nothing with a bomb that is none."""
    assert len(bombs.stacked()) < 20_000


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
