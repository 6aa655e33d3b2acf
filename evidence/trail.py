"""Appending to a trail and reading it back. The only writer of entries and openings."""

import secrets
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

from django.db import connection

from evidence import chain
from evidence.events import Event
from evidence.models import Entry, Opening, Trail

SALT_BYTES = 16
_MEMBERS = frozenset({"id", "kind", "at", "source", "actor", "data", "commitments"})
Source = Literal["server", "client", "provider"]


class HeadMoved(Exception):
    """Another writer appended between the lock and the update; the surrounding transaction must be undone."""


@dataclass(frozen=True)
class Terminal:
    """What the server saw of the device: committed to in the entry, never chained in clear."""

    ip: str
    port: str
    user_agent: str

    def personal(self) -> dict[str, str]:
        """The values to commit to, by field name; what the server did not see is left out."""
        values = {"ip": self.ip, "port": self.port, "user_agent": self.user_agent}
        return {name: value for name, value in values.items() if value}


@dataclass(frozen=True)
class Actor:
    """Who acted: a role, the hash of the session and the id of the request, and the terminal where it matters.

    `login`: the account of staff, committed to in the entry like the terminal, never chained in clear.
    """

    role: Literal["signer", "client", "operator", "system", "anonymous"]
    session: str = ""
    request: str = ""
    terminal: Terminal | None = None
    login: str = ""

    def members(self) -> dict[str, str]:
        """The `actor` of an entry; empty values are left out."""
        members = {"role": self.role, "session": self.session, "request": self.request}
        return {name: value for name, value in members.items() if value}

    def personal(self) -> dict[str, str]:
        """The values to commit to, by field name; empty ones are left out."""
        login = {"login": self.login} if self.login else {}
        return login | (self.terminal.personal() if self.terminal else {})


SYSTEM = Actor(role="system")


@dataclass(frozen=True)
class Read:
    """An entry read back: its members, and the openings that have not been erased."""

    members: dict[str, Any]
    digest: str
    canonical: bytes
    openings: Mapping[str, tuple[bytes, str]] = field(default_factory=dict)

    @property
    def seq(self) -> int:
        return int(self.members["seq"])

    @property
    def kind(self) -> str:
        return str(self.members["kind"])

    @property
    def at(self) -> str:
        return str(self.members["at"])

    @property
    def data(self) -> dict[str, Any]:
        return dict(self.members["data"])

    def value(self, name: str) -> str | None:
        """The opened value of a personal field; None where it was never given or has been erased."""
        opening = self.openings.get(name)
        return opening[1] if opening else None


def open_trail(*, tenant: str, reference: str, at: datetime) -> Trail:
    """Start an empty trail; `tenant` is an opaque client id, `reference` is unique over the platform."""
    return Trail.objects.create(tenant=tenant, reference=reference, created_at=at)


def append(trail: Trail, event: Event, *, actor: Actor, at: datetime, source: Source = "server") -> Entry:
    """Add one entry at the end of a trail; what `extend` says holds here too."""
    return extend(trail, [(event, at)], actor=actor, source=source)[0]


