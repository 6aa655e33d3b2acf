"""Intake: is this PDF one that can be shown, signed and proven as it is?

A file is taken as it is where a strict reading finds nothing to repair. An unsigned one that is merely broken is
written anew before anybody sees it, and both digests are told. Everything else is refused with its cause. All parsing
happens in a child process with limits on memory, processor and wall time, without the parent's environment.
"""

from __future__ import annotations

import hashlib
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from signing.engine.inspectors import server
from signing.engine.pages import PageSize
from signing.engine.refusals import WORDINGS, Label, Refused, refused

__all__ = ["DEFAULT", "WORDINGS", "Accepted", "Label", "Limits", "PageSize", "Refused", "examine"]

_MEBIBYTE = 1024 * 1024
_LONGEST_ANSWER = 4 * _MEBIBYTE


@dataclass(frozen=True)
class Limits:
    """What a document may cost: sizes in bytes, times in seconds. `transparency`: whether it may hold any."""

    max_bytes: int = 50_000_000
    max_pages: int = 1000
    memory_bytes: int = 2048 * _MEBIBYTE
    cpu_seconds: int = 10
    wall_seconds: float = 18.0
    transparency: bool = True


DEFAULT = Limits()


@dataclass(frozen=True)
class Accepted:
    """A document that may be frozen. `path` is the source itself, or the repaired version in the caller's workdir.

    `sha256`, `sha512` (lower-case hex) and `size` (bytes) are those of `path`; `received_sha256` and `received_size`
    those of the source.
    `pages`: sizes as displayed, in points. `checks`: "strict" or "repaired" first, then what was found
    ("attachments:1", "signatures:1", "unprinted:1", "transparency", "layers"). `signatures` counts document time
    stamps, too.
    """

    path: Path
    sha256: str
    sha512: str
    size: int
    pages: tuple[PageSize, ...]
    checks: tuple[str, ...]
    repaired: bool
    received_sha256: str
    received_size: int
    signatures: int
    attachments: int


def examine(source: Path, *, workdir: Path, limits: Limits = DEFAULT) -> Accepted:
    """Examine the file `source`. Raises `Refused`; nothing of ours is left in `workdir` then.

    Not checked: who made earlier signatures (only that they are intact), what the text says.
    """
    size = source.stat().st_size
    if size == 0:
        raise refused(Label.EMPTY)
    if size > limits.max_bytes:
        raise refused(Label.TOO_LARGE, limit=limits.max_bytes // 1_000_000)
    received = _digests(source)
    with tempfile.TemporaryDirectory(dir=workdir, prefix="intake-") as scratch:
        target = Path(scratch).resolve() / "repaired.pdf"
        # Under a name of ours: the libraries take no name that is not UTF-8.
        plain = target.with_name("source.pdf")
        plain.symlink_to(source.resolve())
        verdict = _ask_child(plain, target, limits)
        if "refused" in verdict:
            raise refused(Label(verdict["refused"]), limit=limits.max_pages)
        if "transparency" in verdict["checks"] and not limits.transparency:
            raise refused(Label.TRANSPARENCY)
        path = _keep(target, workdir) if verdict["repaired"] else source
    sha256, sha512 = _digests(path) if verdict["repaired"] else received
    return Accepted(
        path=path,
        sha256=sha256,
        sha512=sha512,
        size=path.stat().st_size,
        pages=tuple(PageSize(**page) for page in verdict["pages"]),
        checks=tuple(verdict["checks"]),
        repaired=verdict["repaired"],
        received_sha256=received[0],
        received_size=size,
        signatures=verdict["signatures"],
        attachments=verdict["attachments"],
    )


def _keep(target: Path, workdir: Path) -> Path:
    """Take the repaired version out of the scratch folder, under a name that no other document has."""
    sha256, _ = _digests(target)
    return target.rename(workdir / f"repaired-{sha256}.pdf")


def _ask_child(source: Path, target: Path, limits: Limits) -> dict[str, Any]:
    """Have a child inspect the file; one that is ended, crashes or says nothing usable found it too complex."""
    verdict = server.ask(
        source=str(source),
        target=str(target),
        max_pages=limits.max_pages,
        cpu_seconds=limits.cpu_seconds,
        memory_bytes=limits.memory_bytes,
        wall_seconds=limits.wall_seconds,
        most=_LONGEST_ANSWER,
    )
    if verdict is None:
        raise refused(Label.TOO_COMPLEX)
    return verdict


def _digests(path: Path) -> tuple[str, str]:
    short, long = hashlib.sha256(), hashlib.sha512()
    with path.open("rb") as content:
        while chunk := content.read(_MEBIBYTE):
            short.update(chunk)
            long.update(chunk)
    return short.hexdigest(), long.hexdigest()
