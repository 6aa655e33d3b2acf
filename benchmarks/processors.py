"""Processor time of a running Paraphe, by what its processes do: what a call costs, however busy the machine is."""

import os
import time
from collections.abc import Iterator
from pathlib import Path

_KINDS = {
    "config.gunicorn_service": "service",
    "config.gunicorn_people": "people",
    "config.gunicorn_pki": "pki",
    "signing.engine.inspection": "inspection",
    "celery": "worker",
}
_PARENT, _TIMES = 1, slice(11, 15)
"""Of what follows the name in /proc/PID/stat (proc_pid_stat(5)): ppid; utime, stime, and those of ended children."""
_TICK = os.sysconf("SC_CLK_TCK")


def spent() -> dict[str, float]:
    """Seconds that the processes below this one have used up to now, those that have ended included; and `client`,
    its own.
    """
    told = dict.fromkeys(_KINDS.values(), 0.0)
    for process, ticks in _below(os.getpid()):
        told[_kind(process)] = told.get(_kind(process), 0.0) + ticks / _TICK
    return told | {"client": time.process_time()}


def a_call(before: dict[str, float], after: dict[str, float], calls: int) -> dict[str, float]:
    """Milliseconds a call of each kind of process that did anything."""
    used = {kind: round(1000 * (seconds - before.get(kind, 0.0)) / calls, 1) for kind, seconds in after.items()}
    return {kind: milliseconds for kind, milliseconds in used.items() if milliseconds > 0}


def _below(root: int) -> Iterator[tuple[int, int]]:
    found = {}
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            fields = (folder / "stat").read_text().rpartition(")")[2].split()
        except OSError:  # it has ended meanwhile
            continue
        found[int(folder.name)] = int(fields[_PARENT]), sum(map(int, fields[_TIMES]))
    inside = {root}
    while more := {process for process, (parent, _) in found.items() if parent in inside} - inside:
        inside |= more
    return ((process, found[process][1]) for process in inside - {root} if process in found)


def _kind(process: int) -> str:
    try:
        line = Path(f"/proc/{process}/cmdline").read_bytes().decode(errors="replace")
    except OSError:
        line = ""
    return next((kind for mark, kind in _KINDS.items() if mark in line), "other")
