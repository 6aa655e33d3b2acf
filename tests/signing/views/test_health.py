from datetime import timedelta
from pathlib import Path

import pytest
from django.db import OperationalError as DatabaseGone
from django.utils.timezone import now
from kombu.exceptions import OperationalError

from evidence.keys import KeyUnavailable
from evidence.models import Heartbeat
from signing.backend import heartbeat
from tests.signing import walks
from tests.signing.views.browser import Browser


def test_live_answers_without_anything(walk: Path) -> None:
    assert Browser().get("/health/live").json() == {"live": True}


def test_ready_when_everything_is_good(walk: Path) -> None:
    """Issue, Interfaces: database, broker, disk and the worker's heartbeat (keys, CRL age, clock)."""
    walks.pki.hold()
    heartbeat.beat(now())
    response = Browser().get("/health/ready")
    assert response.status_code == 200
    assert response.json() == {"database": True, "broker": True, "disk": True, "worker": True}


def test_not_ready_without_a_fresh_heartbeat(walk: Path) -> None:
    assert Browser().get("/health/ready").json()["worker"] is False
    walks.pki.hold()
    assert heartbeat.beat(now()).good
    Heartbeat.objects.filter(name="worker").update(at=now() - timedelta(seconds=61))
    response = Browser().get("/health/ready")
    assert response.status_code == 503
    assert response.json()["worker"] is False


def test_a_missing_key_is_told_by_the_worker(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md: CA key missing: fail closed, alarm."""

    def missing(name: str) -> None:
        raise KeyUnavailable(name)

    monkeypatch.setattr("signing.backend.heartbeat.keys.open_identity", missing)
    assert heartbeat.beat(now()).good is False
    assert Browser().get("/health/ready").status_code == 503
    assert Heartbeat.objects.get(name="worker").facts["error"] == "issuing"


def test_a_broker_or_disk_that_fails_is_told(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def down(*_arguments: object, **_keywords: object) -> None:
        raise OperationalError

    def full(*_arguments: object, **_keywords: object) -> None:
        raise OSError(28, "No space left on device")

    monkeypatch.setattr("signing.views.health.current_app.connection_for_write", down)
    monkeypatch.setattr("signing.views.health.tempfile.TemporaryFile", full)
    told = Browser().get("/health/ready").json()
    assert (told["broker"], told["disk"]) == (False, False)


def test_a_database_that_is_gone_is_told(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, faults: database down: health red, and that in an answer, not in an error."""

    def gone(*_arguments: object, **_keywords: object) -> None:
        raise DatabaseGone

    monkeypatch.setattr("signing.views.health.Heartbeat.objects.update_or_create", gone)
    monkeypatch.setattr("signing.views.health.Heartbeat.objects.filter", gone)
    response = Browser().get("/health/ready")
    assert response.status_code == 503
    assert (response.json()["database"], response.json()["worker"]) == (False, False)
