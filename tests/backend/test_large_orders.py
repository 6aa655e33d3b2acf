"""An order of many documents that are stamped slowly is signed at its first try (reliability.md, Signing job)."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from signing.backend import jobs, signatures
from signing.backend.states import OrderStatus
from tests.backend import bare_orders
from tests.evidence.stampers import Authority
from tests.signing import walks


def test_nobody_else_takes_it_while_it_may_last(
    pair: tuple[Authority, Authority], walk: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Three documents, two stamps of 20 s each at most, 2 s of our own: 126 s, where others have 80."""
    settings.TSA_SECONDS, settings.LEASE_SECONDS = 20.0, 90
    order = bare_orders.opened()
    for _ in range(3):
        bare_orders.with_document(order, walk)
    bare_orders.sign(order)
    ((rung, swept),) = zip(walks._rung, jobs.sweep(now()), strict=True)
    assert rung == swept
    assert rung.more_seconds == 46
    begun, come = now(), []
    signed = signatures._signed

    def late(*given: Any) -> Any:
        """The last document is at work when another worker looks."""
        if given[-1] == 3:
            at = begun + timedelta(seconds=90 + 45)
            come.extend([jobs.sweep(at), jobs.sign(str(order.pk), owner="other", clock=lambda: at)])
        return signed(*given)

    monkeypatch.setattr(signatures, "_signed", late)
    walks.work(kinds=bare_orders.SERVICE)
    order.refresh_from_db()
    assert come == [[], []]
    assert (order.status, order.attempt) == (OrderStatus.CLOSED, 1)
    assert order.certificates.count() == 1


def test_the_order_itself_is_held_as_long(walk: Path, settings: Any) -> None:
    """Whoever is rung once too often finds it held, too."""
    settings.TSA_URLS, settings.TSA_SECONDS, settings.LEASE_SECONDS = ["http://127.0.0.1:1/"], 50, 90
    order = bare_orders.opened()
    bare_orders.with_document(order, walk)
    order = bare_orders.sign(order)
    at = now()
    assert order.claim(owner="w", at=at)
    assert order.lease_until == at + timedelta(seconds=90 + 22)
