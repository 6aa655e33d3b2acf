"""Reading the whole journal: what `trail.check` says of one trail, of all of them, in few and large reads.

Only what fits is decided here. A trail in which something does not fit, because it is wrong or because somebody added
to it in the middle of the reading, is read again by `trail.check`, which waits for whoever adds and names the fault.
"""

import unicodedata
from collections import deque
from collections.abc import Iterable, Iterator, Mapping, Sequence
from concurrent.futures import Executor, Future
from hashlib import sha256
from itertools import groupby
from operator import itemgetter
from typing import Any
from uuid import UUID

from django.db.models import CharField, F, Func
from pydantic_core import SchemaValidator, ValidationError, core_schema, from_json

from evidence import chain, cores, trail
from evidence.models import Entry, Opening, Trail
from evidence.rows import read, read_many

ENTRIES = 5000
"""About how many entries are read at once."""
_TRAILS = 500
_SALT, _INSTANT = trail.SALT_BYTES, len("2026-11-23T20:44:51.123Z")
_ROWS = 500
_ACTOR, _DATA = b'{"actor":{', b'},"data":{'

Head = tuple[UUID, int, str]
"""A trail's id, and where its head row says that it ends: number and digest of the last entry."""
Counts = list[int | None]
Openings = Mapping[str, list[str]]
"""By entry (32 hex digits): the members of `commitments` that its openings make, as they stand in its bytes."""

_is_object = SchemaValidator(core_schema.typed_dict_schema({}, extra_behavior="ignore")).validate_json


class Fault(Exception):
    """A trail that does not hold, and where."""

    def __init__(self, row: Trail, broken: chain.Broken) -> None:
        super().__init__(f"{row.reference}: {broken}")
        self.row, self.broken = row, broken


class _Instant(Func):
    """A column of instants as entries write them; SQLite's are texts of fixed places, which `_fits` puts right."""

    output_field = CharField()

    def as_sqlite(self, compiler: Any, connection: Any, **_extra: Any) -> Any:
        return super().as_sql(compiler, connection, template="%(expressions)s || ''")  # a bare column is parsed

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


def trails(pool: Executor | None = None) -> Iterator[tuple[Trail, int]]:
    """Every trail in the order in which they were begun, checked whole, and how many entries it has. Raises `Fault`.

    `pool`: processes that read it (`cores.pool`); without one this process does.
    """
    batches = _batches()
    for batch, counts in _counted(batches, pool) if pool else ((each, _fitting(_heads(each))) for each in batches):
        for row, count in zip(batch, counts, strict=True):
            yield row, _again(row) if count is None else count


def _counted(batches: Iterator[list[Trail]], pool: Executor) -> Iterator[tuple[list[Trail], Counts]]:
    """Each batch with what was found, a few batches ahead of whoever takes them."""
    waiting: deque[tuple[list[Trail], Future[Counts]]] = deque()
    for batch in batches:
        waiting.append((batch, pool.submit(_fitting, _heads(batch))))
        if len(waiting) > 4 * cores.COUNT:
            first, found = waiting.popleft()
            yield first, found.result()
    yield from ((batch, found.result()) for batch, found in waiting)


def _heads(batch: list[Trail]) -> list[Head]:
    return [(row.pk, row.head_seq, row.head_digest) for row in batch]


def _fitting(batch: list[Head]) -> Counts:
    """How many entries each trail of a batch has; None where something does not fit."""
    keys = [key for key, *_ in batch]
    openings = _openings(keys)
    found = {str(key): list(rows) for key, rows in groupby(_entries(keys), key=itemgetter(0))}
    told = [(head, found.get(head[0].hex, [])) for head in batch]
    return [len(rows) if _fits(head, rows, openings) else None for head, rows in told]


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


def _entries(keys: list[UUID]) -> list[tuple[Any, ...]]:
    rows = Entry.objects.filter(trail__in=keys).order_by("trail_id", "seq")
    places = _Hex(F("trail_id")), "seq", _Hex(F("id"))
    return read(rows.values_list(*places, "kind", _Instant(F("at")), "source", "digest", "canonical"))


