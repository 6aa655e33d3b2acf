"""Asking for many dossiers at once."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.contrib.auth.models import User
from django.db import transaction

from evidence import bell
from evidence.bell import Next
from evidence.trail import Actor
from signing.models import Bundle, Envelope

LONGEST = 500
KEPT = timedelta(days=1)


class TooMany(Exception):
    """More envelopes than one ZIP takes."""


def request_bundle(*, envelopes: Sequence[Envelope], user: User, actor: Actor, at: datetime) -> Bundle:
    """Have a worker put the sealed dossiers of these envelopes together. Raises `TooMany`; gives the row to look at."""
    if len(envelopes) > LONGEST:
        raise TooMany
    with transaction.atomic():
        bundle = Bundle.objects.create(
            user=user, role=actor.role, total=len(envelopes), requested_at=at, due_at=at, expires_at=at + KEPT
        )
        bundle.envelopes.set(envelopes)
        bell.ring(Next("signing.tasks.bundle", {"bundle_id": str(bundle.public_id)}))
    return bundle
