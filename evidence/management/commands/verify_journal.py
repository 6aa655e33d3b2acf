"""`manage.py verify_journal`: a full scan of every trail."""

import json
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandParser

from evidence import checkpoints, holdings, log, scan
from evidence.chain import Broken
from evidence.models import Trail

BROKEN = 1


class Command(BaseCommand):
    help = "Check every entry of every trail; exit 1 and name the first bad entry where one is wrong."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--files", action="store_true", help="also read every file that the entries name")

    def handle(self, *_args: Any, **options: Any) -> None:
        """One JSON object: how much was read, and what is wrong. With --files, `files` counts those found good."""
        count = trails = 0
        known: set[str] = set()
        try:
            for row, entries in scan.trails():
                if options["files"]:
                    _hold(row, known)
                count, trails = count + entries, trails + 1
        except scan.Fault as fault:
            found = {"valid": False, "trail": fault.row.reference, "seq": fault.broken.seq}
            self.stdout.write(json.dumps(found | {"reason": fault.broken.reason}, ensure_ascii=False))
            raise SystemExit(BROKEN) from fault
        told = {"valid": True, "trails": trails, "entries": count} | self._log()
        self.stdout.write(json.dumps(told | ({"files": len(known)} if options["files"] else {})))

    def _log(self) -> dict[str, int]:
        """Read the log over all trails, and hold it against every checkpoint that was signed."""
        try:
            return {"logged": log.check(), "checkpoints": checkpoints.check()}
        except (Broken, checkpoints.LogMoved) as error:
            told = {"seq": error.seq, "reason": error.reason} if isinstance(error, Broken) else {"reason": str(error)}
            self.stdout.write(json.dumps({"valid": False, "log": settings.LOG_ORIGIN, **told}, ensure_ascii=False))
            raise SystemExit(BROKEN) from error


def _hold(row: Trail, known: set[str]) -> None:
    try:
        holdings.check(row, known=known)
    except Broken as broken:
        raise scan.Fault(row, broken) from broken
