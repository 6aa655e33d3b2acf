"""Calls that wait for a worker leave the process threads, and do not wait for one that is gone."""

import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.utils.timezone import now

from config import threads
from evidence.models import Heartbeat
from signing.backend.api import waiting
from signing.clients.models import Client
from tests.signing import walks

pytestmark = pytest.mark.django_db
LONG = 60.0


@pytest.fixture(autouse=True)
def _pulse(monkeypatch: pytest.MonkeyPatch) -> None:
    walks.a_client()
    monkeypatch.setattr(waiting, "SILENT_SECONDS", 0.05)


def waited(seconds: float) -> float:
    """How long a call waits for what is never done."""
    began = time.monotonic()
    waiting.while_any(Client.objects.all(), seconds=seconds)
    return time.monotonic() - began


def heard(ago: float) -> None:
    Heartbeat.objects.create(name="worker", at=now() - timedelta(seconds=ago), good=True)


def test_one_more_than_may_wait_is_answered_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    places = threading.BoundedSemaphore(1)
    monkeypatch.setattr(waiting, "_places", places)
    with places:
        assert waited(LONG) < LONG / 4
    assert waited(0.2) >= 0.2
    assert places.acquire(blocking=False)  # whoever waited has given its place back


def test_threads_are_left_when_all_wait_that_may() -> None:
    assert 0 < settings.SYNC_AT_ONCE < threads.SERVICE


def test_nobody_waits_for_workers_that_are_gone() -> None:
    heard(ago=120)
    assert waited(LONG) < LONG / 4


@pytest.mark.parametrize("ago", [5, None])
def test_a_worker_that_is_there_or_has_yet_to_come_is_waited_for(ago: float | None) -> None:
    if ago is not None:
        heard(ago)
    assert waited(0.2) >= 0.2
