"""What the service's sweeper does order by order: one that cannot be ended keeps no other from its end."""

from pathlib import Path
from typing import Any

import pytest
from celery.exceptions import SoftTimeLimitExceeded
from django.db import OperationalError
from django.utils.timezone import now

from signing.backend import endings, jobs
from signing.backend.models import Order
from signing.backend.outbox import Callback
from signing.backend.states import OrderStatus
from tests.backend.bare_orders import opened
from tests.signing import walks


@pytest.fixture
def orders(walk: Path) -> list[Order]:
    """Three orders past their day."""
    found = [opened() for _ in range(3)]
    Order.objects.update(expires_at=now())
    return found


def raises_for(poison: Order, error: type[Exception], monkeypatch: pytest.MonkeyPatch) -> None:
    close = endings.close

    def closing(order: Order, **named: Any) -> Any:
        if order.pk == poison.pk:
            raise error
        return close(order, **named)

    monkeypatch.setattr(endings, "close", closing)


def status(order: Order) -> str:
    return Order.objects.get(pk=order.pk).status


def test_an_order_whose_ending_raises_is_told_and_the_others_end(
    orders: list[Order], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """Whatever comes first in the batch: nothing of it is changed, and what else is due is rung for."""
    poison, *others = orders
    raises_for(poison, ValueError, monkeypatch)
    waiting = Callback.objects.create(order=others[0], url="https://x.fr/", due_at=now(), created_at=now())
    assert [each.ids for each in jobs.sweep(now())] == [{"callback_id": str(waiting.pk)}]
    assert {status(each) for each in others} == {OrderStatus.DISCARDED}
    assert status(poison) == OrderStatus.CREATED
    assert [entry.kind for entry in walks.trail.entries(poison.trail)][-1] == "signer.declared"
    (told,) = (each for each in caplog.records if each.levelname == "ERROR")
    assert (told.__dict__["job"], told.__dict__["row"]) == ("expire order", str(poison.pk))
    monkeypatch.undo()
    jobs.sweep(now())
    assert status(poison) == OrderStatus.DISCARDED


@pytest.mark.parametrize("error", [OperationalError, SoftTimeLimitExceeded])
def test_a_database_that_does_not_answer_and_a_time_limit_are_no_orders_fault(
    error: type[Exception], orders: list[Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    raises_for(orders[0], error, monkeypatch)
    with pytest.raises(error):
        jobs.sweep(now())
