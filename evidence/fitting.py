"""Rows of the journal as the database gives them, and whether the bytes of each say what its columns do.

Only what fits is decided here; what does not is named by `trail.check`, which reads an entry member by member.
"""

import unicodedata
from collections.abc import Iterable, Mapping, Sequence
from hashlib import sha256
from operator import itemgetter
from typing import Any, NamedTuple

from django.db.models import CharField, F, Func, QuerySet
from pydantic_core import SchemaValidator, ValidationError, core_schema, from_json

from evidence import chain, trail
from evidence.models import Entry, Opening
from evidence.rows import read, read_many

_SALT, _INSTANT = trail.SALT_BYTES, len("2026-11-23T20:44:51.123Z")
_ACTOR, _DATA, _PREVIOUS = b'{"actor":{', b'},"data":{', b'"previous":"'

Row = tuple[Any, ...]
"""An entry: trail (32 hex digits), number, id (32 hex digits), kind, instant, source, digest, canonical bytes."""
Openings = Mapping[str, list[str]]
"""By entry (32 hex digits): the members of `commitments` that its openings make, as they stand in its bytes."""

of_trail, in_order, id_of = itemgetter(0), itemgetter(1), itemgetter(2)
_is_object = SchemaValidator(core_schema.typed_dict_schema({}, extra_behavior="ignore")).validate_json


class Run(NamedTuple):
    """Entries of one trail, each following the one before it: the first, the digest before it, the last, its digest."""

    trail: str
    first: int
    before: str
    last: int
    digest: str


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


def entries(rows: QuerySet[Entry]) -> list[Row]:
    """Those that a query finds, in no order but its own."""
    places = _Hex(F("trail_id")), "seq", _Hex(F("id"))
    return read(rows.values_list(*places, "kind", _Instant(F("at")), "source", "digest", "canonical"))


def openings(rows: QuerySet[Opening]) -> Openings:
    """Those that a query finds. A salt that is too short opens nothing. Those of one entry mostly come together."""
    found: dict[str, list[str]] = {}
    last, members = "", list[str]()
    for some in read_many(rows.values_list(_Hex(F("entry_id")), "field", "salt", "value")):
        for entry, field, salt, value in some:
            if entry != last:
                last, members = entry, found.setdefault(entry, [])
            text = value if value.isascii() else unicodedata.normalize("NFC", value)
            made = sha256(salt + text.encode()).hexdigest() if len(salt) >= _SALT else ""
            members.append(f'"{field}":"{made}"')
    return found


def run(rows: Sequence[Row], opened: Openings) -> Run | None:
    """One run of all of these entries of one trail; None where they do not fit: chain, index columns, what was opened.

    The bytes of an entry are compared with those that its columns make, from both sides. That is as good as reading
    its members: the bytes are one JSON object, in which a quotation mark inside a text is escaped, so what stands
    between `{"actor":{`, the first closing brace and `"commitments":{`, and before the last closing brace, are members
    of the object itself. Who writes them in another order or manner only has the trail read again, member by member.
    Each check is made of all entries before the next one: a loop of C's costs less than one of Python's.
    """
    (key, *_), seqs, ids, kinds, instants, sources, digests, octets = zip(*rows, strict=True)
    if seqs != tuple(range(seqs[0], seqs[0] + len(rows))):
        return None
    if [sha256(chain.LEAF_PREFIX + each).hexdigest() for each in octets] != list(digests):
        return None
    before = octets[0].rpartition(_PREVIOUS)[2][: len(chain.GENESIS)].decode("ascii", "replace")
    ends = _ends(key, zip(seqs, ids, kinds, sources, (before, *digests), strict=False))
    if not all(map(bytes.endswith, octets, ends)):
        return None
    if not (all(map(_begins, octets, instants, map(opened.get, ids), ends)) and _are_objects(octets)):
        return None
    return Run(key, seqs[0], before, seqs[-1], digests[-1])


def _ends(own: str, columns: Iterable[tuple[int, str, str, str, str]]) -> list[bytes]:
    """What the bytes of each entry of a trail end with, all that comes after what is in `data`.

    `columns`: number, id, kind, source, and the digest of the entry before.
    """
    after = f'","trail":"{_dashed(own)}","v":1}}'
    return [
        (
            f'}},"id":"{entry[:8]}-{entry[8:12]}-{entry[12:16]}-{entry[16:20]}-{entry[20:]}","kind":"{kind}",'
            f'"previous":"{before}","seq":{seq},"source":"{source}{after}'
        ).encode()
        for seq, entry, kind, source, before in columns
    ]


def _dashed(digits: str) -> str:
    return f"{digits[:8]}-{digits[8:12]}-{digits[12:16]}-{digits[16:20]}-{digits[20:]}"


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
