"""The journal in the order in which it was written, piece by piece: entries of all trails, and what is opened of them.

What was written one after the other a database reads fastest one after the other. Entries of a trail may lie in several
pieces: of each come the runs that are in it, and those of a trail are joined here. Nothing rests on that order but the
time it takes: what does not fit together, for whatever reason, is read again by its trail (`evidence.scan`).
"""

from collections.abc import Iterator
from concurrent.futures import Executor
from contextlib import suppress
from itertools import groupby, pairwise
from typing import Any, NamedTuple
from uuid import UUID

from django.db import connection
from django.db.models import CharField, Func, IntegerField, Min, QuerySet
from django.db.models.lookups import GreaterThanOrEqual, LessThan

from evidence import chain, cores, fitting
from evidence.models import Entry, Opening

ENTRIES = 5000
"""About how many entries are read at once."""
_ENTRIES_A_PAGE = 8
_LOOKED = 100
"""Of so many entries from the first of a piece on one mostly has an opening."""
_ALL = -(1 << 63), (1 << 63) - 1


Place = int | str


class Piece(NamedTuple):
    """Entries from a place on up to another, and the openings between two ids."""

    first: Place
    end: Place
    openings: tuple[int, int]


class Read:
    """What was read of every trail: one run, as far as its parts joined."""

    def __init__(self) -> None:
        self._runs: dict[str, fitting.Run] = {}
        self._doubted: set[str] = set()

    def doubt(self, trails: set[str]) -> None:
        """Of these something does not fit."""
        self._doubted |= trails

    def join(self, run: fitting.Run) -> None:
        """Put a run before what is there of its trail."""
        later = self._runs.get(run.trail)
        if later and (run.last + 1, run.digest) != (later.first, later.before):
            self._doubted.add(run.trail)
        end = later or run
        self._runs[run.trail] = run._replace(last=end.last, digest=end.digest)

    def holds(self, trail: UUID, last: int, digest: str) -> bool:
        """Whether a trail was read from its first entry to the one that its head row says is the last."""
        if trail.hex in self._doubted:
            return False
        whole = fitting.Run(trail.hex, 1, chain.GENESIS, last, digest)
        return self._runs.get(trail.hex) == (whole if last else None)


class _Place(Func):
    """Where a row is: its number in SQLite's tree, its page and line in PostgreSQL's."""

    arity = 0

    def as_sqlite(self, *_given: Any, **_more: Any) -> tuple[str, tuple[str | int, ...]]:
        return "evidence_entry.rowid", ()

    def as_postgresql(self, *_given: Any, **_more: Any) -> tuple[str, tuple[str | int, ...]]:
        return "evidence_entry.ctid", ()


def read_all(pool: Executor | None) -> Read:
    """Read every entry and opening there is, in the processes of a pool where there is one."""
    found = Read()
    for runs, doubted in cores.each(_runs, _pieces(), pool):
        found.doubt(doubted)
        for run in runs:
            found.join(run)
    return found


def _runs(piece: Piece) -> tuple[list[fitting.Run], set[str]]:
    """The runs of a piece, and the trails of which something in it does not fit."""
    first, end = piece.openings
    found = fitting.entries(_between(piece.first, piece.end))
    opened = fitting.openings(Opening.objects.filter(id__gte=first, id__lt=end).order_by("id"))
    by_trail: dict[str, list[fitting.Row]] = {}
    for trail, some in groupby(found, key=fitting.of_trail):
        by_trail.setdefault(trail, []).extend(some)
    doubted, runs = _trails_of(opened.keys() - {fitting.id_of(row) for row in found}), []
    for trail, rows in by_trail.items():
        rows.sort(key=fitting.in_order)
        run = fitting.run(rows, opened)
        if run is None:
            doubted.add(trail)
        else:
            runs.append(run)
    return runs, doubted


def _trails_of(entries: set[str]) -> set[str]:
    """The trails of entries that have openings in another piece than their own."""
    found: set[str] = set()
    for entry in entries:
        with suppress(ValueError, Entry.DoesNotExist):
            found.add(Entry.objects.values_list("trail_id", flat=True).get(pk=UUID(entry)).hex)
    return found


def _pieces() -> Iterator[Piece]:
    """From the newest to the oldest; what is written meanwhile belongs to none."""
    least, below = _ALL
    places = _places()
    for start, end in reversed(list(pairwise(places))):
        first = least if start == places[0] else _first_opening(start, below)
        yield Piece(start, end, (first, below))
        below = first


def _places() -> list[Place]:
    """Where pieces begin, and where the last one ends; none where there is no entry."""
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SELECT pg_relation_size('evidence_entry') / current_setting('block_size')::int")
            pages = cursor.fetchone()[0]
            return [f"({page},0)" for page in (*range(0, pages, ENTRIES // _ENTRIES_A_PAGE or 1), pages) if pages]
        found: list[Place] = []
        cursor.execute("SELECT min(rowid) FROM evidence_entry")
        while (place := cursor.fetchone()[0]) is not None:
            found.append(place)
            cursor.execute("SELECT min(rowid) FROM evidence_entry WHERE rowid >= %s", [place + ENTRIES])
        cursor.execute("SELECT max(rowid) + 1 FROM evidence_entry")
        return found + list(cursor.fetchone()) if found else []


def _first_opening(place: Place, below: int) -> int:
    """The least id of what is opened of the entries from a place on; `below` where nothing is."""
    looked = Opening.objects.filter(entry__in=_between(place)[:_LOOKED], id__lt=below)
    least: int | None = looked.aggregate(least=Min("id"))["least"]
    return below if least is None else least


def _between(place: Place, end: Place | None = None) -> QuerySet[Entry]:
    kind = CharField() if connection.vendor == "postgresql" else IntegerField()
    rows = Entry.objects.filter(GreaterThanOrEqual(_Place(output_field=kind), place))
    return rows if end is None else rows.filter(LessThan(_Place(output_field=kind), end))
