"""Sealing dossiers: `python -m benchmarks.dossier`.

One signer who read two documents of 30 pages each; then the same with a journal of 1,000 entries. Each is built whole
as a worker builds it: facts, XML, seal, PDF, seal, container; with the time-stamping authority in the process. Prints
one JSON object: processor seconds, warm (the best of three). SQLite, in a folder of its own.
"""

import json
import os
import sys
import time

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import transaction
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from evidence import events, jobs, trail
from evidence.models import Dossier, Entry
from tests.evidence import trails
from tests.evidence.trails import Walk

PAGES, ENTRIES, ROUNDS = 30, 1000, 3


def main() -> None:
    load = os.getloadavg()[0]
    made = setup_databases(verbosity=0, interactive=False)
    try:
        told = measured()
    finally:
        teardown_databases(made, verbosity=0)
    sys.stdout.write(json.dumps(told | {"load_before": round(load, 2)}) + "\n")


def measured() -> dict[str, float]:
    papers = (trails.contract(PAGES), trails.terms(PAGES))
    plain = trails.signed(papers=papers)
    best(plain)
    figures = {"two_documents_60_pages_seconds": best(plain)}
    many = trails.signed(papers=papers)
    fill(many)
    figures["entries"] = Entry.objects.filter(trail=many.trail).count()
    figures["thousand_entries_seconds"] = best(many)
    return figures


def fill(walk: Walk) -> None:
    """Downloads, until the journal has its thousand entries."""
    missing = ENTRIES - Entry.objects.filter(trail=walk.trail).count()
    event = events.DocumentDownloaded(signer=walk.signer, document=walk.ids[0], form="presented", sha256="0" * 64)
    with transaction.atomic():
        trail.extend(walk.trail, [(event, walk.at)] * missing, actor=walk.actor)


def best(walk: Walk) -> float:
    """Processor seconds of the quickest of a few buildings."""
    row = Dossier(trail=walk.trail, subject=walk.signer, requested_at=walk.at, due_at=walk.at)
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        jobs.build(row, timezone.now)
        seconds.append(time.process_time() - began)
    return round(min(seconds), 2)


if __name__ == "__main__":
    main()
