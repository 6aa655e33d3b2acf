"""Trails with entries of one kind, for those who only count, chain and log them."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

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
