"""What the benchmark of signing signs: one row each, by the engine, by plain pyHanko, and the limit of the machine.

All at one instant of a PKI of the tests, P-256 throughout, with the time-stamping authority in the process: the same
keys, lists and time stamper for both. A one-use key and its certificate are made before the clock starts.
"""

import hashlib
import io
import shutil
from collections.abc import Callable
from dataclasses import dataclass
from functools import cache, partial
from pathlib import Path
from typing import Any

import pikepdf
from cryptography.hazmat.primitives.asymmetric import ec

from benchmarks.figures import timed
from signing.engine import pades
from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from tests.engine import authority, plain
from tests.pdfs import sound

PAGES = 20
MEGABYTE = 1_000_000


@dataclass(frozen=True)
class Case:
    """One row: `megabytes` is the size of the document, 0 for a contract of 20 pages as it is; `signers` in turn."""

    level: Level
    megabytes: int = 0
    stamped: bool = False
    signers: int = 1

    @property
    def name(self) -> str:
        what = f"{self.megabytes} MB" if self.megabytes else f"{PAGES} pages"
        rest = (" stamp" if self.stamped else "") + (f", {self.signers} signers" if self.signers > 1 else "")
        return f"B-{self.level.name} {what}{rest}"

    @property
    def is_plain(self) -> bool:
        """Whether it is what peers do, too: one signature at level B, nothing to be seen of it."""
        return self.level == Level.B and not self.stamped and self.signers == 1


CASES = (
    Case(Level.B),
    Case(Level.LT),
    Case(Level.LT, stamped=True),
    Case(Level.LTA, stamped=True),
    Case(Level.B, 50),
    Case(Level.LTA, 50),
    Case(Level.LTA, 50, stamped=True, signers=5),
    Case(Level.LT, 200),
    Case(Level.LTA, 200),
)


def document(megabytes: int) -> bytes:
    """A contract of 20 pages; of a size, with as many bytes that nothing compresses, as scans have them."""
    content = sound.contract(PAGES)
    if not megabytes:
        return content
    noise = b"".join(hashlib.sha512(number.to_bytes(8)).digest() for number in range(16_384))
    with pikepdf.open(io.BytesIO(content)) as opened:
        stream = opened.make_stream((noise * megabytes)[: megabytes * MEGABYTE - len(content)])
        opened.Root.PieceInfo = pikepdf.Dictionary(Bench=stream)
        return sound.saved(opened, compress_streams=False)


def sources(folder: Path) -> dict[int, Path]:
    """Write each document once; give the paths by size."""
    written = {}
    for megabytes in {case.megabytes for case in CASES}:
        written[megabytes] = folder / f"source-{megabytes}.pdf"
        written[megabytes].write_bytes(document(megabytes))
    return written


def ours(case: Case, source: Path, target: Path) -> float:
    """Sign as the worker does; give the seconds."""
    return _in_turn(case, source, target, _ours)


def reference(case: Case, source: Path, target: Path) -> float:
    """Sign with plain pyHanko; give the seconds."""
    return _in_turn(case, source, target, _reference)


def limit(case: Case, source: Path, target: Path) -> float:
    """SHA-256 and a copy of the document, for each signer: what no signing to a file of its own can do without."""
    copied, copying = timed(lambda: shutil.copyfile(source, target))
    with copied.open("rb") as file:
        _, hashing = timed(lambda: hashlib.file_digest(file, "sha256"))
    copied.unlink()
    return (copying + hashing) * case.signers


_Sign = Callable[[Case, int, Path, Path], float]


def _in_turn(case: Case, source: Path, target: Path, sign: _Sign) -> float:
    """Let the signers sign one after the other, each the file of the one before."""
    spent, made = 0.0, source
    for number in range(case.signers):
        before, made = made, target.with_suffix(f".{number}")
        spent += sign(case, number, before, made)
        if before is not source:
            before.unlink()
    made.unlink()
    return spent


def _ours(case: Case, number: int, source: Path, target: Path) -> float:
    key = OneUseKey.generate()
    certificate, visible = authority.certify(key), authority.stamp(slot=number) if case.stamped else None
    sign = partial(
        pades.sign_pdf,
        key=key,
        certificate=certificate,
        location=None,
        contact=None,
        stamp=visible,
        field_name=f"Paraphe-{number}",
    )
    _, seconds = timed(lambda: sign(source, target, level=case.level, **_said()))
    return seconds


def _reference(case: Case, number: int, source: Path, target: Path) -> float:
    key = ec.generate_private_key(ec.SECP256R1())
    certificate = authority.certify(OneUseKey(key))
    sign = partial(
        plain.sign, key=key, certificate=certificate, stamped=case.stamped, slot=number, field_name=f"Paraphe-{number}"
    )
    _, seconds = timed(lambda: sign(source, target, level=case.level, **_said()))
    return seconds


@cache
def _said() -> dict[str, Any]:
    """What is the same for both and for every signature: chain, lists, time stamper, words, instant."""
    pki = authority.pki()
    return {
        "chain": pki.authority.chain(),
        "crls": pki.crls(),
        "timestamper": pki.stamper(),
        "name": "Camille Martin",
        "reason": "Signature électronique simple",
        "at": authority.AT,
    }
