"""Reading the whole journal: what `trail.check` says of one trail, of all of them, in few and large reads.

Only what fits is decided here. A trail in which something does not fit, because it is wrong or because somebody added
to it in the middle of the reading, is read again by `trail.check`, which waits for whoever adds and names the fault.
"""

import hashlib
import os
from collections import defaultdict, deque
from collections.abc import Iterator, Mapping
from concurrent.futures import Future, ProcessPoolExecutor
from itertools import chain as chain_of
from itertools import groupby, islice
from multiprocessing import get_context
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db import connection, connections
from django.db.models import CharField, F, Func
from pydantic_core import from_json

from evidence import chain, trail
from evidence.models import Entry, Opening, Trail
from evidence.rows import read

ENTRIES = 20_000
"""About how many entries are held at once."""
_TRAILS = 500
_ROWS = 5000

Counts = list[int | None]
Openings = Mapping[str, list[tuple[str, bytes, str]]]


class Fault(Exception):
    """A trail that does not hold, and where."""

    def __init__(self, row: Trail, broken: chain.Broken) -> None:
        super().__init__(f"{row.reference}: {broken}")
        self.row, self.broken = row, broken


class _Instant(Func):
    """A column of instants as entries write them, so that nothing is parsed only to be written again."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="strftime('%%Y-%%m-%%dT%%H:%%M:%%fZ', %(expressions)s)")

    def as_postgresql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        words = "to_char(%(expressions)s AT TIME ZONE 'UTC', 'YYYY-MM-DD\"T\"HH24:MI:SS.MS\"Z\"')"
        return super().as_sql(compiler, connection, template=words)


class _Hex(Func):
    """A UUID as 32 hex digits: as SQLite has it already."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s")

    def as_postgresql(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="replace(%(expressions)s::text, '-', '')")


def trails() -> Iterator[tuple[Trail, int]]:
    """Every trail in the order in which they were begun, checked whole, and how many entries it has. Raises `Fault`."""
    for batch, counts in _counted(_batches()):
        for row, count in zip(batch, counts, strict=True):
            yield row, _again(row) if count is None else count


def _counted(batches: Iterator[list[Trail]]) -> Iterator[tuple[list[Trail], Counts]]:
    """Each batch with what was found; a journal of several batches is read by as many processes as there are cores."""
    begun = list(islice(batches, 2))
    if len(begun) < 2 or connection.in_atomic_block:  # noqa: PLR2004 - others do not see what is not committed
        yield from ((batch, _fitting(batch)) for batch in chain_of(begun, batches))
        return
    cores = os.cpu_count() or 1
    waiting: deque[tuple[list[Trail], Future[Counts]]] = deque()
    with ProcessPoolExecutor(cores, mp_context=get_context("fork"), initializer=_own_connection) as pool:
        for batch in chain_of(begun, batches):
            waiting.append((batch, pool.submit(_fitting, batch)))
            if len(waiting) > 2 * cores:
                first, found = waiting.popleft()
                yield first, found.result()
        yield from ((batch, found.result()) for batch, found in waiting)


def _own_connection() -> None:
    """A process does not share its parent's connection: what it inherited is forgotten, not closed."""
    for each in connections.all(initialized_only=True):
        each.connection = None


def _fitting(batch: list[Trail]) -> Counts:
    """How many entries each trail of a batch has; None where something does not fit."""
    keys = [row.pk for row in batch]
    openings = _openings(keys)
    found = {str(key): list(rows) for key, rows in groupby(_entries(keys), key=itemgetter(0))}
    told = [(row, found.get(row.pk.hex, [])) for row in batch]
    return [len(rows) if _fits(row, rows, openings) else None for row, rows in told]


def _again(row: Trail) -> int:
    try:
        return trail.check(row)
    except chain.Broken as broken:
        raise Fault(row, broken) from broken


def _batches() -> Iterator[list[Trail]]:
    batch: list[Trail] = []
    count = 0
    for row in Trail.objects.order_by("created_at", "pk").iterator(chunk_size=_ROWS):
        batch.append(row)
        count += row.head_seq
        if count >= ENTRIES or len(batch) >= _TRAILS:
            yield batch
            batch, count = [], 0
    if batch:
        yield batch


def _entries(keys: list[UUID]) -> Iterator[tuple[Any, ...]]:
    rows = Entry.objects.filter(trail__in=keys).order_by("trail_id", "seq")
    places = _Hex(F("trail_id")), "seq", _Hex(F("id"))
    return read(rows.values_list(*places, "kind", _Instant(F("at")), "source", "digest", "canonical"))


def _openings(keys: list[UUID]) -> Openings:
    found: dict[str, list[tuple[str, bytes, str]]] = defaultdict(list)
    rows = Opening.objects.filter(entry__trail__in=keys)
    for entry, field, salt, value in read(rows.values_list(_Hex(F("entry_id")), "field", "salt", "value")):
        found[entry].append((field, bytes(salt), value))
    return found


def _fits(row: Trail, rows: list[tuple[Any, ...]], openings: Openings) -> bool:
    """Whether a trail holds: the chain, the index columns, what was opened, the head."""
    previous, own, count = chain.GENESIS, str(row.pk), 0
    for _, seq, key, kind, at, source, digest, canonical in rows:
        count += 1
        octets = bytes(canonical)
        if hashlib.sha256(chain.LEAF_PREFIX + octets).hexdigest() != digest:
            return False
        said = from_json(octets)
        written = said["previous"], said["seq"], said["trail"], said["kind"], said["at"], said["source"]
        if (previous, count, own, kind, at, source) != written or seq != count:
            return False
        if said["id"].replace("-", "") != key:
            return False
        if key in openings and not _opened(said["commitments"], openings[key]):
            return False
        previous = digest
    return (row.head_seq, row.head_digest) == (count, previous)


def _opened(committed: Mapping[str, str], opened: list[tuple[str, bytes, str]]) -> bool:
    return all(committed.get(field) == chain.commit(value, salt) for field, salt, value in opened)
