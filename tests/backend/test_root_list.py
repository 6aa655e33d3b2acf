"""The root's list, which no worker makes: a stale one keeps signatures waiting, loudly, and costs no certificate."""

import logging
import shutil
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import keys
from evidence.models import Heartbeat
from signing.backend import heartbeat, root_list
from signing.backend.states import OrderStatus
from signing.engine import crls
from tests.backend.bare_orders import opened, run, sign, with_document
from tests.evidence import pki
from tests.signing import walks

Listed = Callable[[timedelta, timedelta], None]
SERVICE = ("signing.backend.tasks.",)


@pytest.fixture
def place(walk: Path, settings: Any) -> Path:
    """Where a root's list of the test's own is."""
    pki.hold()
    shutil.copytree(settings.PKI_DIR, walk / "pki")
    settings.PKI_DIR = walk / "pki"
    return walk / "pki" / "root.crl"


@pytest.fixture
def listed(place: Path) -> Listed:
    """Puts a list there, made `ago`, that ends in `left`."""
    root = keys.open_identity("root")

    def put(ago: timedelta, left: timedelta) -> None:
        made, ends = now() - ago, now() + left
        der = crls.revocation_list(root.key, root.certificate, number=9, this_update=made, next_update=ends)
        place.write_bytes(der)

    return put


def told(log: pytest.LogCaptureFixture, level: int) -> list[str]:
    return [record.getMessage() for record in log.records if record.levelno == level]


@pytest.mark.parametrize("stale", ["over", "absent", "no list"])
def test_what_waits_for_the_roots_list_spends_no_certificate(
    walk: Path, place: Path, listed: Listed, caplog: pytest.LogCaptureFixture, stale: str
) -> None:
    """reliability.md: CRL stale: fail closed, alarm. However often it is tried, nothing is made for it."""
    kept = place.read_bytes()
    order = opened()
    with_document(order, walk)
    listed(timedelta(days=9), -timedelta(days=1))
    if stale == "absent":
        place.unlink()
    elif stale == "no list":
        place.write_bytes(b"<html>")
    order = sign(order)
    with caplog.at_level(logging.WARNING, "paraphe"):
        walks.work(kinds=SERVICE)
        run(order)
        run(order)
    assert (order.status, order.waiting_for, order.work_failures) == (OrderStatus.VALIDATED, "crl", 0)
    assert not order.certificates.exists()
    assert told(caplog, logging.WARNING).count("order waits") == 3
    place.write_bytes(kept)
    run(order)
    assert order.status == OrderStatus.CLOSED


def test_a_stale_list_of_the_root_is_an_alarm_once_and_no_health(
    listed: Listed, caplog: pytest.LogCaptureFixture
) -> None:
    assert heartbeat.beat(now()).good
    listed(timedelta(days=9), -timedelta(days=1))
    with caplog.at_level(logging.ERROR, "paraphe.keys"):
        assert not heartbeat.beat(now()).good
        assert not heartbeat.beat(now()).good
    assert told(caplog, logging.ERROR) == ["nothing can be signed"]
    assert "Racine" in Heartbeat.objects.get(name="worker").facts["error"]


@pytest.mark.parametrize(
    ("ago", "left", "days"),
    [(300, 59, [58]), (300, 61, []), (20, 9, [8]), (20, 11, []), (0, 7, [])],
    ids=["a year's, near its end", "a year's, before", "a month's, near its end", "a month's, before", "a week's, new"],
)
def test_the_end_of_the_roots_list_is_told_before_it_comes_once_a_day(
    listed: Listed, caplog: pytest.LogCaptureFixture, ago: int, left: int, days: list[int]
) -> None:
    listed(timedelta(days=ago), timedelta(days=left))
    with caplog.at_level(logging.ERROR, "paraphe.keys"):
        beats = [heartbeat.beat(now()) for _ in range(2)]
    assert all(each.good for each in beats)
    told_of = [(vars(record)["label"], vars(record)["count"]) for record in caplog.records]
    assert told_of == [("root.crl", each) for each in days]


def test_the_heartbeat_says_when_the_roots_list_ends(listed: Listed) -> None:
    listed(timedelta(days=1), timedelta(days=20))
    row = heartbeat.beat(now())
    assert row.facts["root_crl_next_update"] == root_list.watch(now()).isoformat()
