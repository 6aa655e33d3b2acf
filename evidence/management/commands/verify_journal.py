"""`manage.py verify_journal`: a full scan of every trail."""

import json
from collections.abc import Mapping
from concurrent.futures import Executor
from typing import Any, NoReturn

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from evidence import checkpoints, cores, holdings, log, scan
from evidence.chain import Broken
from evidence.models import Trail

BROKEN = 1


class Command(BaseCommand):
    help = "Check every entry of every trail; exit 1 and name the first bad entry where one is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", action="store_true", help="also read every file that the entries name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One JSON object: how much was read, and what is wrong. With --files, `files` counts those found good."""
        with cores.pool(more=1) as pool:
            told = self._all(pool, files=options["files"])
        self.stdout.write(json.dumps(told))

    def _all(self, pool: Executor | None, *, files: bool) -> dict[str, bool | int]:
        """The log is read by a process of its own beside the trails; what is wrong with these is told first."""
        beside = pool.submit(_log) if pool else None
        count = trails = 0
        known: set[str] = set()
        try:
            for row, entries in scan.trails(pool):
                if files:
                    _hold(row, known)
                count, trails = count + entries, trails + 1
        except scan.Fault as fault:
            found = {"trail": fault.row.reference, "seq": fault.broken.seq, "reason": fault.broken.reason}
            self._broken(found, fault)
        try:
            told = beside.result() if beside else _log()
        except Broken as error:
            self._broken({"log": settings.LOG_ORIGIN, "seq": error.seq, "reason": error.reason}, error)
        except checkpoints.LogMoved as error:
            self._broken({"log": settings.LOG_ORIGIN, "reason": str(error)}, error)
        return {"valid": True, "trails": trails, "entries": count} | told | ({"files": len(known)} if files else {})

    def _broken(self, found: Mapping[str, object], error: Exception) -> NoReturn:
        self.stdout.write(json.dumps({"valid": False} | dict(found), ensure_ascii=False))
        raise SystemExit(BROKEN) from error


def _log() -> dict[str, int]:
    """Read the log over all trails, and hold it against every checkpoint that was signed."""
    return {"logged": log.check(), "checkpoints": checkpoints.check()}


def _hold(row: Trail, known: set[str]) -> None:
    try:
        holdings.check(row, known=known)
    except Broken as broken:
        raise scan.Fault(row, broken) from broken
