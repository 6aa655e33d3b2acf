"""The work of bare orders: sent, signed, waited for, given up (reliability.md, Signing job)."""

import shutil
import time
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import keys, precedence, timestamps, trail
from evidence.bell import Next
from evidence.models import Dossier
from signing.backend import bare, endings, jobs, signatures, wording
from signing.backend.api import signatures as api_signatures
from signing.backend.models import Order
from signing.backend.states import CertificateState, OrderStatus, RequestStatus
from signing.engine import crls
from tests.backend.bare_orders import ALL, MACHINE, SERVICE, kinds, later, opened, run, sign, with_document
from tests.signing import walks


def test_an_order_is_signed_and_its_dossier_sealed(walk: Path) -> None:
    order = opened()
    request = with_document(order, walk)
    assert wording.of_request(request, order) == "SIGN_CREATED"
    order = sign(order)
    assert (wording.of_order(order, at=now()), wording.of_request(request, order)) == (
        "GENERATION_WAITING",
        "SIGN_IN_PROGRESS",
    )
    walks.work(kinds=ALL)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.CLOSED, Order.Work.NONE)
    assert order.requests.get().status == RequestStatus.SIGNED
    assert Dossier.objects.get().state == Dossier.State.SEALED
    assert kinds(order)[:4] == ["envelope.created", "signer.declared", "document.added", "document.frozen"]
    assert kinds(order)[-2:] == ["envelope.closed", "dossier.sealed"]
    assert trail.check(order.trail) == len(kinds(order))


def test_a_worker_that_died_after_the_signature_is_followed_by_one_that_ends_the_order(walk: Path) -> None:
    order = opened()
    with_document(order, walk)
    sign(order)
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(endings, "close", lambda *_arguments, **_keywords: (_ for _ in ()).throw(KeyboardInterrupt))
        with pytest.raises(KeyboardInterrupt):
            walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.CLOSED, Order.Work.SIGN)
    run(order)
    assert order.work == Order.Work.NONE
    assert kinds(order).count("signature.made") == 1
    assert kinds(order).count("envelope.closed") == 1


def test_an_order_refused_while_a_worker_begins_leaves_no_certificate(
    walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """reliability.md: SIGN against refuse: exactly one wins."""
    order = opened()
    request = with_document(order, walk)
    sign(order)
    planned = signatures._planned

    def refused_first(*arguments: Any) -> Any:
        bare.refuse(request=request, actor=MACHINE, at=now())
        return planned(*arguments)

    with monkeypatch.context() as patched:
        patched.setattr(signatures, "_planned", refused_first)
        walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.DISCARDED, Order.Work.NONE)
    assert not order.certificates.exists()
    assert kinds(order)[-2:] == ["refusal.told", "envelope.closed"]


