"""Packages on their way to an archive: a dossier that was sealed, a deposit, an archive that answers as wanted."""

from datetime import datetime

from django.db import connection
from django.utils import timezone

from evidence import jobs
from evidence.archive import deposits
from evidence.archive.package import Package, Receipt
from evidence.archive.vault import Vault
from evidence.models import Deposit, Dossier
from tests.evidence.trails import Walk


def sealed(walk: Walk) -> Deposit:
    at = timezone.now()
    row = Dossier.objects.create(trail=walk.trail, subject=walk.signer, requested_at=at, due_at=at)
    jobs.seal_dossier(str(row.pk), owner="w", clock=timezone.now)
    return Deposit.objects.get(subject=str(row.pk))


def deposit(row: Deposit, *, at: datetime | None = None) -> Deposit:
    deposits.deposit(str(row.pk), owner="w", clock=lambda: at or timezone.now())
    row.refresh_from_db()
    return row


class Away:
    """An archive that answers as a test wants."""

    name = "vault"

    def __init__(self, *answers: BaseException) -> None:
        self.answers = list(answers)
        self.depths: list[int] = []

    def deposit(self, package: Package, *, at: datetime) -> Receipt:
        self.depths.append(len(connection.savepoint_ids))
        if self.answers:
            raise self.answers.pop(0)
        return Vault().deposit(package, at=at)
