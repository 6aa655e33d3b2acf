"""Codes of bare orders as a worker sends them, and what too many wrong ones end."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from otp import codes
from otp.models import Policy
from signing.backend import bare, jobs
from signing.backend.models import Order
from signing.backend.states import OrderStatus, RequestStatus
from tests.backend.bare_orders import MACHINE, SERVICE, kinds, later, opened, run, sign, with_document
from tests.signing import walks


def asked_for_a_code(walk: Path) -> Order:
    order = opened(otp=True)
    with_document(order, walk)
    return bare.ask_code(order=order, actor=MACHINE, at=now())


def test_a_code_that_is_not_taken_is_tried_again_and_then_told(walk: Path, settings: Any) -> None:
    settings.MAX_ATTEMPTS = 2
    settings.SMS_CARRIER = "tests.signing.sms.Busy"
    order = opened(otp=True, channel="sms", contact="+33611111142")
    with_document(order, walk)
    order = bare.ask_code(order=order, actor=MACHINE, at=now())
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert order.work == Order.Work.SEND_CODE
    run(order)
    assert (order.work, order.code_trouble) == (Order.Work.NONE, "NOT_SENT")
    assert kinds(order).count("code.undelivered") == 2


def test_a_code_that_was_not_taken_is_tried_again_after_the_cool_down(walk: Path, settings: Any) -> None:
    """The next try makes a code of its own, and a code is not issued sooner than the policy says."""
    walks.a_client(cooldown_seconds=30)
    settings.SMS_CARRIER = "tests.signing.sms.Busy"
    order = opened(otp=True, channel="sms", contact="+33611111142")
    with_document(order, walk)
    order = bare.ask_code(order=order, actor=MACHINE, at=now())
    walks.work(kinds=SERVICE)
    settings.SMS_CARRIER = "otp.delivery.mailbox.MailboxCarrier"
    for _ in range(2):
        order.refresh_from_db()
        assert (order.work, order.code_trouble) == (Order.Work.SEND_CODE, "")
        assert order.work_due_at is not None
        jobs.send_code(str(order.pk), clock=walks.standing(order.work_due_at))
    order.refresh_from_db()
    assert (order.work, order.code_trouble, order.status) == ("", "", OrderStatus.VALIDATION_WAITING)
    assert kinds(order).count("code.sent") == len(list((walk / "mailbox").glob("*.sms.txt"))) == 1


def test_a_code_that_comes_too_soon_after_one_that_went_out_is_told(walk: Path) -> None:
    walks.a_client(cooldown_seconds=30)
    order = asked_for_a_code(walk)
    walks.work(kinds=SERVICE)
    Order.objects.filter(pk=order.pk).update(work=Order.Work.SEND_CODE, work_due_at=now(), work_failures=0)
    jobs.send_code(str(order.pk), clock=now)
    order.refresh_from_db()
    assert (order.work, order.code_trouble) == (Order.Work.NONE, "TOO_SOON")


@pytest.mark.parametrize("broken", ["otp.messages.send", "signing.backend.sending.code_message"])
def test_a_code_that_no_library_sends_is_given_up(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, caplog: pytest.LogCaptureFixture, broken: str
) -> None:
    """Whatever is raised, while it is made or handed over: each attempt counts, the last is told."""
    settings.MAX_ATTEMPTS = 2

    def poison(*_arguments: Any, **_keywords: Any) -> None:
        raise ValueError("no")

    monkeypatch.setattr(broken, poison)
    order = asked_for_a_code(walk)
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert (order.work, order.work_failures) == (Order.Work.SEND_CODE, 1)
    run(order)
    assert (order.work, order.code_trouble) == (Order.Work.NONE, "NOT_SENT")
    assert kinds(order).count("code.undelivered") == kinds(order).count("code.issued")
    assert "code given up" in [each.message for each in caplog.records if each.levelname == "ERROR"]


def test_a_code_that_kills_its_workers_is_given_up(walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    settings.MAX_ATTEMPTS = 2
    order = asked_for_a_code(walk)

    def dead(*_arguments: Any, **_keywords: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr("signing.backend.sending.code_message", dead)
        for _ in range(settings.MAX_ATTEMPTS):
            later(order)
            with pytest.raises(KeyboardInterrupt):
                jobs.send_code(str(order.pk), clock=now)
    run(order)
    assert (order.work, order.code_trouble) == (Order.Work.NONE, "NOT_SENT")


def test_too_many_wrong_codes_end_the_order_and_its_documents(walk: Path) -> None:
    order = opened(otp=True)
    Policy.objects.update(failures_to_lock=2)
    with_document(order, walk)
    order = bare.ask_code(order=order, actor=MACHINE, at=now())
    walks.work(kinds=SERVICE)
    wrong = f"{(int(walks.newest_code()) + 1) % 1_000_000:06d}"
    for error in (codes.Wrong, codes.Locked):
        order.refresh_from_db()
        with pytest.raises(error):
            sign(order, wrong)
    order.refresh_from_db()
    assert (order.status, order.requests.get().status) == (OrderStatus.VALIDATION_FAILED, RequestStatus.SIGN_FAILED)
    assert kinds(order)[-1] == "envelope.closed"
    with pytest.raises(codes.Locked):
        sign(order, wrong)
    assert kinds(order).count("envelope.closed") == 1
