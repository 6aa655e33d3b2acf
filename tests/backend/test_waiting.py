"""Calls that wait for a worker leave the process threads, and do not wait for one that is gone."""

import threading
import time
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import connection
from django.utils.timezone import now

from config import threads
from evidence.models import Heartbeat
from signing.backend.api import places, waiting
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


def test_who_waits_leaves_its_place_at_work_to_another() -> None:
    """A process works at so many calls: those that wait for a worker are not among them."""
    inner = threading.Semaphore(0)

    def other() -> None:
        with places.at_work():
            inner.release()

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(places, "_working", threading.BoundedSemaphore(1))
        with places.at_work():
            beside = threading.Thread(target=other)
            beside.start()
            assert not inner.acquire(timeout=0.1)
            with places.aside():
                assert inner.acquire(timeout=LONG)
            beside.join()
            assert not places._working.acquire(blocking=False)  # it has its place again
        assert places._working.acquire(blocking=False)


def test_a_call_that_waits_stands_aside(monkeypatch: pytest.MonkeyPatch) -> None:
    free: list[bool] = []
    monkeypatch.setattr(places, "_working", threading.BoundedSemaphore(1))

    def looked(*_given: object) -> None:
        free.append(places._working.acquire(blocking=False))
        places._working.release()

    monkeypatch.setattr(waiting, "_look", looked)
    with places.at_work():
        waited(LONG)
    assert free == [True]


def test_who_stands_further_back_gives_its_connection_away(monkeypatch: pytest.MonkeyPatch) -> None:
    """The database has room for so many: the four next to their turn look often, the others twice a second."""
    closed: list[bool] = []
    slept: list[float] = []
    monkeypatch.setattr(waiting, "_near", threading.BoundedSemaphore(1))
    monkeypatch.setattr(connection, "close", lambda: closed.append(True))
    monkeypatch.setattr(time, "sleep", slept.append)
    deadline = time.monotonic() + LONG
    waiting._pause(deadline, near=False)
    waiting._pause(deadline, near=True)
    assert (len(closed), slept) == (1, [waiting.FAR_SECONDS, waiting.LOOK_SECONDS])
    waiting._pause(time.monotonic() - 1, near=True)
    assert slept[-1] == 0.0


def test_the_turn_to_look_often_is_given_back() -> None:
    assert waited(0.1) >= 0.1
    assert all(waiting._near.acquire(blocking=False) for _ in range(waiting.NEAR))
    for _ in range(waiting.NEAR):
        waiting._near.release()
