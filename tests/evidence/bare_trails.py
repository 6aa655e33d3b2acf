"""Trails with entries of one kind, for those who only count, chain and log them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.db.models import QuerySet

from evidence import events, trail
from evidence.models import Entry, Trail

AT = datetime(2026, 11, 23, 14, 29, 3, 123987, tzinfo=UTC)


def a_trail(reference: str = "EXS-2026-000001") -> Trail:
    return trail.open_trail(tenant="1", reference=reference, at=AT)


def append(row: Trail, number: int = 1, **actor: object) -> Entry:
    event = events.LinkSent(
        signer="s", channel="email", message_id="<m>", n=number, recipient="camille@exemple.fr", answer="250 OK"
    )
    with transaction.atomic():
        return trail.append(row, event, actor=trail.Actor(role="system", **actor), at=AT + timedelta(seconds=number))  # type: ignore[arg-type]  # keywords of a test


def three(count: int = 3) -> list[Trail]:
    rows = [
        trail.open_trail(tenant="1", reference=f"EXS-2026-{n:06d}", at=AT + timedelta(seconds=n)) for n in range(count)
    ]
    for row in rows:
        for number in (1, 2, 3):
            append(row, number, terminal=trail.Terminal("192.0.2.7", "50000", "Firefox"))
    return rows


def of(entry: Entry) -> QuerySet[Entry]:
    return Entry.objects.filter(pk=entry.pk)
