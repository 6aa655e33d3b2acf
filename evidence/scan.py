"""Reading the whole journal: what `trail.check` says of one trail, of all of them, in few and large reads.

Three ways, each for what the one before it leaves. As it was written, piece by piece (`evidence.pieces`). By trail,
many at once, where runs do not join. `trail.check`, which waits for whoever adds to a trail and names the fault.
"""

from collections.abc import Generator, Iterator, Sequence
from concurrent.futures import Executor
from contextlib import closing
from itertools import groupby, tee
from operator import itemgetter
from uuid import UUID

from evidence import chain, cores, fitting, pieces, trail
from evidence.models import Entry, Opening, Trail

_TRAILS = 500
_ROWS = 500

Head = tuple[UUID, int, str]
"""A trail's id, and where its head row says that it ends: number and digest of the last entry."""


class Fault(Exception):
    """A trail that does not hold, and where."""

    def __init__(self, row: Trail, broken: chain.Broken) -> None:
        super().__init__(f"{row.reference}: {broken}")
        self.row, self.broken = row, broken


def trails(pool: Executor | None = None) -> Iterator[tuple[Trail, int]]:
    """Every trail in the order in which they were begun, checked whole, and how many entries it has. Raises `Fault`.

    `pool`: processes that read it (`cores.pool`); without one this process does.
    """
    read = pieces.read_all(pool)
    with closing(_batches()) as made:  # its cursor, too, where a fault is raised
        batches, later = tee(made)
        left = ([head for head in map(_head, batch) if not read.holds(*head)] for batch in later)
        for batch, wrong in zip(batches, cores.each(_wrong, left, pool), strict=True):
            for row in batch:
                yield row, _again(row) if row.pk in wrong else row.head_seq


def _head(row: Trail) -> Head:
    return row.pk, row.head_seq, row.head_digest


def _wrong(heads: Sequence[Head]) -> set[UUID]:
    """Which of these trails do not fit when they are read by themselves."""
    if not heads:
        return set()
    keys = [key for key, *_ in heads]
    opened = fitting.openings(Opening.objects.filter(entry__trail__in=keys))
    rows = fitting.entries(Entry.objects.filter(trail__in=keys).order_by("trail_id", "seq"))
    found = {trail: list(some) for trail, some in groupby(rows, key=itemgetter(0))}
    return {head[0] for head in heads if not _fits(head, found.get(head[0].hex, []), opened)}


def _fits(head: Head, rows: Sequence[fitting.Row], opened: fitting.Openings) -> bool:
    key, last, digest = head
    if not rows:
        return (last, digest) == (0, chain.GENESIS)
    return fitting.run(rows, opened) == fitting.Run(key.hex, 1, chain.GENESIS, last, digest)


def _again(row: Trail) -> int:
    try:
        return trail.check(row)
    except chain.Broken as broken:
        raise Fault(row, broken) from broken


def _batches() -> Generator[list[Trail], None, None]:
    batch: list[Trail] = []
    count = 0
    for row in Trail.objects.order_by("created_at", "pk").iterator(chunk_size=_ROWS):
        batch.append(row)
        count += row.head_seq
        if count >= pieces.ENTRIES or len(batch) >= _TRAILS:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch
