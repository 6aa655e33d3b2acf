"""What surrounds a signature and is measured apart from it: intake, and the check before release."""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass, replace
from pathlib import Path

from benchmarks import cases
from benchmarks.figures import timed
from evidence.verify import release
from signing.engine import intake
from signing.engine.keys import OneUseKey
from signing.engine.levels import Level
from tests.engine import authority


@dataclass(frozen=True)
class Step:
    """A step, and what gives the seconds that it takes once, with a folder to work in."""

    name: str
    measure: Callable[[Path], float]


def _intake_of(source: Path) -> Callable[[Path], float]:
    """Intake of a document, its inspection in a child process included."""
    limits = replace(intake.DEFAULT, max_bytes=2 * source.stat().st_size)

    def examined(folder: Path) -> float:
        _, seconds = timed(lambda: intake.examine(source, workdir=folder, limits=limits))
        return seconds

    return examined


def _check_of(source: Path, folder: Path) -> Callable[[Path], float]:
    """The check of a B-LTA signature of a document, made once."""
    key, target = OneUseKey.generate(), folder / f"checked-{source.name}"
    certificate = authority.certify(key)
    authority.sign(source, target, key=key, certificate=certificate)
    with source.open("rb") as file:
        presented = release.Prefix(hashlib.file_digest(file, "sha256").hexdigest(), source.stat().st_size)

    def checked(_: Path) -> float:
        done, seconds = timed(
            lambda: release.check(
                target,
                presented=presented,
                certificate=certificate,
                chain=authority.pki().authority.chain(),
                page_count=cases.PAGES,
                level=Level.LTA,
                at=authority.AT,
            )
        )
        if "whole_file" not in done:
            raise RuntimeError(f"checked {done}")
        return seconds

    return checked


def steps(source: Path, folder: Path) -> tuple[Step, Step]:
    """Intake and check of a document."""
    size = source.stat().st_size
    what = f"{round(size / cases.MEGABYTE)} MB" if size > cases.MEGABYTE else f"{cases.PAGES} pages"
    return (
        Step(f"intake {what}", _intake_of(source)),
        Step(f"check before release {what}", _check_of(source, folder)),
    )
