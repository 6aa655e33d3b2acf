"""Call-backs of mode=ASYNC (certsign-api.md; reliability.md, webhooks and SSRF), over real HTTPS on loopback."""

import base64
import hashlib
import hmac
import json
import re
import threading
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from django.utils.timezone import now

from signing.backend import jobs, outbox, posting
from signing.backend.api import callbacks, described, tasks
from signing.backend.models import Callback, Order
from signing.backend.outbox import FIRST_RETRY
from signing.clients import callbacks as registered
from tests.backend import bare_orders
from tests.backend.bare_orders import ALL
from tests.backend.receiver import HOST, Receiver, here
from tests.signing import walks


def work(monkeypatch: pytest.MonkeyPatch) -> None:
    """Everything that is rung, call-backs with the names of this test."""
    monkeypatch.setattr(callbacks.call_back, "__kwdefaults__", {"resolve": here})
    monkeypatch.setattr(tasks.rounds, "add", lambda _host, number: callbacks.call_back(number, at=now()))
    walks.work(kinds=(*ALL, "signing.backend.api.tasks."))


def verified(order: Order) -> Any:
    """The body, after checking its signature as docs/service.md says."""
    headers, body = Receiver.got[-1]
    secret = base64.b64decode(registered.shown(order.client).removeprefix("whsec_"))
    signed = f"{headers['webhook-id']}.{headers['webhook-timestamp']}.".encode() + body
    expected = base64.b64encode(hmac.new(secret, signed, hashlib.sha256).digest()).decode()
    assert headers["webhook-signature"] == f"v1,{expected}"
    assert abs(int(headers["webhook-timestamp"]) - now().timestamp()) < 60
    assert headers["Content-Type"] == "application/json"
    assert headers["User-Agent"]
    assert headers["Accept"]
    for each in described.call_back()["parameters"]:
        assert re.fullmatch(each["schema"].get("pattern", ".*"), headers[each["name"]]), each["name"]
    return json.loads(body)


def test_the_end_is_told_once_with_a_signature(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    order = asked(external_id="O-1")
    work(monkeypatch)
    told = verified(order)
    request = order.requests.get()
    assert told == [
        {
            "signatureRequestId": str(request.pk),
            "externalSignatureRequestId": None,
            "orderRequestId": str(order.pk),
            "externalOrderRequestId": "O-1",
            "status": "SIGNED",
            "reason": "",
        }
    ]
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer, row.attempts) == ("DELIVERED", "HTTP 204", 1)
    assert Receiver.got[0][0]["Host"] == f"{HOST}:{row.url.split(':')[2].split('/')[0]}"
    for each in jobs.sweep(now() + timedelta(days=2)):
        assert each.task != "signing.backend.api.tasks.call_back"


@pytest.mark.parametrize("status", [500, 404, 302])
def test_a_receiver_that_does_not_take_it_is_asked_again(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, status: int
) -> None:
    """The same id again, later each time; a redirect is not followed."""
    Receiver.answers = [(status, {"Location": "https://127.0.0.1:1/inside"})]
    order = asked()
    work(monkeypatch)
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer) == ("WAITING", f"HTTP {status}")
    assert FIRST_RETRY <= row.due_at - row.created_at < 12 * FIRST_RETRY
    callbacks.call_back(str(row.pk), at=row.due_at - timedelta(seconds=1), resolve=here)
    assert len(Receiver.got) == 1
    callbacks.call_back(str(row.pk), at=row.due_at, resolve=here)
    row.refresh_from_db()
    assert (row.outcome, row.attempts, len(Receiver.got)) == ("DELIVERED", 2, 2)
    assert Receiver.got[0][0]["webhook-id"] == Receiver.got[1][0]["webhook-id"] == str(row.uid)
    order.refresh_from_db()
    assert order.status == "CLOSED"


