"""Ending envelopes while somebody signs, and work that was asked for before the end."""

import threading
from pathlib import Path
from typing import Any

import pytest
from django.db import connections, transaction
from django.utils.timezone import now

from evidence.models import Dossier
from otp import messages
from otp.models import Code, Message
from signing.actions import signature
from signing.backend import orders
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from signing.jobs import closing, paths
from signing.jobs.sweep import sweep
from signing.models import Envelope, Revision, Signer, StateChanged
from signing.states import EnvelopeState, SignerState
from tests.signing import walks
from tests.signing.underway import TWO, refused, run, submitted


def test_a_wrong_code_after_another_refused_ends_the_path(walk: Path) -> None:
    """reliability.md: SIGN against refuse: exactly one wins."""
    created = walks.an_envelope(walk, signers=TWO)
    signer = submitted(created, 1, right=False)
    refused(created, 2)
    assert walks.fresh(signer).state == SignerState.SIGNING
    walks.work()
    assert walks.fresh(signer).state == SignerState.CANCELLED
    assert Envelope.objects.get().state == EnvelopeState.REFUSED
    assert Dossier.objects.count() == 2
    assert {order.status for order in Order.objects.all()} == {OrderStatus.DISCARDED}


def test_a_right_code_before_another_refused_is_a_signature(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=TWO)
    signer = submitted(created, 1)
    refused(created, 2)
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED
    assert Envelope.objects.get().state == EnvelopeState.REFUSED
    assert Revision.objects.count() == 1


def test_a_path_is_locked_also_where_its_envelope_has_ended(walk: Path) -> None:
    created = walks.an_envelope(walk, client=walks.a_client("LCK", failures_to_lock=1), signers=TWO)
    signer = submitted(created, 1, right=False)
    refused(created, 2)
    walks.work()
    assert walks.fresh(signer).state == SignerState.LOCKED
    assert Envelope.objects.get().state == EnvelopeState.REFUSED


def test_time_does_not_end_an_envelope_in_which_somebody_signs(walk: Path) -> None:
    """reliability.md: SIGN against expiry; the sweep may have looked before the code was entered."""
    created = walks.an_envelope(walk)
    signer = submitted(created, 1)
    with pytest.raises(StateChanged), transaction.atomic():
        closing.close_envelope(created.envelope, EnvelopeState.EXPIRED, at=now())
    walks.work()
    assert walks.fresh(signer).envelope.state == EnvelopeState.COMPLETED


def test_a_code_that_went_out_while_its_order_was_discarded_is_told(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """No fact without its entry: the message is in somebody's mailbox."""
    signer = walks.ready(walks.an_envelope(walk))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    attempt = messages.attempt

    def refuse_meanwhile(compose: Any) -> Any:
        signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())
        run(paths.close_order, signer, seconds=1)
        return attempt(compose)

    with monkeypatch.context() as patched:
        patched.setattr(messages, "attempt", refuse_meanwhile)
        run(paths.send_code, signer)
    assert walks.entries(signer)[-1] == "code.sent"
    assert Message.objects.get(kind="code").outcome == Message.Outcome.SENT
    assert Order.objects.get().status == OrderStatus.DISCARDED
    assert walks.fresh(signer).state == SignerState.REFUSED


def test_no_code_is_sent_after_a_refusal(walk: Path) -> None:
    """SIGNER, then REFUSER before a worker looked: the row no longer asks for a code."""
    signer = walks.ready(walks.an_envelope(walk))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())
    walks.work()
    assert not Code.objects.exists()
    assert not Order.objects.exists()
    assert walks.fresh(signer).work == ""
    assert sweep(now()) == []


def test_a_worker_that_was_about_to_send_a_code_stops_at_a_refusal(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    signer = walks.ready(walks.an_envelope(walk))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    add = orders.add_documents

    def refuse_meanwhile(*arguments: Any) -> Any:
        signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())
        return add(*arguments)

    monkeypatch.setattr(orders, "add_documents", refuse_meanwhile)
    run(paths.send_code, signer)
    assert not Code.objects.exists()
    assert walks.fresh(signer).state == SignerState.REFUSED


def test_of_refusals_at_once_exactly_one_wins(walk: Path) -> None:
    """reliability.md, faults; rows are locked in one order, so that PostgreSQL finds no deadlock."""
    created = walks.an_envelope(walk, signers=(*TWO, *TWO))
    signers = [walks.opened(created, n) for n in range(1, 5)]
    ends: list[str] = []
    barrier = threading.Barrier(len(signers))

    def refuse(signer: Signer) -> None:
        barrier.wait()
        try:
            signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())
            ends.append("refused")
        except Exception as error:  # noqa: BLE001 - its name is what the test looks at
            ends.append(type(error).__name__)
        finally:
            connections.close_all()

    threads = [threading.Thread(target=refuse, args=(signer,)) for signer in signers]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert sorted(ends) == ["NotPossible", "NotPossible", "NotPossible", "refused"]
    assert walks.entries(signers[0]).count("envelope.closed") == 1
