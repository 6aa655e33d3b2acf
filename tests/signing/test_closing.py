"""Ending envelopes while somebody signs, and work that was asked for before the end."""

import threading
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError, connections, transaction
from django.utils.timezone import now

from evidence.models import Dossier
from otp import messages
from otp.models import Code, Message
from signing.actions import signature
from signing.backend import orders
from signing.backend.models import Certificate, Order
from signing.backend.states import CertificateState, OrderStatus, RequestStatus
from signing.jobs import closing, outcomes, paths
from signing.jobs.sweep import sweep
from signing.models import Envelope, Revision, Signer, StateChanged
from signing.states import EnvelopeState, SignerState
from tests.signing import walks

TWO = (walks.CAMILLE, walks.CAMILLE)


def run(job: Any, signer: Signer, **seconds: float) -> None:
    moment = now() + timedelta(**seconds)
    job(str(signer.public_id), owner="worker", clock=lambda: moment)


def wrong(code: str) -> str:
    return f"{(int(code) + 1) % 1_000_000:06d}"


def submitted(created: Any, n: int, *, right: bool = True) -> Signer:
    """A path that is SIGNING, its work not yet done."""
    signer, code = walks.with_code(created, n)
    signature.submit_code(signer=signer, code=code if right else wrong(code), actor=walks.actor(), at=now())
    return walks.fresh(signer)


def both_submitted(created: Any) -> list[Signer]:
    """Two paths that are SIGNING, neither worked on."""
    typed = [walks.with_code(created, n) for n in (1, 2)]
    for signer, code in typed:
        signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    return [walks.fresh(signer) for signer, _ in typed]


def refused(created: Any, n: int) -> Signer:
    signer = walks.opened(created, n)
    return signature.refuse(signer=signer, choice="content", reason="", actor=walks.actor(), at=now())


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


def test_a_quarantined_path_ends_with_its_envelope(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.ready(created)
    Signer.objects.update(state=SignerState.QUARANTINED)
    sweep(created.envelope.expires_at)
    assert walks.fresh(signer).state == SignerState.EXPIRED


def stopped_after_the_service_signed(signer: Signer, monkeypatch: pytest.MonkeyPatch) -> Signer:
    """Every worker died between the service's commit and the path's, and the service could not be asked at the end."""

    def down(*_arguments: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(outcomes, "signed", down)
        for attempt in range(7):
            run(paths.sign, signer, minutes=attempt)
    signer = walks.fresh(signer)
    assert (signer.state, signer.work) == (SignerState.QUARANTINED, "")
    assert Order.objects.get(signer=signer.public_id).status == OrderStatus.CLOSED
    return signer


def test_a_path_is_not_stopped_where_the_service_has_signed(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Five workers died after the service's commit: the sixth asks before it gives up."""
    signer = submitted(walks.an_envelope(walk), 1)
    run(paths.sign, signer)
    revision = Revision.objects.get()
    Signer.objects.update(state=SignerState.SIGNING, work=Signer.Work.SIGN, work_due_at=now(), work_failures=5)
    Envelope.objects.update(state=EnvelopeState.OPEN)
    revision.delete()
    run(paths.sign, signer)
    assert walks.fresh(signer).state == SignerState.SIGNED
    assert Revision.objects.get().sha256 == revision.sha256
    assert "path.quarantined" not in walks.entries(signer)


def test_a_stopped_path_whose_order_is_signed_ends_signed(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Page and dossier say what was signed, also where the envelope's time has passed before anybody looked."""
    created = walks.an_envelope(walk)
    signer = stopped_after_the_service_signed(submitted(created, 1), monkeypatch)
    sweep(created.envelope.expires_at)
    assert walks.fresh(signer).state == SignerState.QUARANTINED
    assert [each.task for each in sweep(created.envelope.expires_at)] == ["signing.tasks.close_order"]
    run(paths.close_order, signer, days=15)
    signer = walks.fresh(signer)
    assert (signer.state, signer.work, Envelope.objects.get().state) == (SignerState.SIGNED, "", EnvelopeState.EXPIRED)
    assert Revision.objects.count() == Dossier.objects.count() == 1


def test_a_stopped_path_whose_order_is_not_signed_ends_with_its_envelope(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    created = walks.an_envelope(walk, signers=TWO)
    signer = submitted(created, 1)
    Signer.objects.filter(pk=signer.pk).update(work_failures=5)

    def crash(*_arguments: Any, **_keywords: Any) -> None:
        raise MemoryError

    with monkeypatch.context() as patched:
        patched.setattr("signing.backend.signatures.pades.sign_pdf", crash)
        run(paths.sign, signer)
        Signer.objects.filter(pk=signer.pk).update(work_failures=5)
        run(paths.sign, signer, seconds=100)
    assert walks.fresh(signer).state == SignerState.QUARANTINED
    refused(created, 2)
    walks.work()
    assert walks.fresh(signer).state == SignerState.CANCELLED
    assert Order.objects.get().status == OrderStatus.DISCARDED
    assert Dossier.objects.count() == 2
    assert not Revision.objects.exists()


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


def test_a_signature_that_is_not_yet_a_revision_holds_the_envelope(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """kill -9 between the service's commit and ours: the second signer waits, and signs over the first."""
    created = walks.an_envelope(walk, signers=TWO)
    first, second = both_submitted(created)

    def down(*_arguments: Any) -> None:
        raise OperationalError

    with monkeypatch.context() as patched:
        patched.setattr(outcomes, "signed", down)
        run(paths.sign, first)
    assert Order.objects.filter(status=OrderStatus.CLOSED).count() == 1
    run(paths.sign, second, seconds=200)
    assert walks.fresh(second).waiting_for == "order"
    run(paths.sign, first, seconds=300)
    run(paths.sign, second, seconds=400)
    below, above = Revision.objects.order_by("n")
    assert (below.signer, above.signer) == (first, second)
    assert above.path.read_bytes().startswith(below.path.read_bytes())
    assert Envelope.objects.get().state == EnvelopeState.COMPLETED


def test_a_signature_beside_another_is_never_kept(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    created = walks.an_envelope(walk, signers=TWO)
    first, second = both_submitted(created)
    run(paths.sign, first)
    with monkeypatch.context() as patched:
        patched.setattr(outcomes, "newest", lambda document: document.path)
        run(paths.sign, second)
    assert Revision.objects.count() == 1
    assert walks.fresh(second).state == SignerState.SIGNING


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


def test_an_order_left_with_a_certificate_is_discarded_and_the_certificate_abandoned(walk: Path) -> None:
    signer = submitted(walks.an_envelope(walk), 1)
    order = Order.objects.get()
    Certificate.objects.create(order=order, serial="ab", state=CertificateState.ISSUED, planned_at=now())
    Order.objects.update(status=OrderStatus.GENERATED)
    order.refresh_from_db()
    orders.close_unsigned(order, request_status=RequestStatus.DISCARDED, at=now())
    assert Order.objects.get().status == OrderStatus.DISCARDED
    assert Certificate.objects.get().state == CertificateState.ABANDONED
    assert "certificate.abandoned" in walks.entries(signer)


def test_an_order_that_is_signed_stays_signed(walk: Path) -> None:
    walks.signed(walks.an_envelope(walk))
    orders.close_unsigned(Order.objects.get(), request_status=RequestStatus.DISCARDED, at=now())
    assert Order.objects.get().status == OrderStatus.CLOSED