def test_one_that_hangs_holds_nothing_up(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    Receiver.hangs = threading.Event()
    monkeypatch.setattr(posting, "READ_SECONDS", 0.2)
    order = asked()
    work(monkeypatch)
    order.refresh_from_db()
    assert order.status == "CLOSED"
    assert (Callback.objects.get().outcome, Callback.objects.get().last_answer) == ("WAITING", "ReadTimeout")


def test_one_that_answers_an_octet_at_a_time_is_left(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch
) -> None:
    """Every read is quick; all of them together are not waited for."""
    Receiver.trickles = threading.Event()
    monkeypatch.setattr(posting, "LONGEST_SECONDS", 0.5)
    asked()
    work(monkeypatch)
    assert (Callback.objects.get().outcome, Callback.objects.get().last_answer) == ("WAITING", "ReadTimeout")


def test_whatever_goes_wrong_is_a_try_that_failed(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_keywords: Any) -> int:
        raise LookupError

    asked()
    monkeypatch.setattr(posting, "post", broken)
    work(monkeypatch)
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer, row.attempts) == ("WAITING", "LookupError", 1)


def test_after_a_day_it_is_a_dead_letter_until_the_operator_sends_it_again(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    asked()
    Receiver.answers = [(500, {})] * 100
    work(monkeypatch)
    row, at, begun = Callback.objects.get(), now(), now()
    while row.outcome == Callback.Outcome.WAITING:
        at = row.due_at
        callbacks.call_back(str(row.pk), at=at, resolve=here)
        row.refresh_from_db()
    assert row.outcome == Callback.Outcome.DEAD
    assert timedelta(hours=16) < at - begun <= timedelta(hours=24)
    assert row.attempts < 16
    assert "call-back given up" in caplog.text
    assert not [each for each in jobs.sweep(at + timedelta(days=9)) if "call_back" in each.task]
    Receiver.answers = []
    row.again(at=at)
    callbacks.call_back(str(row.pk), at=at, resolve=here)
    row.refresh_from_db()
    assert row.outcome == Callback.Outcome.DELIVERED


def test_one_that_its_workers_die_of_is_not_posted_for_ever(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    """reliability.md: retries for a day at most; a worker that is killed writes down none."""
    asked()
    Receiver.answers = [(500, {})]
    work(monkeypatch)

    def killed(*_arguments: Any, **_named: Any) -> int:
        raise SystemExit

    monkeypatch.setattr(posting, "post", killed)
    at = now()
    for _ in range(outbox.MOST_ATTEMPTS - 1):
        at += timedelta(hours=1)
        with pytest.raises(SystemExit):
            callbacks.call_back(str(Callback.objects.get().pk), at=at, resolve=here)
    callbacks.call_back(str(Callback.objects.get().pk), at=at + timedelta(hours=1), resolve=here)
    row = Callback.objects.get()
    assert (row.outcome, row.last_answer) == (Callback.Outcome.DEAD, "the workers that posted it died")
    assert "call-back given up" in caplog.text


def test_a_worker_that_died_after_posting_is_followed_by_one_that_posts_the_same_id(
    asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    asked()
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(Callback, "delivered", lambda *_a, **_k: None)
        work(patched)
    row = Callback.objects.get()
    assert (row.outcome, len(Receiver.got)) == ("WAITING", 1)
    later = now() + timedelta(seconds=settings.LEASE_SECONDS + 1)
    assert [each.ids for each in jobs.sweep(later) if "call_back" in each.task] == [{"callback_id": str(row.pk)}]
    callbacks.call_back(str(row.pk), at=later, resolve=here)
    assert Receiver.got[0][0]["webhook-id"] == Receiver.got[1][0]["webhook-id"]


def test_a_host_that_was_taken_away_is_not_called(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    order = asked()
    order.client.callback_hosts = ""
    order.client.save()
    work(monkeypatch)
    assert (Callback.objects.get().outcome, Receiver.got) == ("DEAD", [])


def test_an_order_that_fails_is_told_too(asked: Callable[..., Order], monkeypatch: pytest.MonkeyPatch) -> None:
    def broken(*_arguments: Any, **_named: Any) -> None:
        raise RuntimeError("poison")

    monkeypatch.setattr("signing.backend.signatures.pades.sign_pdf", broken)
    order = asked()
    for _ in range(6):
        bare_orders.later(order)
        for each in jobs.sweep(now()):
            walks._rung.append(each)
        work(monkeypatch)
    assert [each["status"] for each in verified(order)] == ["SIGN_FAILED"]
    assert verified(order)[0]["reason"]
