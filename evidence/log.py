"""The log over all entries of all trails: a Merkle tree (RFC 9162) whose leaves are the entries' digests.

An entry is never put in by the transaction that makes it: that would have every path wait for every other one. It
follows in a batch, trail by trail, and then keeps its place for ever.
"""

from dataclasses import dataclass
from typing import Any
from uuid import UUID

from django.db import IntegrityError, transaction
from django.db.models import F, Max, QuerySet, Sum

from evidence import chain, merkle
from evidence.models import Entry, LogNode, Trail
from evidence.rows import read

BATCH = 5000
_ROWS = 500
_LEVELS = 14
_PIECE = 1 << _LEVELS
"""Leaves that are checked at once, with the subtrees over them; no more is held."""


def size() -> int:
    """How many entries the log has."""
    last = LogNode.objects.filter(level=0).aggregate(last=Max("index"))["last"]
    return 0 if last is None else last + 1


def integrate() -> int:
    """Put every entry into the log that is not in it yet; gives its size. Two at once do the work once."""
    while batch := _next():
        try:
            with transaction.atomic():
                _append(batch)
        except IntegrityError:
            if size() == batch.nodes[0].index:  # nobody was quicker: what the trails say is not what the log has
                raise
    return size()


def root(count: int) -> bytes:
    """The root over the first `count` entries."""
    return merkle.root(count, _node)


def place(digest: str) -> int | None:
    """The index of the entry with this digest; None where it is not in the log (yet)."""
    return LogNode.objects.filter(entry__digest=digest).values_list("index", flat=True).first()


def inclusion(index: int, count: int) -> list[bytes]:
    """The proof that entry `index` is among the first `count`. Raises ValueError."""
    return merkle.inclusion(index, count, _node)


def consistency(older: int, count: int) -> list[bytes]:
    """The proof that the log of `count` entries continues that of `older`. Raises ValueError."""
    return merkle.consistency(older, count, _node)


def check() -> int:
    """Read the whole log: each leaf is its entry's digest, each node the hash of the two below. Raises chain.Broken.

    `seq` of what is raised is the number of the leaf, from 1. Gives how many leaves were read. Where entries were put
    in while it was read, what was read does not fit together: it is read again.
    """
    while True:
        count = size()
        try:
            return _check(count)
        except chain.Broken:
            if size() == count:
                raise


@dataclass(frozen=True)
class _Batch:
    """What is to be added: for each trail how many of its entries are in the log, before and after; the nodes."""

    logged: list[tuple[UUID, int, int]]
    nodes: list[LogNode]


def _next() -> _Batch | None:
    """The next entries that are not in the log; None where there are none.

    Read and hashed outside of any transaction, so that nobody waits for it: the places say whether it came too late.
    """
    before = size()
    left = {level: _node(level, index) for level, index in merkle.peaks(before)}
    taken: list[tuple[UUID, bytes]] = []
    logged: list[tuple[UUID, int, int]] = []
    for trail in Trail.objects.filter(head_seq__gt=F("logged_seq")).order_by("created_at", "pk")[:_ROWS]:
        rows = Entry.objects.filter(trail=trail, seq__gt=trail.logged_seq, seq__lte=trail.head_seq).order_by("seq")
        found = list(rows.values_list("pk", "digest")[:BATCH])
        taken += [(key, bytes.fromhex(digest)) for key, digest in found]
        logged.append((trail.pk, trail.logged_seq, trail.logged_seq + len(found)))
        if len(taken) >= BATCH:
            break
    if not taken:
        return None
    nodes = [
        LogNode(
            level=node.level,
            index=node.index,
            hash=node.hash,
            entry_id=taken[node.index - before][0] if node.level == 0 else None,
        )
        for node in merkle.grown(before, left, (digest for _, digest in taken))
    ]
    return _Batch(logged, nodes)


def _append(batch: _Batch) -> None:
    """Raises IntegrityError where another worker was quicker; the caller's transaction is undone then."""
    LogNode.objects.bulk_create(batch.nodes, batch_size=_ROWS)
    for trail, before, after in batch.logged:
        if Trail.objects.filter(pk=trail, logged_seq=before).update(logged_seq=after) != 1:
            raise IntegrityError("another worker has put this trail into the log")


def _node(level: int, index: int) -> bytes:
    return bytes(LogNode.objects.values_list("hash", flat=True).get(level=level, index=index))


def _check(count: int) -> int:
    for first in range(0, count, _PIECE):
        _check_piece(first, min(_PIECE, count - first), count)
    told = Trail.objects.aggregate(entries=Sum("logged_seq"))["entries"] or 0
    if told != count:
        raise chain.Broken(min(told, count) + 1, f"the trails say that {told} of their entries are in the log")
    for level in range(_LEVELS + 1, count.bit_length()):
        _check_nodes(level, 0, count >> level, _hashes(level - 1, 0, count >> level - 1))
    _check_ends(count)
    return count


def _check_piece(first: int, width: int, count: int) -> None:
    """So many leaves from the first on, and the complete subtrees over them: each row is read once."""
    below = _leaves(first, width)
    for level in range(1, _LEVELS + 1):
        place = first >> level
        below = _check_nodes(level, place, min(place + (_PIECE >> level), count >> level), below)


def _leaves(first: int, width: int) -> list[bytes]:
    """Raises chain.Broken where one is missing, or is not its entry's digest."""
    rows = read(_nodes(0, first, first + width).values_list("index", "hash", "entry__digest"))
    places, leaves, digests = zip(*rows, strict=True) if rows else ((), (), ())
    if places != tuple(range(first, first + width)) or [leaf.hex() for leaf in leaves] != list(digests):
        raise _misplaced(first, rows)
    return list(leaves)


def _misplaced(first: int, rows: list[tuple[Any, ...]]) -> chain.Broken:
    """Which of the leaves from the first on, each with its place and the digest of its entry, is wrong or missing."""
    for place, (index, leaf, digest) in enumerate(rows, start=first):
        if index != place:
            return chain.Broken(place + 1, "the log has a gap")
        if leaf.hex() != digest:
            return chain.Broken(place + 1, "the leaf in the log is not the digest of its entry")
    return chain.Broken(first + len(rows) + 1, "the log has a gap")


def _check_nodes(level: int, first: int, end: int, below: list[bytes]) -> list[bytes]:
    """The nodes from the first on up to the end, which is not one of them, held against those below; gives them."""
    kept = _hashes(level, first, end)
    made = merkle.parents(below)
    if kept != made:
        wrong = next((n for n, (one, other) in enumerate(zip(kept, made, strict=False)) if one != other), len(kept))
        said = "is not that of its leaves" if wrong < len(kept) else "is missing"
        raise chain.Broken((first + wrong << level) + 1, f"a node of the log, level {level}, {said}")
    return kept


def _check_ends(count: int) -> None:
    """No level goes on where the leaves under it have ended."""
    top = max(count.bit_length() - 1, 0)
    for level in range(1, top + 1):
        if LogNode.objects.filter(level=level, index__gte=count >> level).exists():
            seq = (count >> level << level) + 1
            raise chain.Broken(seq, f"a node of the log, level {level}, is not that of its leaves")
    if LogNode.objects.filter(level__gt=top).exists():
        raise chain.Broken(count, "the log has nodes above its root")


def _hashes(level: int, first: int, end: int) -> list[bytes]:
    return [each for (each,) in read(_nodes(level, first, end).values_list("hash"))]


def _nodes(level: int, first: int, end: int) -> QuerySet[LogNode]:
    return LogNode.objects.filter(level=level, index__gte=first, index__lt=end).order_by("index")
