"""External authorities that are all gone: who knows it, what it costs, how it ends."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import authorities, outages
from evidence.models import Heartbeat
from signing.backend import heartbeat
from signing.backend.states import OrderStatus
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.evidence import stampers
from tests.evidence.stampers import Authority
from tests.signing import walks


def awhile_ago() -> None:
    """The authorities were asked whether one answers again, and longer ago than asking both may take."""
    Heartbeat.objects.filter(name=outages.ASKED).update(at=now() - timedelta(hours=1))


def test_an_outage_spends_one_certificate_however_long(pair: tuple[Authority, Authority], walk: Path) -> None:
    """The lists are at hand for an hour: they do not say that anybody stamps."""
    assert bare_orders.ordered(walk).status == OrderStatus.CLOSED
    for each in pair:
        each.answer = stampers.failing
    order = bare_orders.ordered(walk)
    for _ in range(3):
        bare_orders.run(order)
        assert (order.status, order.waiting_for) == (OrderStatus.VALIDATED, "tsa")
    assert bare_orders.given_up(order) == ["ABANDONED"]
    pair[1].answer = stampers.granted
    awhile_ago()
    bare_orders.run(order)
    assert order.status == OrderStatus.CLOSED


def test_an_outage_is_known_to_every_process(
    pair: tuple[Authority, Authority], walk: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else health is red or green by which process writes it, each spends a certificate, and each beat asks."""
    settings.TSA_SECONDS = 600  # nobody comes to ask a second time by being slow
    urls, roots = [each.url for each in pair], authorities.roots()
    processes = [authorities.ExternalTimeStamper(urls, roots=roots, seconds=1.0, clock=now) for _ in range(2)]
    at_work = processes[0]
    monkeypatch.setattr(authorities, "configured", lambda: at_work)
    for process in processes:
        assert process.lists()
    for each in pair:
        each.answer = stampers.failing
    order = bare_orders.ordered(walk)
    assert bare_orders.given_up(order) == ["ABANDONED"]
    for process in (processes[1], *processes):
        at_work = process
        beat = heartbeat.beat(now())
        assert (beat.good, beat.facts["error"].count("HTTP 503")) == (False, 2)
    asked = [each.asked for each in pair]
    bare_orders.run(order)
    assert (order.waiting_for, bare_orders.given_up(order)) == ("tsa", ["ABANDONED"])
    assert [each.asked for each in pair] == asked
    pair[1].answer = stampers.granted
    awhile_ago()
    assert heartbeat.beat(now()).good
    at_work = processes[0]
    assert heartbeat.beat(now()).good
    bare_orders.run(order)
    assert order.status == OrderStatus.CLOSED


def test_a_dossier_that_finds_nobody_tells_it_too(pair: tuple[Authority, Authority], walk: Path) -> None:
    order = bare_orders.opened()
    bare_orders.with_document(order, walk)
    bare_orders.sign(order)
    walks.work(kinds=bare_orders.SERVICE)
    for each in pair:
        each.answer = stampers.failing
    walks.work(kinds=ALL)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    assert not Heartbeat.objects.get(name=outages.NAME).good
    assert not heartbeat.beat(now()).good


def test_without_any_it_waits_and_goes_on_by_itself(pair: tuple[Authority, Authority], walk: Path) -> None:
    """reliability.md: next authority, else SIGNING waits; no certificate is spent on what can be seen to be missing."""
    for each in pair:
        each.answer = stampers.failing
    order = bare_orders.ordered(walk)
    assert (order.status, order.waiting_for) == (OrderStatus.VALIDATED, "tsa")
    assert not order.certificates.exists()
    assert not heartbeat.beat(now()).good
    pair[1].answer = stampers.granted
    awhile_ago()
    assert heartbeat.beat(now()).good
    bare_orders.run(order)
    assert order.status == OrderStatus.CLOSED
