"""The vault's own journal, one per section: a line for each thing done, with the digest of the line before.

A line is canonical JSON: `n`, `at`, `function`, `package`, what belongs to it, `previous`, `digest`.
"""

import hashlib
import json
import os
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import rfc8785

from evidence import chain, disk

NAME = "journal.jsonl"
LONGEST_LINE = 8192


class Register:
    """The journal of one section, kept in every copy; the first is the one that is continued."""

    def __init__(self, folders: list[Path]) -> None:
        self._folders = folders

    def add(self, function: str, *, package: str, at: datetime, **told: Any) -> None:
        """Add a line in every copy, on disk before this returns; a copy that had fallen behind catches up first."""
        with disk.alone(self._folders[0]):
            tails = [_tail(folder / NAME) for folder in self._folders]
            if any(each != tails[0] for each in tails):
                whole = b"".join(line + b"\n" for line in self._lines())
                for folder in self._folders:
                    disk.write(folder / NAME, whole, mode=0o600)
                tails = [_tail(self._folders[0] / NAME)]
            last: dict[str, Any] = json.loads(tails[0]) if tails[0] else {"n": 0, "digest": chain.GENESIS}
            said = {"n": last["n"] + 1, "at": chain.instant(at), "function": function, "package": package}
            said |= told | {"previous": last["digest"]}
            line = rfc8785.dumps(said | {"digest": hashlib.sha256(rfc8785.dumps(said)).hexdigest()})
            for folder in self._folders:
                _append(folder / NAME, line)

    def read(self) -> Iterator[dict[str, Any]]:
        """Every line, checked against the one before it; raises `chain.Broken`."""
        previous = chain.GENESIS
        for n, line in enumerate(self._lines(), start=1):
            said = json.loads(line)
            digest = said.pop("digest")
            if (
                said["n"] != n
                or said["previous"] != previous
                or hashlib.sha256(rfc8785.dumps(said)).hexdigest() != digest
            ):
                raise chain.Broken(n, "the vault's journal does not hold")
            previous = digest
            yield said | {"digest": digest}

    def _lines(self) -> list[bytes]:
        """The whole lines of the copy that has most of them: a power cut leaves one copy behind, or half a line."""
        found = [(folder / NAME).read_bytes() for folder in self._folders if (folder / NAME).is_file()]
        return max((each.split(b"\n")[:-1] for each in found), key=len, default=[])


def _tail(path: Path) -> bytes | None:
    """The last line; None where there is none; b"" never: half a line counts as a copy that has fallen behind."""
    if not path.is_file():
        return None
    with path.open("rb") as file:
        size = file.seek(0, os.SEEK_END)
        file.seek(max(0, size - LONGEST_LINE))
        lines = file.read().split(b"\n")
    return lines[-2] if len(lines) > 1 and not lines[-1] else lines[-1]


def _append(path: Path, line: bytes) -> None:
    with path.open("ab") as file:
        file.write(line + b"\n")
        file.flush()
        os.fsync(file.fileno())
