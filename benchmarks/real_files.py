"""Other people's PDFs through intake, and signed: `python -m benchmarks.real_files [--sign] FOLDER...`.

Every PDF below the folders is judged once (by its digest), as any door has it judged. Prints one JSON object: how many
were taken as they are, repaired, refused for which cause, how long it took; and the share of those that are signable:
of unsigned files that qpdf and poppler open and that hold nothing of the refusal list. Each file that is neither
taken nor on that list is named on stderr. With `--sign` each that is taken is signed, goes through the check before
release and through verification, and is signed by a second person; named are those that were not signed, not released
or not found valid, and those whose pages look different (the first and the last page of each, drawn by poppler, outside
the stamp). `--part N/M`: every M-th file from the N-th on, for a machine that is shared.
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
from datetime import timedelta
from itertools import islice
from pathlib import Path

import django

from benchmarks.figures import summary
from evidence.verify import release, report
from evidence.verify.failures import NotSound
from evidence.verify.verdicts import Verdict
from signing.engine import intake
from signing.engine.intake import Accepted, Label
from signing.engine.keys import OneUseKey
from tests.engine import authority
from tests.verification import pictures

LATER = authority.AT + timedelta(hours=5)
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
    arguments.add_argument("--sign", action="store_true", help="sign, check and verify what is taken")
    arguments.add_argument("--part", default="0/1", help="N/M: every M-th file from the N-th on")
    asked = arguments.parse_args()
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")  # refusals and failures are told in words
    django.setup()
    first, of = map(int, asked.part.split("/"))
    told: Counter[str] = Counter()
    alarms: Counter[str] = Counter()
    seconds, missed = [], 0
    for file in islice(_unique(asked.folders), first, None, of):
        begun = time.monotonic()
        with tempfile.TemporaryDirectory() as work:
            try:
                accepted = intake.examine(file, workdir=Path(work))
            except intake.Refused as refused:
                told[refused.label] += 1
                missed += refused.label in UNSOUND and _others_open(file)
            else:
                told[accepted.checks[0]] += 1
                if asked.sign:
                    alarms.update(_alarms(file, accepted, Path(work)))
            seconds.append(time.monotonic() - begun)
    taken = told["strict"] + told["repaired"]
    share = round(100 * taken / max(1, taken + missed), 2)
    figures = {"files": told.total(), "causes": told, "signable_percent": share, "missed": missed}
    if asked.sign:
        figures["alarms"] = alarms
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


def _alarms(file: Path, accepted: Accepted, work: Path) -> Iterator[str]:
    """What is wrong with a file once it is signed, and once more; names it then."""
    for alarm in _judged(accepted, work):
        sys.stderr.write(f"{alarm}: {file}\n")
        yield alarm.split()[0]


def _judged(accepted: Accepted, work: Path) -> Iterator[str]:
    once, twice = work / "once.pdf", work / "twice.pdf"
    try:
        for source, target, field in ((accepted.path, once, "Paraphe-1"), (once, twice, "Paraphe-2")):
            _sign(source, target, field, accepted)
    except NotSound as failure:
        yield f"unreleased {failure.check}"
        return
    except Exception as error:  # noqa: BLE001 - whatever it is, this file is not signed, and is named with the rest
        yield f"unsigned {type(error).__name__} {error}"
        return
    for signed in (once, twice):
        found = report.examine(signed, roots=[authority.pki().root.certificate], at=LATER)
        others = bool(accepted.signatures) and found.verdict is Verdict.UNTRUSTED
        if found.verdict is not Verdict.VALID and not others:
            yield f"{found.verdict.name.lower()} {','.join(reason.code for reason in found.reasons)}"
            break
    if not _looks_the_same(accepted, once):
        yield "drawn otherwise"


def _sign(source: Path, target: Path, field: str, accepted: Accepted) -> None:
    key = OneUseKey.generate()
    certificate = authority.certify(key)
    made = authority.sign(source, target, key=key, certificate=certificate, field_name=field)
    presented, base = (_prefix(each) for each in (accepted.path, source))
    release.check(
        target,
        presented=presented,
        base=base,
        certificate=certificate,
        chain=authority.pki().authority.chain(),
        page_count=len(accepted.pages),
        level=made.level,
        at=authority.AT,
    )


def _prefix(path: Path) -> release.Prefix:
    content = path.read_bytes()
    return release.Prefix(hashlib.sha256(content).hexdigest(), len(content))


def _looks_the_same(accepted: Accepted, signed: Path) -> bool:
    """Whether the signed file is drawn as the one that was taken, but for the stamp."""
    try:
        stamps = list(pictures.stamps(signed).values())
        return all(_page_is_same(accepted.path, signed, number, stamps) for number in {1, len(accepted.pages)})
    except Exception:  # noqa: BLE001 - what poppler cannot draw is named with the rest
        return False


def _page_is_same(before: Path, after: Path, number: int, stamps: list[pictures.Area]) -> bool:
    (one,), (other,) = (pictures.drawn(file, first=number, last=number) for file in (before, after))
    covered = [area for area in stamps if area.page == number - 1]
    return not list(pictures.changed_outside(one, other, covered))


if __name__ == "__main__":
    main()