def _openings(keys: list[UUID]) -> Openings:
    """A salt that is too short opens nothing. Those of one entry mostly come one after the other."""
    found: dict[str, list[str]] = {}
    rows = Opening.objects.filter(entry__trail__in=keys)
    last, members = "", list[str]()
    for some in read_many(rows.values_list(_Hex(F("entry_id")), "field", "salt", "value")):
        for entry, field, salt, value in some:
            if entry != last:
                last, members = entry, found.setdefault(entry, [])
            text = value if value.isascii() else unicodedata.normalize("NFC", value)
            made = sha256(salt + text.encode()).hexdigest() if len(salt) >= _SALT else ""
            members.append(f'"{field}":"{made}"')
    return found


def _fits(head: Head, rows: Sequence[tuple[Any, ...]], openings: Openings) -> bool:
    """Whether a trail holds: the chain, the index columns, what was opened, the head.

    The bytes of an entry are compared with those that its columns make, from both sides. That is as good as reading
    its members: the bytes are one JSON object, in which a quotation mark inside a text is escaped, so what stands
    between `{"actor":{`, the first closing brace and `"commitments":{`, and before the last closing brace, are members
    of the object itself. Who writes them in another order or manner only has the trail read again, member by member.
    Each check is made of all entries before the next one: a loop of C's costs less than one of Python's.
    """
    key, last, digest_of_last = head
    if not rows:
        return (last, digest_of_last) == (0, chain.GENESIS)
    _, seqs, ids, kinds, instants, sources, digests, octets = zip(*rows, strict=True)
    if (last, digest_of_last) != (len(rows), digests[-1]) or seqs != tuple(range(1, len(rows) + 1)):
        return False
    if [sha256(chain.LEAF_PREFIX + each).hexdigest() for each in octets] != list(digests):
        return False
    ends = _ends(str(key), zip(seqs, ids, kinds, sources, (chain.GENESIS, *digests), strict=False))
    if not all(map(bytes.endswith, octets, ends)):
        return False
    return all(map(_begins, octets, instants, map(openings.get, ids), ends)) and _are_objects(octets)


def _ends(own: str, columns: Iterable[tuple[int, str, str, str, str]]) -> list[bytes]:
    """What the bytes of each entry of a trail end with, all that comes after what is in `data`.

    `columns`: number, id, kind, source, and the digest of the entry before.
    """
    after = f'","trail":"{own}","v":1}}'
    return [
        (
            f'}},"id":"{entry[:8]}-{entry[8:12]}-{entry[12:16]}-{entry[16:20]}-{entry[20:]}","kind":"{kind}",'
            f'"previous":"{before}","seq":{seq},"source":"{source}{after}'
        ).encode()
        for seq, entry, kind, source, before in columns
    ]


def _begins(octets: bytes, at: str, opened: list[str] | None, end: bytes) -> bool:
    """Whether the bytes begin with a flat actor, the instant, commitments that hold what was opened, and `data`.

    Where no brace closes in these before the end does, nothing else stands there, and no member a second time.
    """
    if len(at) != _INSTANT:
        at = f"{at[:10]}T{(at + '.000')[11:23]}Z"  # the same instant; without a fraction where that is zero
    actor = octets.find(b"}")
    begun = f'}},"at":"{at}","commitments":{{'.encode()
    if not (octets.startswith(_ACTOR) and octets.startswith(begun, actor)):
        return False
    start = actor + len(begun)
    stop = octets.find(b"}", start)
    if octets.find(b"{", len(_ACTOR)) != start - 1 or not octets.startswith(_DATA, stop):
        return False
    members = ",".join(sorted(opened)).encode() if opened else b""
    if octets.find(b"}", stop + 1) == len(octets) - len(end) and (not opened or octets[start:stop] == members):
        return True
    return _says(octets, at, opened or [])


def _says(octets: bytes, at: str, opened: list[str]) -> bool:
    """The same of an entry whose data have objects in them, or that commits to more than was opened."""
    try:
        entry = from_json(octets)
    except ValueError:
        return False
    committed = entry["commitments"]
    if entry["at"] != at or not isinstance(committed, dict):
        return False
    return {f'"{field}":"{made}"' for field, made in committed.items()}.issuperset(opened)


def _are_objects(octets: Sequence[bytes]) -> bool:
    """Whether the bytes of each are one JSON object."""
    try:
        for each in octets:
            _is_object(each)
    except ValidationError:
        return False
    return True
