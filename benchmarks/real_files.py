"""Other people's PDFs through intake, and signed: `python -m benchmarks.real_files [--sign] FOLDER...`.

Every PDF below the folders is judged once (by its digest), as any door has it judged. Prints one JSON object: how many
were taken as they are, repaired, refused for which cause, how long it took; and the share of those that are signable:
of unsigned files that qpdf and poppler open and that hold nothing of the refusal list. Each file that is neither
taken nor on that list is named on stderr, and so is each whose pages look different when it is signed (`--sign`:
the first and the last page of each, drawn by poppler, outside the stamp).
"""

import argparse
import hashlib
import json
import os
import subprocess
import sys
import tempfile
import time
from collections import Counter
from collections.abc import Iterator
from pathlib import Path

from benchmarks.figures import summary
from signing.engine import intake
from signing.engine.intake import Accepted, Label
from tests.engine.authority import sign
from tests.verification import pictures

OPENED = frozenset({0, 3})
"""How `qpdf --check` ends for a file that it opens, with and without warnings."""
UNSOUND = frozenset(
    {
        *(Label.DAMAGED, Label.TRUNCATED, Label.FOREIGN_CONTENT, Label.NOT_PDF, Label.COMPRESSION),
        *(Label.BOMB, Label.TOO_COMPLEX, Label.EMPTY, Label.TOO_LARGE),
    }
)
"""Causes that are no content of the refusal list: a file that others open should not meet them."""


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("folders", nargs="+", type=Path, metavar="FOLDER")
    arguments.add_argument("--sign", action="store_true", help="sign what is taken, and compare its look")
    asked = arguments.parse_args()
    told: Counter[str] = Counter()
    seconds, missed, changed = [], 0, 0
    for file in _unique(asked.folders):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as work:
            try:
                accepted = intake.examine(file, workdir=Path(work))
            except intake.Refused as refused:
                told[refused.label] += 1
                missed += refused.label in UNSOUND and _others_open(file)
            else:
                told[accepted.checks[0]] += 1
                changed += asked.sign and not _looks_the_same(file, accepted, Path(work))
            seconds.append(time.monotonic() - begun)
    taken = told["strict"] + told["repaired"]
    share = round(100 * taken / max(1, taken + missed), 2)
    figures = {"files": told.total(), "causes": told, "signable_percent": share, "missed": missed}
    if asked.sign:
        figures["changed"] = changed
    sys.stdout.write(json.dumps(figures | {"seconds": summary(seconds), "processors": os.cpu_count()}) + "\n")


def _unique(folders: list[Path]) -> Iterator[Path]:
    seen = set()
    for file in (each for folder in folders for each in sorted(folder.rglob("*.[pP][dD][fF]")) if each.is_file()):
        digest = hashlib.sha256(file.read_bytes()).digest()
        if digest not in seen:
            seen.add(digest)
            yield file


def _others_open(file: Path) -> bool:
    """Whether qpdf and poppler do; names the file then."""
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, timeout=300, check=False)
    drawn = subprocess.run(["pdfinfo", file], capture_output=True, timeout=300, check=False)
    opened = checked.returncode in OPENED and drawn.returncode == 0
    if opened:
        sys.stderr.write(f"missed: {file}\n")
    return opened


def _looks_the_same(file: Path, accepted: Accepted, work: Path) -> bool:
    """Whether the signed file is drawn as the one that came, but for the stamp; names it where it is not."""
    target = work / "signed.pdf"
    try:
        sign(accepted.path, target)
        stamps = list(pictures.stamps(target).values())
        same = all(_page_is_same(file, target, number, stamps) for number in {1, len(accepted.pages)})
    except Exception as error:  # noqa: BLE001 - what poppler cannot draw is named with the rest
        sys.stderr.write(f"{type(error).__name__}: {file}\n")
        return False
    if not same:
        sys.stderr.write(f"changed: {file}\n")
    return same


def _page_is_same(before: Path, after: Path, number: int, stamps: list[pictures.Area]) -> bool:
    (one,), (other,) = (pictures.drawn(file, first=number, last=number) for file in (before, after))
    covered = [area for area in stamps if area.page == number - 1]
    return not list(pictures.changed_outside(one, other, covered))


if __name__ == "__main__":
    main()
