"""Verification in a process of its own: the same answers, under limits of time and memory, and nothing is left."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import sys
import tempfile
import time
import zlib
from pathlib import Path

import pytest
from pyhanko.pdf_utils.reader import PdfFileReader

from evidence.verify import bounds, report
from evidence.verify.apart import Examiner, ExaminerGone, Limits
from evidence.verify.verdicts import FileReport, Verdict
from tests.engine import authority
from tests.evidence.verify import files
from tests.evidence.verify.test_report import LATER, quiet
from tests.pdfs import bombs, broken, forged, raw, signed, sound

__all__ = ["quiet"]  # a fixture

ROOTS = [authority.pki().root.certificate]
MIB = 1024 * 1024


def written(folder: Path, content: bytes) -> Path:
    path = folder / "fichier signé.pdf"
    path.write_bytes(content)
    return path


def test_it_says_what_verification_says_here(tmp_path: Path) -> None:
    """One process for several files, whatever they are; a path that is none included."""
    contents = [files.twice().content, signed.approved(), forged.built(forged.ODD["one pair"]), sound.contract(1), b""]
    paths = [written(tmp_path, content).rename(tmp_path / f"{n}.pdf") for n, content in enumerate(contents)]
    with Examiner() as examiner:
        for path in [*paths, tmp_path / "missing.pdf"]:
            expected = report.examine(path, roots=ROOTS, at=LATER)
            assert examiner.examine(path, roots=ROOTS, at=LATER) == expected


def test_a_file_without_a_name_is_verified_by_its_descriptor() -> None:
    """What is handed in by a form never gets a name on the disk."""
    with tempfile.TemporaryFile() as file:
        file.write(files.once().content)
        file.flush()
        with Examiner(descriptors=[file.fileno()]) as examiner:
            found = examiner.examine(Path(f"/dev/fd/{file.fileno()}"), roots=ROOTS, at=LATER)
    assert found.verdict is Verdict.VALID


def bomb() -> bytes:
    """A signature field among objects in a stream that unpacks to half a gigabyte."""
    packed = zlib.compress(bytes(512 * MIB), 9)
    entries = b"/Type /ObjStm /N 1 /First 8 /Filter /FlateDecode"
    return signed.sign(raw.write(raw.one_page(more={6: raw.stream(packed, entries)}))) + b"\n"


def trailed() -> bytes:
    """Forty megabytes behind the end: the end is looked for from behind."""
    return files.once().content + bytes(40 * MIB)


def dripping() -> bytes:
    """Many revisions: each signature's history has to be gone through."""
    document = raw.write(raw.one_page())
    for n in range(6, 120):
        document = raw.update(document, {n: b"<< >>"})
    return signed.sign(document)


@pytest.mark.parametrize("make", [bomb, dripping, trailed, broken.page_loop])
def test_what_takes_long_or_much_is_answered_within_its_limits(make: object, tmp_path: Path) -> None:
    limits = Limits(wall_seconds=8, cpu_seconds=6, memory_bytes=700 * MIB)
    path = written(tmp_path, make())  # type: ignore[operator]  # a function of this file
    with Examiner(limits) as examiner:
        began = time.monotonic()
        found = examiner.examine(path, roots=ROOTS, at=LATER)
        assert time.monotonic() - began < 20
        assert found.verdict is not Verdict.VALID
        assert found.reasons
        after = examiner.examine(written(tmp_path, files.once().content), roots=ROOTS, at=LATER)
        assert after.verdict is Verdict.VALID


KILOBYTES = {
    "a page named a million times": (bombs.many_references, "no_signature"),
    "fifteen million objects": (bombs.cross_references, "too_complex"),
    "objects that take no byte": (bombs.entries_of_no_width, "too_complex"),
    "rows of two gigabytes": (bombs.table_of_wide_rows, "no_signature"),
}


@pytest.mark.parametrize("name", KILOBYTES)
def test_a_bomb_is_answered_and_takes_less_than_a_gigabyte(name: str, tmp_path: Path) -> None:
    """Measured in a process of its own: its children, and theirs."""
    make, code = KILOBYTES[name]
    began = time.monotonic()
    done = subprocess.run(
        [sys.executable, "-c", MEASURED, str(written(tmp_path, make()))],
        capture_output=True,
        check=True,
        cwd=Path(__file__).resolve().parents[3],
    )
    assert time.monotonic() - began < 20
    found, kilobytes = json.loads(done.stdout)
    assert found == [code]
    assert kilobytes < 1_000_000


MEASURED = """
import json, resource, sys
from datetime import UTC, datetime
from pathlib import Path
from evidence.verify.apart import Examiner
with Examiner() as examiner:
    found = examiner.examine(Path(sys.argv[1]), roots=[], at=datetime(2026, 1, 1, tzinfo=UTC))
used = resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss
print(json.dumps([[each.code for each in found.reasons], used]))
"""


def test_what_memory_does_not_suffice_for_is_not_called_altered(tmp_path: Path) -> None:
    """Qpdf goes on without what it could not read, with a warning: that a field is missing says nothing then."""
    path = written(tmp_path, forged.built(fields=b"6 0 R " + b"1 " * 8_000_000, first_free=b"0000000000 65536 f "))
    with Examiner() as examiner:
        found = examiner.examine(path, roots=ROOTS, at=LATER)
    assert (found.verdict, [each.code for each in found.reasons]) == (Verdict.UNREADABLE, ["too_complex"])


def test_entries_are_read_up_to_a_bound(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(bounds, "MOST_ENTRIES", 5)
    with pytest.raises(MemoryError):
        PdfFileReader(io.BytesIO(sound.object_streams()))
    monkeypatch.setattr(bounds, "MOST_ENTRIES", 1000)
    assert PdfFileReader(io.BytesIO(sound.object_streams())).root


@pytest.mark.parametrize(
    "limits",
    [
        Limits(wall_seconds=0.001, cpu_seconds=20, memory_bytes=2048 * MIB),
        Limits(wall_seconds=20, cpu_seconds=20, memory_bytes=8 * MIB),
    ],
)
def test_more_than_the_limits_is_an_answer(limits: Limits, tmp_path: Path) -> None:
    """No time, or no memory, for anything: the child is ended, and nothing is said of the file but that."""
    path = written(tmp_path, files.once().content)
    with Examiner(limits) as examiner:
        found = examiner.examine(path, roots=ROOTS, at=LATER)
    assert (found.verdict, [each.code for each in found.reasons]) == (Verdict.UNREADABLE, ["too_complex"])


def test_a_process_that_has_gone_is_no_answer(tmp_path: Path) -> None:
    """Ended before it is asked, and while it works: nothing is said of a file that nobody has read."""
    with Examiner() as examiner:
        os.killpg(examiner._process.pid, signal.SIGKILL)
        with pytest.raises(ExaminerGone):
            examiner.examine(written(tmp_path, b"x"), roots=[], at=LATER)
        with pytest.raises(ExaminerGone):
            examiner.examine(written(tmp_path, b"x"), roots=[], at=LATER)


def test_a_report_is_the_same_after_the_way_between_processes(tmp_path: Path) -> None:
    found = report.examine(written(tmp_path, files.once().content), roots=[], at=LATER)
    assert FileReport.unpacked(found.packed()) == found
