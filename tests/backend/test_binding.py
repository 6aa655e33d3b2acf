"""A code signs the documents it was typed for, and no others (certsign-api.md: a later change voids it)."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext
from django.utils.timezone import now

from evidence import trail
from otp import codes, messages
from otp.delivery import Mail, Sms
from otp.models import Code, Message
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
        patched.setattr(bare, "check_open", lambda *_arguments: None)
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
            patched.setattr(bare, "check_open", lambda *_arguments: None)
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
    assert list(dict.fromkeys(tables)) == ["otp_guard", "backend_order"]


@pytest.mark.parametrize("sending", [False, True], ids=["before a worker has it", "while it is sent"])
def test_a_code_asked_for_before_the_documents_is_tied_by_the_first_one_however_early(
    walk: Path, monkeypatch: pytest.MonkeyPatch, *, sending: bool
) -> None:
    """certsign-api.md: a later change voids it."""
    order = bare.ask_code(order=opened(otp=True), actor=MACHINE, at=now())
    handed_over = messages.attempt

    def meanwhile(message: Callable[[], Mail | Sms]) -> messages.Outcome:
        with_document(Order.objects.get(pk=order.pk), walk)
        return handed_over(message)

    if sending:
        monkeypatch.setattr(messages, "attempt", meanwhile)
    else:
        with_document(order, walk)
    walks.work(kinds=SERVICE)
    monkeypatch.undo()
    order.refresh_from_db()
    code = walks.newest_code()
    with_document(order, walk)
    with pytest.raises(codes.Gone):
        sign(order, code)


def test_a_code_is_tied_to_what_was_added_after_its_worker_had_taken_the_order(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Else it would be dead on arrival."""
    order = bare.ask_code(order=opened(otp=True), actor=MACHINE, at=now())
    left = messages.left_in_hand

    def meanwhile(**named: Any) -> Any:
        with_document(Order.objects.get(pk=order.pk), walk)
        return left(**named)

    monkeypatch.setattr(messages, "left_in_hand", meanwhile)
    walks.work(kinds=SERVICE)
    monkeypatch.undo()
    order.refresh_from_db()
    order = sign(order, walks.newest_code())
    run(order)
    assert order.status == OrderStatus.CLOSED


def test_a_code_that_is_on_its_way_is_not_asked_for_twice(walk: Path) -> None:
    """certsign-api.md, validate: again is a resend; a client that lost the first answer is no error."""
    order = opened(otp=True)
    for _ in range(3):
        order = bare.ask_code(order=order, actor=MACHINE, at=now())
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert order.status == OrderStatus.VALIDATION_WAITING
    assert len(list((walk / "mailbox").iterdir())) == 1


def test_a_second_code_that_arrives_when_the_first_has_signed_is_told_all_the_same(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    order, code = waiting(walk)
    order = bare.ask_code(order=order, actor=MACHINE, at=now())
    handed_over = messages.attempt

    def meanwhile(message: Callable[[], Mail | Sms]) -> messages.Outcome:
        # As it was a moment before the second one was issued.
        Code.objects.filter(n=2).update(state=Code.State.SUPERSEDED)
        Code.objects.filter(n=1).update(state=Code.State.LIVE)
        sign(Order.objects.get(pk=order.pk), code)
        return handed_over(message)

    monkeypatch.setattr(messages, "attempt", meanwhile)
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert order.status == OrderStatus.CLOSED
    assert [each.kind for each in trail.entries(order.trail)].count("code.sent") == 2
    assert not Message.objects.filter(outcome=Message.Outcome.WAITING).exists()
