"""What the server of inspectors makes ready before it forks: with a file of its own, and once for all."""

from __future__ import annotations

import gc
import json
import logging
import os
import signal
import socket
from pathlib import Path
from typing import Any

import pytest

from signing.engine.inspection import __main__ as inspection
from signing.engine.inspection import warmth
from tests.engine.test_intake import look_at


def test_the_specimen_is_taken_as_it_is(tmp_path: Path) -> None:
    """Else it would warm the way to a refusal, and write a repaired version somewhere."""
    verdict = look_at(warmth.specimen(), tmp_path)
    assert (verdict.get("refused"), verdict["checks"]) == (None, ("strict",)), verdict


def test_warming_up_inspects_the_specimen_and_leaves_nothing_open(monkeypatch: pytest.MonkeyPatch) -> None:
    """No file of anybody's is read in the process that forks the others."""
    seen: list[bytes] = []

    def examine(source: Path, target: Path, *, max_pages: int) -> None:
        seen.append(source.read_bytes())

    monkeypatch.setattr(warmth, "examine", examine)
    before = _open_files()
    warmth.warm_up()
    assert seen == [warmth.specimen()] * warmth.TIMES
    assert _open_files() == before


def test_the_server_warms_up_once_beside_the_second_child(monkeypatch: pytest.MonkeyPatch) -> None:
    """Whoever asks for one file does not wait for it, and no child is kept waiting that was asked for before."""
    done: list[str] = []

    def told(word: str, answer: Any = None) -> Any:
        def tell(*_asked: object) -> Any:
            done.append(word)
            return answer

        return tell

    for place, name, instead in (
        (os, "fork", told("fork", 1)),
        (inspection, "warm_up", told("warm")),
        (gc, "freeze", told("freeze")),
        (inspection, "_wait", told("wait")),
        (signal, "signal", told("signal")),
        (logging, "disable", told("quiet")),
    ):
        monkeypatch.setattr(place, name, instead)
    ours, theirs = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
    with ours, theirs, Path(os.devnull).open() as answer:
        for _ in range(4):
            socket.send_fds(ours, [json.dumps({}).encode()], [answer.fileno()])
        ours.shutdown(socket.SHUT_WR)
        inspection.serve(theirs)
    assert done == ["quiet", "signal", "freeze", "fork", "fork", "warm", "freeze", "fork", "fork", "wait"]


def _open_files() -> int:
    return len(list(Path("/proc/self/fd").iterdir()))
