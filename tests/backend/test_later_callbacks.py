"""A call-back that a second SIGN asks for (certsign-api.md, mode=ASYNC): whoever asks is told."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import chain
from signing.backend import posting, signatures
from signing.backend.api import callbacks
from signing.backend.models import Callback, Order
from signing.clients.models import Client
from tests.backend.bare_orders import SERVICE, opened, run, sign, with_document
from tests.signing import walks

URL = "https://rappels.exemple.fr/fini"


@pytest.fixture
def order(walk: Path) -> Order:
    """An order that is being signed, for a call that named no call-back."""
    made = opened()
    with_document(made, walk)
    return sign(made)


def rung() -> list[str]:
    return [each.ids["callback_id"] for each in walks._rung if each.task == "signing.backend.api.tasks.call_back"]


def test_one_asked_for_while_it_is_signed_is_told_at_the_end(order: Order) -> None:
    sign(order, callback_url=URL)
    assert not Callback.objects.exists()
    run(order)
    assert Callback.objects.get().url == URL


def test_one_asked_for_while_a_worker_has_it_is_told_too(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """The worker read the row before."""
    signed = signatures.sign_order

    def meanwhile(*arguments: Any, **named: Any) -> None:
        sign(Order.objects.get(pk=order.pk), callback_url=URL)
        signed(*arguments, **named)

    monkeypatch.setattr(signatures, "sign_order", meanwhile)
    run(order)
    assert Callback.objects.get().url == URL


def test_one_asked_for_afterwards_is_told_at_once(order: Order) -> None:
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    sign(order, callback_url=URL)
    row = Callback.objects.get()
    assert (row.url, rung()) == (URL, [str(row.pk)])


def test_the_first_one_named_stays(order: Order) -> None:
    sign(order, callback_url=URL)
    sign(order, callback_url="https://rappels.exemple.fr/autre")
    run(order)
    sign(order, callback_url="https://rappels.exemple.fr/autre")
    assert Callback.objects.get().url == URL


def test_each_try_is_an_entry(order: Order, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, Rules, 4."""
    Client.objects.update(callback_hosts="rappels.exemple.fr")
    sign(order, callback_url=URL)
    run(order)
    row = Callback.objects.get()

    def in_vain(*_arguments: Any, **_named: Any) -> int:
        raise posting.NotTaken("HTTP 500")

    monkeypatch.setattr(posting, "post", in_vain)
    callbacks.call_back(str(row.pk), at=now())
    row.refresh_from_db()
    callbacks.call_back(str(row.pk), at=row.due_at - timedelta(seconds=1))  # not due: no try
    monkeypatch.setattr(posting, "post", lambda *_arguments, **_named: 204)
    callbacks.call_back(str(row.pk), at=row.due_at)
    told = [
        chain.members(bytes(each.canonical))["data"]
        for each in order.trail.entries.filter(kind__startswith="callback.").order_by("seq")
    ]
    every = {"callback": str(row.uid), "host": "rappels.exemple.fr"}
    assert told == [
        {**every, "attempt": 1, "answer": "HTTP 500", "retried": True},
        {**every, "attempt": 2, "answer": "HTTP 204"},
    ]
