"""Envelopes whose dossier lies in the vault, and what a worker does of an elimination that was asked for."""

from pathlib import Path
from typing import Any

from django.utils.timezone import now

from evidence import tasks
from evidence.archive import deposits
from evidence.models import Deposit, Elimination
from signing.models import Envelope
from tests.evidence import pki
from tests.signing import walks

EVERYTHING = ("signing.tasks.", "evidence.tasks.")


def deposited(walk: Path, settings: Any) -> walks.Created:
    """A signed envelope, its dossier in the vault."""
    pki.hold()
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    created = walks.an_envelope(walk)
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    for row in Deposit.objects.filter(state=Deposit.State.QUEUED):
        deposits.deposit(str(row.pk), owner="w", clock=now)
    return created


def done(envelope: Envelope) -> Elimination:
    """The elimination of an envelope, carried out."""
    row = Elimination.objects.get(trail=envelope.trail)
    tasks.eliminate(elimination_id=str(row.pk))
    row.refresh_from_db()
    assert row.state == Elimination.State.DONE
    return row
