"""A log that has grown, its newest checkpoint, and what `verify_journal` says of both."""

import json
from contextlib import suppress
from io import StringIO

from django.core.management import call_command

from evidence import checkpoints, timestamps
from evidence.models import Trail
from tests.evidence.bare_trails import a_trail, append


def grow(count: int, *, trails: int = 2) -> None:
    """So many entries more, one trail after the other."""
    rows = list(Trail.objects.order_by("reference"))
    while len(rows) < trails:
        rows.append(a_trail(f"EXS-2026-{len(rows):06d}"))
    for number in range(count):
        append(rows[number % trails])


def made() -> checkpoints.Kept:
    return checkpoints.make(timestamps.timestamper())


def told() -> dict[str, object]:
    """What `verify_journal` says."""
    out = StringIO()
    with suppress(SystemExit):
        call_command("verify_journal", stdout=out)
    answer: dict[str, object] = json.loads(out.getvalue())
    return answer