def test_a_worker_that_was_taken_for_dead_closes_nothing(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Its lease was over, another worker took the order: who comes late writes nothing."""
    order = opened()
    with_document(order, walk)
    sign(order)
    signed = signatures.sign_order

    def slowly(*arguments: Any, **keywords: Any) -> None:
        signed(*arguments, **keywords)
        with monkeypatch.context() as again:
            again.setattr(signatures, "sign_order", signed)
            later(order)
            jobs.sign(str(order.pk), owner="other", clock=now)

    with monkeypatch.context() as patched:
        patched.setattr(signatures, "sign_order", slowly)
        walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.CLOSED, Order.Work.NONE)
    assert kinds(order).count("envelope.closed") == 1


def test_a_document_that_kills_its_workers_is_given_up(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """reliability.md, Faults: five attempts; what dead workers left of certificates is abandoned, the order ends."""
    order = opened()
    with_document(order, walk)
    sign(order)

    def dead(*_arguments: Any, **_keywords: Any) -> None:
        raise KeyboardInterrupt

    with monkeypatch.context() as patched:
        patched.setattr(signatures, "_signed", dead)
        patched.setattr(signatures, "_give_up", dead)
        patched.setattr(Order, "release", lambda _order: None)
        for _ in range(settings.MAX_ATTEMPTS):
            Order.objects.update(work_due_at=now() - timedelta(seconds=1), lease_until=None)
            with pytest.raises(KeyboardInterrupt):
                jobs.sign(str(order.pk), owner="w", clock=now)
    order.refresh_from_db()
    assert (order.status, order.work) == (OrderStatus.GENERATED, Order.Work.SIGN)
    run(order)
    assert (order.status, order.work) == (OrderStatus.GENERATION_FAILED, Order.Work.NONE)
    assert order.requests.get().status == RequestStatus.SIGN_FAILED
    assert {each.state for each in order.certificates.all()} == {CertificateState.ABANDONED}
    assert kinds(order)[-1] == "envelope.closed"
    assert trail.check(order.trail) == len(kinds(order))


@pytest.mark.parametrize("waits_for", ["", "tsa"])
def test_who_waits_for_a_signature_that_waits_itself_is_told_so(waits_for: str, walk: Path) -> None:
    """The row says that it waits for an authority: no thread of the listener is held for it."""
    order = opened()
    with_document(order, walk)
    order = sign(order)
    Order.objects.update(waiting_for=waits_for)
    began = time.monotonic()
    api_signatures._wait(order, Order.Work.SIGN, seconds=0.5)
    assert (time.monotonic() - began < 0.4) is (waits_for == "tsa")
    assert order.work == Order.Work.SIGN


def test_who_is_waited_for_goes_before_dossiers(walk: Path) -> None:
    """An order that is being opened or signed; not one that waits for an authority, nor one that is left open."""
    order = opened()
    assert jobs.waited_for(order.created_at + timedelta(seconds=0.4))
    assert not jobs.waited_for(order.created_at + timedelta(seconds=0.5))
    with_document(order, walk)
    order = sign(order)
    much_later = now() + timedelta(hours=1)
    assert jobs.waited_for(much_later)
    Order.objects.update(waiting_for="tsa")
    assert not jobs.waited_for(much_later)
    Order.objects.update(waiting_for="")
    run(order)
    assert not jobs.waited_for(now())


def test_without_a_time_stamp_the_order_waits(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    order = opened()
    request = with_document(order, walk)
    order = sign(order)

    def refused(*_arguments: Any, **_keywords: Any) -> None:
        raise timestamps.TimestampRefused("no")

    with monkeypatch.context() as patched:
        patched.setattr(timestamps, "timestamper", refused)
        walks.work(kinds=SERVICE)
        order.refresh_from_db()
    assert (wording.of_order(order, at=now()), order.waiting_for) == ("SIGN_WAITING", "tsa")
    assert wording.of_request(request, order) == "SIGN_IN_PROGRESS"
    run(order)
    assert order.status == OrderStatus.CLOSED


@pytest.mark.parametrize("level", ["PAdES_BASELINE_LT", "PAdES_BASELINE_LTA"])
def test_with_a_stale_list_no_long_term_signature_is_made(walk: Path, settings: Any, level: str) -> None:
    """Issue 4, part 8: LT refused with a stale one; it waits, and goes on by itself when there is a list in force."""
    order = opened()
    with_document(order, walk, level=level)
    shutil.copytree(settings.PKI_DIR, walk / "pki")
    shutil.copytree(settings.KEYS_DIR, walk / "keys")
    settings.PKI_DIR, settings.KEYS_DIR = walk / "pki", walk / "keys"
    kept = (walk / "pki" / "root.crl").read_bytes()
    root = keys.open_identity("root")
    over = now() - timedelta(days=2)
    stale = crls.revocation_list(
        root.key, root.certificate, number=9, this_update=over, next_update=over + timedelta(days=1)
    )
    (walk / "pki" / "root.crl").write_bytes(stale)
    order = sign(order)
    walks.work(kinds=SERVICE)
    order.refresh_from_db()
    assert (order.status, order.waiting_for) == (OrderStatus.VALIDATED, "crl")
    assert order.requests.get().sha256 == ""
    (walk / "pki" / "root.crl").write_bytes(kept)
    run(order)
    assert order.status == OrderStatus.CLOSED


def test_what_cannot_be_signed_is_given_up_after_its_attempts(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    settings.MAX_ATTEMPTS = 3
    order = opened()
    with_document(order, walk)
    order = sign(order)

    def broken(*_arguments: Any, **_keywords: Any) -> None:
        raise RuntimeError("no")

    with monkeypatch.context() as patched:
        patched.setattr(signatures, "sign_order", broken)
        walks.work(kinds=SERVICE)
        for _ in range(2):
            assert order.status == OrderStatus.VALIDATED
            run(order)
    request = order.requests.get()
    assert (order.status, request.status) == (OrderStatus.GENERATION_FAILED, RequestStatus.SIGN_FAILED)
    assert request.reason
    assert not jobs.sweep(now() + timedelta(days=1))
    walks._rung.append(
        Next("evidence.tasks.seal_dossier", {"dossier_id": str(Dossier.objects.get(subject=order.signer).pk)})
    )
    walks.work(kinds=ALL)
    assert Dossier.objects.get().state == Dossier.State.SEALED


@pytest.mark.parametrize(("waits", "patience", "rung"), [(True, 60, 0), (True, 0, 1), (False, 60, 1)])
def test_no_worker_is_told_of_a_dossier_that_it_would_leave_to_the_sweep(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, *, waits: bool, patience: int, rung: int
) -> None:
    """While somebody waits for a signature a dossier is not begun (decision 25); to say that takes a worker, too."""
    order = opened()
    with_document(order, walk)
    sign(order)
    settings.DOSSIER_PATIENCE_SECONDS = patience
    monkeypatch.setattr(precedence, "_known", [lambda _at: waits])
    following = jobs.sign(str(order.pk), owner="w", clock=now)
    dossier = Dossier.objects.get()
    told = Next("evidence.tasks.seal_dossier", {"dossier_id": str(dossier.pk)})
    assert (following, dossier.state) == ([told] * rung, Dossier.State.QUEUED)
