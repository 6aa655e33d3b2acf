"""Dossiers that cannot be sealed now: tried again, waited for, quarantined, and nothing of a person in the log."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils import timezone

from config.logs import JsonFormatter
from evidence import jobs, keys
from evidence.models import Dossier
from tests.evidence import trails
from tests.evidence.dossiers import queued, seal

pytestmark = pytest.mark.django_db


def test_a_failure_waits_longer_each_time_and_is_then_quarantined(monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, poison document: five attempts, quarantined, others go on."""
    row = queued(trails.refused())
    monkeypatch.setattr(jobs, "build", _fail(RuntimeError("Camille Martin")))
    waits = []

    for _ in range(settings.MAX_ATTEMPTS):
        before = timezone.now()
        seal(row)
        waits.append(row.due_at - before)
        Dossier.objects.filter(pk=row.pk).update(due_at=before)

    assert row.state == Dossier.State.QUARANTINED
    assert row.attempt == settings.MAX_ATTEMPTS
    assert waits[:-1] == sorted(waits[:-1])


def test_a_row_whose_workers_die_is_quarantined_too() -> None:
    over = timezone.now() - timedelta(seconds=1)

    row = seal(queued(trails.refused(), owner="dead", attempt=settings.MAX_ATTEMPTS, lease_until=over))

    assert row.state == Dossier.State.QUARANTINED


def test_what_it_is_sealed_with_is_waited_for_without_counting(monkeypatch: pytest.MonkeyPatch) -> None:
    """DESIGN: nothing degrades in silence; no fresh list, no key: it waits, with an alarm."""
    monkeypatch.setattr(jobs, "build", _fail(keys.KeyUnavailable("no key")))
    row = queued(trails.refused())

    for _ in range(settings.MAX_ATTEMPTS + 2):
        seal(row)
        Dossier.objects.filter(pk=row.pk).update(due_at=timezone.now())

    assert row.state == Dossier.State.QUEUED
    assert (row.attempt, row.owner, row.lease_until) == (0, "", None)


def test_a_stale_list_is_waited_for(tmp_path: Path, settings: Any) -> None:
    """evidence.md: refuse to sign with a stale list."""
    row = queued(trails.refused())
    for each in Path(settings.PKI_DIR).iterdir():
        (tmp_path / each.name).write_bytes(each.read_bytes())
    (tmp_path / "issuing.crl").write_bytes((tmp_path / "root.crl").read_bytes())
    settings.PKI_DIR = tmp_path

    seal(row)

    assert (row.state, row.attempt) == (Dossier.State.QUEUED, 0)
    assert row.due_at > timezone.now() - timedelta(seconds=1)


def test_a_failure_is_logged_without_its_words(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """reliability.md, secrets and people in logs."""
    monkeypatch.setattr(jobs, "build", _fail(RuntimeError("Camille Martin")))

    seal(queued(trails.refused()))

    said = "".join(JsonFormatter().format(record) for record in caplog.records)
    assert "dossier failed" in said
    assert "Camille" not in said


def _fail(error: Exception) -> Callable[..., jobs.Built]:
    def fail(*_: Any) -> jobs.Built:
        raise error

    return fail
