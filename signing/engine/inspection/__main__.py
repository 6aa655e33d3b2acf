"""The inspection's processes: `python -m signing.engine.inspection FD`.

A server loads the parsers once and forks a child for every file, which costs milliseconds instead of most of a second.
Whoever asks twice will go on: while the second child is at work, the server makes what the ones after it have ready.
It is asked over the socket FD (SOCK_SEQPACKET): one JSON object a message, with the descriptor that the answer goes to.
The child prints one JSON object there: `{"refused": label, "detail": text}` or the fields of a verdict. Whatever a
parser does to it (endless loop, exhausted memory, crash) ends that child and nothing else.
"""

from __future__ import annotations

import contextlib
import dataclasses
import gc
import itertools
import json
import logging
import os
import resource
import signal
import socket
import sys
from pathlib import Path
from types import FrameType
from typing import Any

from signing.engine.inspection.causes import Objection
from signing.engine.inspection.examination import examine
from signing.engine.inspection.warmth import warm_up
from signing.engine.refusals import Label

LONGEST_REQUEST = 65_536
_MOST_OPEN_FILES = 64
_WARM_AT = 2
_COLLECTED_AFTER = 10_000
"""Objects made until a child looks for those in circles: it lives for one file, whose objects are in use to the end."""
_LARGEST_FILE = 512 * 1024 * 1024
_OWN_MEMORY = 800 * 1024 * 1024
"""Bytes that a child may make its own, whatever it may map besides: what it keeps resident stays below a gigabyte."""


def serve(control: socket.socket) -> None:
    """Fork a child for each request, until whoever asks has gone."""
    logging.disable(logging.CRITICAL)
    signal.signal(signal.SIGCHLD, _reap)
    _share()
    for count in itertools.count(1):
        message, descriptors, _, _ = socket.recv_fds(control, LONGEST_REQUEST, 1)
        if not message:
            _wait()
            return
        if os.fork() == 0:
            control.close()
            _inspect(json.loads(message), descriptors[0])
        os.close(descriptors[0])
        if count == _WARM_AT:
            warm_up()
            _share()


def _share() -> None:
    """Have the children share what is loaded, and not copy it when they collect."""
    gc.collect()
    gc.freeze()


def _reap(_signal: int, _frame: FrameType | None) -> None:
    """Wait for every child that has ended, so that what it used is counted to this process."""
    try:
        while os.waitpid(-1, os.WNOHANG)[0]:
            pass
    except ChildProcessError:
        return


def _wait() -> None:
    """Wait for the children that are left; each ends at its limits."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    try:
        while True:
            os.wait()
    except ChildProcessError:
        return


def _inspect(asked: dict[str, Any], descriptor: int) -> None:
    """Answer one request under limits that nothing in this process can raise again, and end."""
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    signal.setitimer(signal.ITIMER_REAL, asked["wall_seconds"])  # SIGALRM ends it
    os.setsid()
    gc.set_threshold(_COLLECTED_AFTER)
    _go_first()
    _limit(resource.RLIMIT_CORE, 0)
    _limit(resource.RLIMIT_CPU, asked["cpu_seconds"])
    _limit(resource.RLIMIT_AS, asked["memory_bytes"])
    _limit(resource.RLIMIT_DATA, _OWN_MEMORY)
    _limit(resource.RLIMIT_FSIZE, _LARGEST_FILE)
    _limit(resource.RLIMIT_NOFILE, _MOST_OPEN_FILES)
    verdict = judge(Path(asked["source"]), Path(asked["target"]), max_pages=asked["max_pages"])
    with socket.socket(fileno=descriptor) as answer:
        answer.sendall(json.dumps(verdict).encode())
    os._exit(0)


def _go_first() -> None:
    """Where memory ends for all, the kernel is to end an inspection, and not whoever asked for it."""
    with contextlib.suppress(OSError):  # there is no such file in some containers
        Path("/proc/self/oom_score_adj").write_text("1000", encoding="ascii")


def judge(source: Path, target: Path, *, max_pages: int) -> dict[str, Any]:
    """Turn the verdict or the objection into what is answered; every other error is damage or too much."""
    try:
        return dataclasses.asdict(examine(source, target, max_pages=max_pages))
    except Objection as objection:
        return {"refused": objection.label, "detail": objection.detail}
    except (MemoryError, RecursionError) as error:
        return {"refused": Label.TOO_COMPLEX, "detail": type(error).__name__}
    except Exception as error:  # noqa: BLE001 the libraries raise anything on odd files
        exhausted = "bad_alloc" in str(error) or "memory" in str(error).lower()
        return {"refused": Label.TOO_COMPLEX if exhausted else Label.DAMAGED, "detail": f"{type(error)}: {error}"}


def _limit(kind: int, amount: int) -> None:
    resource.setrlimit(kind, (amount, amount))


if __name__ == "__main__":
    serve(socket.socket(fileno=int(sys.argv[1])))
