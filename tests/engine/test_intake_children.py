"""Documents are examined in child processes: what a child may use, and what comes back from one that fails."""

from __future__ import annotations

import hashlib
import io
import json
import os
import re
import select
import signal
import subprocess
import sys
import zlib
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from pathlib import Path

import pikepdf
import pytest

from signing.engine import inspectors, intake
from signing.engine.intake import Limits, Refused
from signing.engine.pages import PageSize
from tests.engine.test_intake import ROOT, examine
from tests.pdfs import active, bombs, raw, sound


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
        (bombs.wide_catalog, "PDF_TOO_COMPLEX"),
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
    content = bombs.stacked()
    assert len(content) < 1500
    with pikepdf.open(io.BytesIO(content)) as pdf:
        layers = zlib.decompress(zlib.decompress(pdf.pages[0].obj.Contents.read_raw_bytes()))
    assert layers == bombs.deflated_zeros(bombs.TEN_GIGABYTES)
    assert len(zlib.decompress(bombs.deflated_zeros(64 * 1024 * 1024))) == 64 * 1024 * 1024  # its checksum, too
