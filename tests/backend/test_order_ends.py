"""Orders that end while nobody signs them: past their day, discarded, and what a worker then finds."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from signing.backend import bare, endings, jobs
from signing.backend.models import Order, SignatureRequest
from signing.backend.states import OrderStatus, RequestStatus
from tests.backend.bare_orders import MACHINE, SERVICE, kinds, opened, sign, with_document
from tests.signing import walks


def test_an_order_past_its_day_is_discarded(walk: Path) -> None:
    order = opened()
    with_document(order, walk)
    assert order.expires_at is not None
    jobs.sweep(order.expires_at)
    order.refresh_from_db()
    assert (order.status, order.requests.get().status) == (OrderStatus.DISCARDED, RequestStatus.DISCARDED)
    assert kinds(order)[-1] == "envelope.closed"
    with pytest.raises(endings.WrongState):
        bare.ask_code(order=order, actor=MACHINE, at=now())


def test_past_its_day_an_order_is_over_before_a_sweeper_says_so(walk: Path) -> None:
    order = opened()
    with_document(order, walk)
    late = order.expires_at or now()
    for call in (
        lambda: bare.sign(order=order, code=None, try_id="t", actor=MACHINE, at=late),
        lambda: bare.ask_code(order=order, actor=MACHINE, at=late),
        lambda: bare.check_open(order, late),
    ):
        with pytest.raises(endings.WrongState):
            call()


def test_a_worker_that_comes_after_the_end_says_nothing_of_a_failure(
    walk: Path, caplog: pytest.LogCaptureFixture, monkeypatch: pytest.MonkeyPatch
) -> None:
    order = opened()
    request = with_document(order, walk)
    sign(order)
    taken = jobs._taken

    def meanwhile(*arguments: Any) -> Order | None:
        found = taken(*arguments)
        bare.refuse(request=SignatureRequest.objects.get(pk=request.pk), actor=MACHINE, at=now())
        return found

    monkeypatch.setattr(jobs, "_taken", meanwhile)
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert (order.status, order.requests.get().status) == (OrderStatus.DISCARDED, RequestStatus.REFUSED)
    assert not [each for each in caplog.records if each.levelname == "ERROR"]


def test_a_refusal_that_is_told_again_changes_nothing(walk: Path) -> None:
    """Who lost the answer tells it again, of the same document or of another of the order; no other end is one."""
    order, signed = opened(), opened()
    first, second = with_document(order, walk), with_document(order, walk)
    for request in (first, first, second):
        bare.refuse(request=SignatureRequest.objects.get(pk=request.pk), actor=MACHINE, at=now())
    assert kinds(order).count("refusal.told") == kinds(order).count("envelope.closed") == 1
    done = with_document(signed, walk)
    sign(signed)
    walks.work(kinds=SERVICE)
    with pytest.raises(endings.WrongState):
        bare.refuse(request=SignatureRequest.objects.get(pk=done.pk), actor=MACHINE, at=now())
