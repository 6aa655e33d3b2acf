"""What a signature may cost: octets read, memory kept. Seconds are for benchmarks.signing, never asserted."""

import re
from pathlib import Path

import pytest

from benchmarks import cases, memory
from signing.engine.levels import Level
from tests.engine.authority import sign, stamp
from tests.pdfs import sound

MEGABYTE = 1_000_000


def octets_read() -> int:
    """All that this process has read so far by system calls, whichever they were (proc(5), rchar)."""
    found = re.search(r"^rchar: (\d+)$", Path("/proc/self/io").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_each_of_five_signers_of_50_mb_reads_the_file_once(tmp_path: Path, digest: str) -> None:
    """Signature, document time stamp and the digest of the whole come from one reading; parsing takes a little more."""
    made = tmp_path / "0.pdf"
    made.write_bytes(sound.contract(1))
    sign(made, tmp_path / "warm.pdf")  # what is loaded once
    made.write_bytes(cases.document(50))
    for number in range(1, 6):
        before, made = made, tmp_path / f"{number}.pdf"
        began = octets_read()
        sign(before, made, field_name=f"Paraphe-{number}", stamp=stamp(slot=number - 1), digest=digest)
        read = octets_read() - began
        assert before.stat().st_size <= read < before.stat().st_size + 2 * MEGABYTE
        before.unlink()


def test_memory_is_flat_and_small_up_to_200_mb(tmp_path: Path) -> None:
    """A process that signs 200 MB keeps less than 150 MB, and no more than for twenty pages."""
    small, large = tmp_path / "small.pdf", tmp_path / "large.pdf"
    small.write_bytes(cases.document(0))
    large.write_bytes(cases.document(200))
    case = cases.Case(Level.LTA, 200)
    peaks = [memory.peak(case, source, tmp_path / "signed.pdf") for source in (small, large)]
    assert max(peaks) < 150
    assert peaks[1] - peaks[0] < 8
