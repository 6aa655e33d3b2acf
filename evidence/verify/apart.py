"""Verification apart from the process that asks: whatever a file does to its parsers, there is an answer in time."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from types import TracebackType
from typing import Self

from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from evidence.verify.reasons import Reason
from evidence.verify.verdicts import FileReport, Verdict

_HOME = Path(__file__).resolve().parents[2]
_MIB = 1024 * 1024


@dataclass(frozen=True)
class Limits:
    """What one file may take."""

    wall_seconds: float = 18.0
    cpu_seconds: int = 15
    memory_bytes: int = 2048 * _MIB


DEFAULT = Limits()


class ExaminerGone(Exception):
    """The process that verifies could not be started, or was ended by somebody."""


class Examiner:
    """A process that verifies files, one after the other, each under limits; `with` ends it.

    It has neither the environment of whoever asks nor its files, `descriptors` apart (named `/dev/fd/N` then).
    """

    def __init__(self, limits: Limits = DEFAULT, *, descriptors: Sequence[int] = ()) -> None:
        self._limits = limits
        self._process = subprocess.Popen(
            [sys.executable, "-m", "evidence.verify.examination"],
            cwd=_HOME,
            env={"PATH": os.defpath, "LANG": "C.UTF-8", "PYTHONDONTWRITEBYTECODE": "1"},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,
            pass_fds=descriptors,
            start_new_session=True,
        )

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        """End the process, and what it has forked: that runs until its limits otherwise."""
        os.killpg(self._process.pid, signal.SIGKILL)
        self._process.communicate()

    def examine(
        self,
        path: Path,
        *,
        roots: Sequence[x509.Certificate],
        at: datetime,
        time_roots: Sequence[x509.Certificate] = (),
    ) -> FileReport:
        """What `report.examine` says; `UNREADABLE` (too_complex) where the file took more than the limits allow.

        Raises `ExaminerGone`.
        """
        asked = {
            "path": str(path.absolute()),
            "at": at.isoformat(),
            "roots": _pem(roots),
            "time_roots": _pem(time_roots),
            "wall_seconds": self._limits.wall_seconds,
            "cpu_seconds": self._limits.cpu_seconds,
            "memory_bytes": self._limits.memory_bytes,
        }
        answer = json.loads(self._asked(json.dumps(asked).encode()))
        if answer:
            return FileReport.unpacked(answer | {"file": str(path)})
        return FileReport(str(path), Verdict.UNREADABLE, (Reason("too_complex"),))

    def _asked(self, line: bytes) -> bytes:
        assert self._process.stdin is not None  # noqa: S101 - both are pipes
        assert self._process.stdout is not None  # noqa: S101
        try:
            self._process.stdin.write(line + b"\n")
            self._process.stdin.flush()
            answered = self._process.stdout.readline()
        except OSError as error:
            raise ExaminerGone from error
        if not answered:
            raise ExaminerGone
        return answered


def _pem(roots: Sequence[x509.Certificate]) -> str:
    return "".join(root.public_bytes(Encoding.PEM).decode() for root in roots)
