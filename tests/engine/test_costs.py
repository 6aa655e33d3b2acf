"""What a signature may cost: octets read, memory kept. Seconds are for benchmarks.signing, never asserted."""

import re
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

from benchmarks import cases, memory
from evidence.verify import release
from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from tests.engine.authority import AT, certify, pki, sign, stamp
from tests.evidence.verify import files
from tests.pdfs import sound

MEGABYTE = 1_000_000


def octets_read() -> int:
    """All that this process has read so far by system calls, whichever they were (proc(5), rchar)."""
    found = re.search(r"^rchar: (\d+)$", Path("/proc/self/io").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


@contextmanager
def reads_once(file: Path) -> Iterator[None]:
    """All of a file is read, and nothing twice but what parsing takes."""
    began = octets_read()
    yield
    assert file.stat().st_size <= octets_read() - began < file.stat().st_size + 2 * MEGABYTE


@pytest.mark.parametrize("digest", ["sha256", "sha512"])
def test_five_signers_of_50_mb_and_their_checks_read_the_file_once_each(tmp_path: Path, digest: str) -> None:
    """Signature, document time stamp and digest of the whole come from one reading, and so do those of a check."""
    made = tmp_path / "0.pdf"
    made.write_bytes(sound.contract(1))
    sign(made, tmp_path / "warm.pdf")  # what is loaded once
    made.write_bytes(cases.document(50))
    presented = base = files.prefix(made.read_bytes())
    for number in range(1, 6):
        before, made = made, tmp_path / f"{number}.pdf"
        key = OneUseKey.generate()
        certificate = certify(key)
        with reads_once(before):
            visible = stamp(slot=number - 1)
            sign(
                before,
                made,
                key=key,
                certificate=certificate,
                field_name=f"Paraphe-{number}",
                stamp=visible,
                digest=digest,
            )
        with reads_once(made):
            release.check(
                made,
                presented=presented,
                base=base,
                certificate=certificate,
                chain=pki().authority.chain(),
                page_count=cases.PAGES,
                level=Level.LTA,
                digest=digest,
                at=AT,
            )
        before.unlink()
        base = files.prefix(made.read_bytes())


def test_memory_is_flat_and_small_up_to_200_mb(tmp_path: Path) -> None:
    """A process that signs 200 MB keeps less than 150 MB, and no more than for twenty pages."""
    small, large = tmp_path / "small.pdf", tmp_path / "large.pdf"
    small.write_bytes(cases.document(0))
    large.write_bytes(cases.document(200))
    case = cases.Case(Level.LTA, 200)
    peaks = [memory.peak(case, source, tmp_path / "signed.pdf") for source in (small, large)]
    assert max(peaks) < 150
    assert peaks[1] - peaks[0] < 8
