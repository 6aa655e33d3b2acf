"""reliability.md, "broker down, frozen": what rings comes back in less than two seconds and never raises."""

import json
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from celery import Celery
from pytest_django import DjangoCaptureOnCommitCallbacks

from config.stores import broker_options
from evidence import bell
from tests.servers import Redis, running

ANSWER_SECONDS = 2.0


@pytest.fixture
def redis(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> Iterator[Redis]:
    """A Redis of the test's own, and the bell hung up there."""
    with running(Redis) as server, Celery(set_as_current=False) as app:
        monkeypatch.delenv("CELERY_BROKER_URL", raising=False)  # Celery would heed it above any setting
        options = broker_options(server.url(), folder=tmp_path)
        app.conf.update(broker_url=server.url(), broker_transport_options=options, broker_connection_timeout=1)
        monkeypatch.setattr(bell, "current_app", app)
        monkeypatch.setattr(bell, "unheard", bell.Unheard())
        yield server


def rung(capture: DjangoCaptureOnCommitCallbacks, times: int = 1) -> float:
    """Ring in a transaction that commits; gives the seconds it took."""
    started = time.monotonic()
    with capture(execute=True):
        bell.ring(*[bell.Next("signing.tasks.sign", {"order": "1"})] * times)
    return time.monotonic() - started


@pytest.mark.django_db
def test_a_ring_reaches_redis(redis: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks) -> None:
    rung(django_capture_on_commit_callbacks)

    assert bell.unheard.count == 0
    assert redis.client().llen("celery") == 1


@pytest.mark.django_db
def test_what_may_last_longer_says_so_to_its_worker(
    redis: Redis, django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks, settings: Any
) -> None:
    """Beyond the limits of any task; what asks for nothing has them as they stand where it runs."""
    with django_capture_on_commit_callbacks(execute=True):
        bell.ring(bell.Next("signing.tasks.sign", {"signer_id": "1"}, more_seconds=30))
        bell.ring(bell.Next("signing.tasks.sign", {"signer_id": "2"}))

    sent = [json.loads(each)["headers"]["timelimit"] for each in redis.client().lrange("celery", 0, -1)]
    longer = [settings.CELERY_TASK_TIME_LIMIT + 30, settings.CELERY_TASK_SOFT_TIME_LIMIT + 30]
    assert sent == [[None, None], longer]


@pytest.mark.django_db
@pytest.mark.parametrize("fault", ["freeze", "stop"])
@pytest.mark.parametrize("connected", [True, False])
def test_a_broker_that_is_frozen_or_gone_costs_little_and_is_counted(
    redis: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    fault: str,
    connected: bool,  # noqa: FBT001 - a parameter of the test
) -> None:
    """Five rings of one request, whether the process had rung before or not: one timeout, five counted."""
    if connected:
        rung(django_capture_on_commit_callbacks)
    getattr(redis, fault)()

    assert rung(django_capture_on_commit_callbacks, 5) < ANSWER_SECONDS
    assert bell.unheard.count == 5


@pytest.mark.django_db
def test_a_broker_that_is_back_is_rung_again(
    redis: Redis,
    django_capture_on_commit_callbacks: DjangoCaptureOnCommitCallbacks,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    redis.stop()
    rung(django_capture_on_commit_callbacks)
    redis.start()
    monkeypatch.setattr(bell.unheard, "quiet_until", time.monotonic())

    rung(django_capture_on_commit_callbacks)

    assert bell.unheard.count == 1
    assert redis.client().llen("celery") == 1
