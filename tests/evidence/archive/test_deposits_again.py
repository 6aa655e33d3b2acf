"""Deposits that fail: an archive that is away or refuses, a worker that ends, a fault of ours."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.conf import settings as configured
from django.utils import timezone

from evidence.archive import adapters, checks, deposits
from evidence.archive.package import Package, Receipt, Refused, Unavailable
from evidence.archive.vault import Vault
from evidence.models import Deposit
from tests.evidence import trails
from tests.evidence.archive.depositing import Away, deposit, sealed

pytestmark = pytest.mark.django_db


def test_an_archive_that_is_away_for_a_day_is_asked_again_and_gets_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Issue, part 7: back-off over a day of outage; each attempt an entry, the waits grow up to an hour."""
    walk = trails.refused()
    row = sealed(walk)
    away = Away()
    monkeypatch.setattr(adapters, "archives", lambda: [away])
    at, end = timezone.now(), timezone.now() + timedelta(hours=24)
    waits = []
    while at < end:
        away.answers = [Unavailable("HTTP 503")]
        row = deposit(row, at=at)
        waits.append(row.due_at - at)
        at = row.due_at
    Deposit.objects.filter(pk=row.pk).update(due_at=timezone.now())  # the revocation lists here are today's
    row = deposit(row)
    assert row.state == Deposit.State.KEPT
    assert waits == sorted(waits)
    assert waits[-1] == timedelta(hours=1)
    failed = [each for each in walk.read() if each.kind == "archive.failed"]
    assert len(failed) == len(waits) < 50
    assert len(failed) == len(waits) < 50
    assert away.depths == [away.depths[0]] * len(away.depths)


def test_an_archive_that_refuses_is_not_asked_again(monkeypatch: pytest.MonkeyPatch) -> None:
    walk = trails.refused()
    row = sealed(walk)
    monkeypatch.setattr(adapters, "archives", lambda: [Away(Refused("other contents"))])
    assert deposit(row).state == Deposit.State.REFUSED
    assert walk.read()[-1].data["final"] is True
    assert deposits.sweep(timezone.now() + timedelta(days=2)) == []


def test_a_lost_claim_changes_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md: fenced by owner and attempt."""
    walk = trails.refused()
    row = sealed(walk)

    class Stolen(Away):
        def deposit(self, package: Package, *, at: datetime) -> Receipt:
            Deposit.objects.filter(pk=row.pk).update(owner="thief", attempt=7)
            return super().deposit(package, at=at)

    monkeypatch.setattr(adapters, "archives", lambda: [Stolen()])
    before = len(walk.read())
    assert deposit(row).state == Deposit.State.QUEUED
    assert len(walk.read()) == before


def test_a_worker_that_died_leaves_a_deposit_that_another_ends() -> None:
    row = sealed(trails.refused())
    over = timezone.now() - timedelta(seconds=1)
    Deposit.objects.filter(pk=row.pk).update(owner="dead", attempt=1, lease_until=over)
    assert deposit(row).state == Deposit.State.KEPT


def test_a_deposit_that_ends_its_worker_each_time_comes_ever_later(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    class Killed(BaseException):
        """The process is gone: nothing of it is written any more."""

    row = sealed(trails.refused())
    monkeypatch.setattr(adapters, "named", lambda _name: Away(*[Killed()] * 16))
    at, gaps = timezone.now(), []
    for _ in range(16):
        with pytest.raises(Killed):
            deposit(row, at=at)
        row.refresh_from_db()
        gaps.append(max(row.due_at, row.lease_until or at) - at)
        at += gaps[-1]
    assert gaps == sorted(gaps)
    assert gaps[-1] == deposits.LONGEST_WAIT
    assert [each.getMessage() for each in caplog.records].count("deposit ended with its worker") == 15


def test_a_fault_of_ours_is_told_and_leaves_the_row_to_be_tried_again(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    row = sealed(trails.refused())
    monkeypatch.setattr(adapters, "named", lambda _name: Away(ZeroDivisionError()))
    at = timezone.now()
    row = deposit(row, at=at)
    assert (row.state, row.reason, row.owner) == (Deposit.State.QUEUED, "ZeroDivisionError", "")
    assert row.due_at > at
    assert [each.getMessage() for each in caplog.records] == ["deposit failed"]


def test_a_package_whose_check_fails_keeps_none_of_the_others_from_theirs(
    caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    first, second = (deposit(sealed(trails.refused())) for _ in range(2))
    check = Vault.check

    def failing(vault: Vault, section: str, archive_id: str, *, at: datetime) -> Any:
        if archive_id == first.archive_id:
            raise ZeroDivisionError
        return check(vault, section, archive_id, at=at)

    monkeypatch.setattr(Vault, "check", failing)
    later = timezone.now() + timedelta(days=configured.ARCHIVE_CHECK_DAYS + 1)
    checks.check(later)
    second.refresh_from_db()
    assert second.checked_at == later
    assert [each.getMessage() for each in caplog.records] == ["row not swept"]
