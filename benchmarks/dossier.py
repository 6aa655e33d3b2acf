"""Sealing dossiers: `python -m benchmarks.dossier`.

One signer who read two documents of 30 pages each; then the same with a journal of 1,000 entries: once filled up with
downloads, once because the documents have that many pages. Each is built whole as a worker builds it: facts, XML, seal,
PDF, seal, container; with the time-stamping authority in the process. Then what building one and putting its container
together takes of memory above what the process had, over documents of 1 MB and of 200 MB. Prints one JSON object:
processor seconds, warm (the best of three), and MB. SQLite, in a folder of its own.
"""

import ctypes
import gc
import json
import os
import re
import sys
import tempfile
import time
from pathlib import Path

import django

os.environ.setdefault("DJANGO_SETTINGS_MODULE", "tests.settings")
django.setup()

from django.db import transaction
from django.test.utils import setup_databases, teardown_databases
from django.utils import timezone

from benchmarks import cases
from evidence import events, jobs, trail
from evidence.dossier.container import container
from evidence.models import Dossier, Entry
from tests.evidence import rental, trails
from tests.evidence.rental import Paper
from tests.evidence.trails import Walk

PAGES, ENTRIES, ROUNDS = 30, 1000, 3
MANY_PAGES = 470
SIZES = (1, 200)
KIBIBYTE = 1024


def main() -> None:
    load = os.getloadavg()[0]
    made = setup_databases(verbosity=0, interactive=False)
    try:
        told = measured()
    finally:
        teardown_databases(made, verbosity=0)
    sys.stdout.write(json.dumps(told | {"load_before": round(load, 2)}) + "\n")


def measured() -> dict[str, float]:
    papers = (rental.contract(PAGES), rental.terms(PAGES))
    plain = trails.signed(papers=papers)
    best(plain)
    figures = {"two_documents_60_pages_seconds": best(plain)}
    many = trails.signed(papers=papers)
    fill(many)
    figures["entries"] = Entry.objects.filter(trail=many.trail).count()
    figures["thousand_entries_seconds"] = best(many)
    read = trails.signed(papers=(rental.contract(MANY_PAGES), rental.terms(MANY_PAGES)))
    fill(read)
    figures["thousand_entries_of_reading_seconds"] = best(read)
    return figures | {f"memory_of_{size}_mb_documents_mb": memory(size) for size in SIZES}


def fill(walk: Walk) -> None:
    """Downloads, until the journal has its thousand entries."""
    missing = ENTRIES - Entry.objects.filter(trail=walk.trail).count()
    event = events.DocumentDownloaded(signer=walk.signer, document=walk.ids[0], form="presented", sha256="0" * 64)
    with transaction.atomic():
        trail.extend(walk.trail, [(event, walk.at)] * missing, actor=walk.actor)


def best(walk: Walk) -> float:
    """Processor seconds of the quickest of a few buildings."""
    row = row_of(walk)
    seconds = []
    for _ in range(ROUNDS):
        began = time.process_time()
        jobs.build(row, timezone.now)
        seconds.append(time.process_time() - began)
    return round(min(seconds), 2)


def memory(megabytes: int) -> float:
    """MB at the peak, above what the process had before; the document itself is the bench's own and not counted."""
    walk = trails.signed(papers=(Paper("Contrat", cases.document(megabytes), cases.PAGES),))
    row = row_of(walk)
    gc.collect()
    ctypes.CDLL(None).malloc_trim(0)  # what was freed is given back: else the peak would hide in it
    Path("/proc/self/clear_refs").write_text("5")  # proc(5): the peak is counted anew
    before = kept("VmRSS")
    built = jobs.build(row, timezone.now)
    with tempfile.TemporaryFile() as out:
        container.write(built.sealing_sha256, out)
    return round((kept("VmHWM") - before) / cases.MEGABYTE, 1)


def kept(name: str) -> int:
    """Bytes that the kernel keeps for this process, now (VmRSS) or at most (VmHWM)."""
    found = re.search(rf"^{name}:\s+(\d+) kB$", Path("/proc/self/status").read_text(), re.MULTILINE)
    if found is None:
        raise RuntimeError("the kernel does not say how much memory it keeps")
    return int(found[1]) * KIBIBYTE


def row_of(walk: Walk) -> Dossier:
    return Dossier(trail=walk.trail, subject=walk.signer, requested_at=walk.at, due_at=walk.at)


if __name__ == "__main__":
    main()
