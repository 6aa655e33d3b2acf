"""Keeps the processes of one machine together: started as one, shown as one, ended as one.

Ready-made runners signal a part's whole process group and kill it after a few seconds; Celery then loses the task in
flight. Here only the leaders get SIGTERM, so that each ends its children as it knows best, and have a long grace.
"""

import ctypes
import logging
import os
import selectors
import signal
import subprocess
import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from logging.handlers import RotatingFileHandler
from pathlib import Path
from types import FrameType
from typing import IO, cast

GRACE_SECONDS = 20.0
TICK_SECONDS = 0.25
LOG_BYTES = 5_000_000
STOPPING = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)
_PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None, use_errno=True)


@dataclass(frozen=True)
class Part:
    """One long-lived process: the name before its lines, its command, what its environment has besides ours."""

    name: str
    command: Sequence[str]
    environment: Mapping[str, str] = field(default_factory=dict)


class Supervisor:
    """Runs parts until one of them ends or the process is told to stop; then ends all of them.

    `logs` is a folder: each part's output goes to NAME.log there, the last 5 MB kept. Lines that `shown` lets through
    go to `out` as well, each after the part's name.
    """

    def __init__(
        self,
        *,
        logs: Path,
        out: IO[str],
        shown: Callable[[str], bool] = bool,
        grace: float = GRACE_SECONDS,
    ) -> None:
        self.out = out
        self.shown = shown
        self.grace = grace
        self._logs = logs
        self._signals = 0
        self._selector = selectors.DefaultSelector()
        self._parts: dict[str, subprocess.Popen[bytes]] = {}
        self._unended: dict[str, bytes] = {}
        self._width = 0

    def run(self, parts: Sequence[Part], *, tick: Callable[[], None]) -> int:
        """Start `parts`, call `tick` about four times a second, and wait.

        Gives 0 where a signal ended it and 1 where a part ended by itself. What `tick` raises passes through.
        Nothing that was started is left afterwards in any case.
        """
        for number in STOPPING:
            signal.signal(number, self._told_to_stop)
        self._width = max(len(part.name) for part in parts)
        try:
            for part in parts:
                self._start(part)
            return self._watch(tick)
        finally:
            self._end()

    def say(self, sentence: str) -> None:
        """Show a line, or nothing once whoever read has gone (`make run | head`): the parts must still be ended."""
        try:
            self.out.write(sentence + "\n")
            self.out.flush()
        except BrokenPipeError:
            os.dup2(os.open(os.devnull, os.O_WRONLY), self.out.fileno())

    def _watch(self, tick: Callable[[], None]) -> int:
        next_tick = 0.0
        while not self._signals:
            self._relay()
            for name, process in self._parts.items():
                if process.poll() is not None:
                    self.say(f"paraphe: {name} ended by itself ({process.returncode}); ending the others")
                    return 1
            if time.monotonic() >= next_tick:  # a chatty part must not make it more often
                next_tick = time.monotonic() + TICK_SECONDS
                tick()
        self.say("paraphe: ending (once more to force it)")
        return 0

    def _start(self, part: Part) -> None:
        process = subprocess.Popen(
            part.command,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            env=os.environ | part.environment,
            start_new_session=True,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - safe: this process has one thread
        )
        self._parts[part.name] = process
        assert process.stdout is not None  # noqa: S101 - PIPE was asked for; tells the type checker
        os.set_blocking(process.stdout.fileno(), False)
        self._selector.register(process.stdout, selectors.EVENT_READ, (part.name, self._log_of(part.name)))

    def _relay(self) -> None:
        """Show what the parts have written, whole lines only; waits for it a tick at most."""
        for key, _events in self._selector.select(TICK_SECONDS):
            name, log = key.data
            chunk = os.read(key.fd, 65536)
            if not chunk:
                self._close(key)
            *lines, rest = (self._unended.get(name, b"") + chunk).split(b"\n")
            self._unended[name] = rest
            for line in lines:
                text = line.decode(errors="replace")
                log.emit(logging.makeLogRecord({"msg": text}))
                if self.shown(text):
                    self.say(f"{name:<{self._width}} | {text}")

    def _end(self) -> None:
        """SIGTERM to each leader; after the grace, or a second signal, SIGKILL to what is left of each group."""
        told = self._signals
        for process in self._parts.values():
            if process.poll() is None:
                process.terminate()
        deadline = time.monotonic() + self.grace
        while self._alive() and time.monotonic() < deadline and self._signals <= max(told, 1):
            self._relay()
        for process in self._parts.values():
            try:
                os.killpg(process.pid, signal.SIGKILL)
            except ProcessLookupError:
                continue
            process.wait()
        self._relay()
        for key in list(self._selector.get_map().values()):
            self._close(key)
        self._selector.close()

    def _close(self, key: selectors.SelectorKey) -> None:
        self._selector.unregister(key.fileobj)
        cast("IO[bytes]", key.fileobj).close()
        key.data[1].close()

    def _alive(self) -> bool:
        return any(process.poll() is None for process in list(self._parts.values()))

    def _told_to_stop(self, _signal: int, _frame: FrameType | None) -> None:
        self._signals += 1

    def _log_of(self, name: str) -> logging.Handler:
        handler = RotatingFileHandler(self._logs / f"{name}.log", maxBytes=LOG_BYTES, backupCount=1, encoding="utf-8")
        handler.setFormatter(logging.Formatter("%(message)s"))  # the lines carry their own time
        return handler


def end_with_parent() -> None:
    """Ask Linux for SIGTERM when the parent of this process dies, however it dies (SIGKILL included)."""
    _libc.prctl(_PR_SET_PDEATHSIG, signal.SIGTERM)
