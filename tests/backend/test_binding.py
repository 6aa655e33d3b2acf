"""A code signs the documents it was typed for, and no others (certsign-api.md: a later change voids it)."""

from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from otp import codes
from signing.backend import bare, endings
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from tests.backend.bare_orders import MACHINE, SERVICE, opened, run, sign, with_document
from tests.signing import walks


def waiting(folder: Path) -> tuple[Order, str]:
    """An order with one document whose code has gone out, and that code."""
    order = opened(otp=True)
    with_document(order, folder)
    order = bare.ask_code(order=order, actor=MACHINE, at=now())
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    return order, walks.newest_code()


def left_by_a_dead_process(order: Order, code: str) -> Order:
    """The code is judged, and the web process dies before the signature is asked for."""
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(bare, "give", lambda *_a, **_k: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            sign(order, code)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.VALIDATED, Order.Work.NONE)
    return order


def test_nothing_is_added_once_the_code_was_typed(walk: Path) -> None:
    order = left_by_a_dead_process(*waiting(walk))
    with pytest.raises(endings.WrongState):
        with_document(order, walk)
    assert order.requests.count() == 1
    order = sign(order)
    run(order)
    assert order.status == OrderStatus.CLOSED


def test_a_document_added_after_the_verdict_is_not_signed_under_it(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Whatever way it came in: the binding of the accepted code is compared under the lock that gives the work."""
    order = left_by_a_dead_process(*waiting(walk))
    with monkeypatch.context() as patched:
        patched.setattr(bare, "check_open", lambda _order: None)
        with_document(order, walk)
    with pytest.raises(codes.Gone):
        sign(order)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.VALIDATED, Order.Work.NONE)


def test_a_document_added_between_verdict_and_work_is_not_signed(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order, code = waiting(walk)
    judge = bare._judge

    def then_added(*arguments: Any) -> None:
        judge(*arguments)
        order.refresh_from_db()
        with monkeypatch.context() as patched:
            patched.setattr(bare, "check_open", lambda _order: None)
            with_document(order, walk)

    monkeypatch.setattr(bare, "_judge", then_added)
    with pytest.raises(codes.Gone):
        sign(order, code)
    order.refresh_from_db()
    assert order.work == Order.Work.NONE
    assert order.requests.count() == 2


def test_a_code_asked_for_before_the_documents_signs_them(walk: Path) -> None:
    order = bare.ask_code(order=opened(otp=True), actor=MACHINE, at=now())
    walks.work(kinds=SERVICE)
    with_document(order, walk)
    order = sign(order, walks.newest_code())
    run(order)
    assert order.status == OrderStatus.CLOSED


def test_an_order_is_held_in_the_order_in_which_a_judgement_takes_it(walk: Path) -> None:
    """First its codes, then its row: else an add and a judgement would each wait for the other (PostgreSQL)."""
    order, _code = waiting(walk)
    with CaptureQueriesContext(connection) as asked, transaction.atomic():
        endings.locked(order)
    tables = [name for each in asked for name in ("otp_guard", "backend_order") if f'FROM "{name}"' in each["sql"]]
    assert tables == ["otp_guard", "backend_order"]