def extend(
    trail: Trail, told: Iterable[tuple[Event, datetime]], *, actor: Actor, source: Source = "server"
) -> list[Entry]:
    """Add entries at the end of a trail, each with its instant, inside the transaction of the change they tell.

    They are numbered from where the row in memory says the trail ends, and from its head row under a lock where it has
    moved on meanwhile: entries of one trail have no gap. Raises `RuntimeError` outside a transaction and `HeadMoved`
    where the head moved in spite of the lock.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an entry is recorded in the transaction of the change it tells")
    entries_told = list(told)
    rows, openings = _numbered(trail, entries_told, actor, source)
    if not _moved(trail, rows):
        trail.refresh_from_db(from_queryset=Trail.objects.select_for_update())
        rows, openings = _numbered(trail, entries_told, actor, source)
        if not _moved(trail, rows):
            raise HeadMoved(f"trail {trail.pk} moved past {trail.head_seq}")
    Entry.objects.bulk_create(rows)
    Opening.objects.bulk_create(openings)
    return rows


def _numbered(
    head: Trail, told: Sequence[tuple[Event, datetime]], actor: Actor, source: Source
) -> tuple[list[Entry], list[Opening]]:
    """The entries as they follow that head, and their openings."""
    rows: list[Entry] = []
    openings: list[Opening] = []
    previous = head.head_digest
    for seq, (event, at) in enumerate(told, start=head.head_seq + 1):
        entry, opened = _entry(head, seq, previous, event, actor=actor, at=at, source=source)
        previous = entry.digest
        rows.append(entry)
        openings += opened
    return rows, openings


def _entry(
    head: Trail, seq: int, previous: str, event: Event, *, actor: Actor, at: datetime, source: Source
) -> tuple[Entry, list[Opening]]:
    """One entry and the openings of its commitments, not yet stored."""
    personal = event.personal() | actor.personal()
    salts = {name: secrets.token_bytes(SALT_BYTES) for name in personal}
    identifier = chain.uuid7(at, secrets.token_bytes(10))
    members = {
        "v": chain.VERSION,
        "trail": str(head.pk),
        "seq": seq,
        "id": str(identifier),
        "kind": event.kind,
        "at": chain.instant(at),
        "source": source,
        "actor": actor.members(),
        "data": event.data(),
        "commitments": {name: chain.commit(value, salts[name]) for name, value in personal.items()},
        "previous": previous,
    }
    canonical = chain.canonical(members)
    entry = Entry(
        id=identifier,
        trail_id=head.pk,
        seq=seq,
        kind=event.kind,
        at=at.replace(microsecond=at.microsecond // 1000 * 1000),
        source=source,
        digest=chain.digest(canonical),
        canonical=canonical,
    )
    return entry, [Opening(entry=entry, field=name, salt=salts[name], value=value) for name, value in personal.items()]


def _moved(head: Trail, rows: Sequence[Entry]) -> bool:
    """Say in the head row which entry is the last; False where it is not as we know it, and nothing is changed."""
    if not rows:
        return True
    last = rows[-1]
    held = Trail.objects.filter(pk=head.pk, head_seq=head.head_seq, head_digest=head.head_digest)
    if not held.update(head_seq=last.seq, head_digest=last.digest):
        return False
    head.head_seq, head.head_digest = last.seq, last.digest
    return True


def entries(trail: Trail) -> Iterator[Read]:
    """The trail's entries in order, checked link by link while they are read; raises `chain.Broken`."""
    for _, entry in _read(trail):
        yield entry


def _read(trail: Trail) -> Iterator[tuple[Entry, Read]]:
    """Every row of a trail with what it says, in order."""
    rows = list(Entry.objects.filter(trail=trail).order_by("seq").prefetch_related("openings"))
    links = [chain.Link(seq=row.seq, digest=row.digest, canonical=bytes(row.canonical)) for row in rows]
    for row, members in zip(rows, chain.walk(links, trail=str(trail.pk)), strict=True):
        openings = {opening.field: (bytes(opening.salt), opening.value) for opening in row.openings.all()}
        yield row, Read(members=members, digest=row.digest, canonical=bytes(row.canonical), openings=openings)


def first(trail: Trail, kind: type[Event]) -> Entry:
    """The first entry of a kind; raises `Entry.DoesNotExist`."""
    found = Entry.objects.filter(trail=trail, kind=kind.kind).order_by("seq").first()
    if found is None:
        raise Entry.DoesNotExist(f"no {kind.kind} in the trail {trail.pk}")
    return found


def commitments(entry: Entry, *names: str) -> dict[str, str]:
    """The commitments of an entry to the named fields that were given (for the binding)."""
    made: dict[str, str] = chain.members(bytes(entry.canonical))["commitments"]
    return {name: made[name] for name in names if name in made}


def check(trail: Trail) -> int:
    """Scan one trail whole: chain, index columns, openings, head. Gives how many entries; raises `chain.Broken`.

    Where an entry is added in the middle of the scan, what was read does not fit together: it is read again.
    """
    while True:
        head = Trail.objects.get(pk=trail.pk)
        try:
            return _scan(head)
        except chain.Broken:
            if Trail.objects.get(pk=trail.pk).head_digest == head.head_digest:
                raise


def _scan(head: Trail) -> int:
    seq, last = 0, chain.GENESIS
    for row, entry in _read(head):
        seq, last = entry.seq, row.digest
        if not entry.members.keys() >= _MEMBERS or not isinstance(entry.members["commitments"], dict):
            raise chain.Broken(seq, "its bytes are no entry")
        written = (entry.members["id"], entry.kind, entry.at, entry.members["source"])
        if (str(row.pk), row.kind, chain.instant(row.at), row.source) != written:
            raise chain.Broken(seq, "its index columns do not say what its bytes say")
        for name, (salt, value) in entry.openings.items():
            if len(salt) < SALT_BYTES or entry.members["commitments"].get(name) != chain.commit(value, salt):
                raise chain.Broken(seq, f"the value kept for {name} is not the one committed to")
    if (head.head_seq, head.head_digest) != (seq, last):
        raise chain.Broken(seq + 1, f"the tail is cut: the head says {head.head_seq} entries")
    return seq
