"""Scanning the journal: `python -m benchmarks.journal [--entries N]`.

Writes trails as paths of 60 pages leave them, terminals and all, into a database of its own (SQLite, or what
DATABASE_URL names), puts them into the log with a checkpoint, and times `manage.py verify_journal`, all of it, on as
many cores as there are. Prints one JSON object: entries, openings, seconds, entries a second, the load beside them.
"""

import argparse
import io
import json
import os
import sys
import uuid
from datetime import datetime, timedelta

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.core.management import call_command
from django.db import transaction
from django.test.utils import setup_databases, teardown_databases

from benchmarks.figures import timed
from evidence import checkpoints, events, trail
from evidence.models import Entry, Opening
from tests.evidence import pki

PAGES = 60
START = datetime.fromisoformat("2026-11-23T14:00:00+00:00")


def main() -> None:
    arguments = argparse.ArgumentParser(description=__doc__)
    arguments.add_argument("--entries", type=int, default=200_000)
    asked = arguments.parse_args()
    load = os.getloadavg()[0]
    made = setup_databases(verbosity=0, interactive=False)
    try:
        told = measured(asked.entries)
    finally:
        teardown_databases(made, verbosity=0)
    sys.stdout.write(json.dumps(told | {"load_before": round(load, 2)}) + "\n")


def measured(entries: int) -> dict[str, object]:
    """Write, then scan three times; the best, for what else runs on the machine is not what is measured."""
    pki.hold()
    while Entry.objects.count() < entries:
        for _ in range(50):
            one_path()
    checkpoints.make(pki.stamper())
    count = Entry.objects.count()
    seconds = min(timed(lambda: call_command("verify_journal", stdout=io.StringIO()))[1] for _ in range(3))
    return {
        "entries": count,
        "openings": Opening.objects.count(),
        "seconds": round(seconds, 2),
        "entries_a_second": round(count / seconds),
    }


def one_path() -> None:
    """A trail of one signer who reads two documents."""
    device = trail.Terminal(
        "198.51.100.7", "52110", "Mozilla/5.0 (iPhone; CPU iPhone OS 18_1 like Mac OS X) Safari/605"
    )
    actor = trail.Actor(role="signer", session="5e1f" * 16, request=uuid.uuid4().hex, terminal=device)
    signer, document = str(uuid.uuid4()), str(uuid.uuid4())
    row = trail.open_trail(tenant="1", reference=f"EXS-2026-{uuid.uuid4().hex[:12]}", at=START)
    sent = events.LinkSent(
        signer=signer,
        channel="email",
        message_id="<1@exemple.fr>",
        n=1,
        recipient="camille@exemple.fr",
        answer="250 Ok",
    )
    pages = [
        events.PageRead(
            signer=signer, document=document, page=page, method="displayed", dwell_ms=1137, coverage_percent=100
        )
        for page in range(1, PAGES + 1)
    ]
    told = [
        events.AccessConfirmed(signer=signer),
        *pages,
        events.DocumentRead(signer=signer, document=document, pages=60),
    ]
    with transaction.atomic():
        trail.extend(row, [(sent, START), (events.LinkFetched(signer=signer), START)], actor=trail.SYSTEM)
        trail.extend(row, [(each, START + timedelta(seconds=n)) for n, each in enumerate(told)], actor=actor)


if __name__ == "__main__":
    main()
