"""A path and its order at the service, when workers died in between: what is signed stands, all else is discarded."""

from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.utils.timezone import now

from evidence.models import Dossier
from signing.backend import orders
from signing.backend.models import Certificate, Order
from signing.backend.states import CertificateState, OrderStatus, RequestStatus
from signing.jobs import outcomes, paths
from signing.jobs.sweep import sweep
from signing.models import Envelope, Revision, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks
from tests.signing.underway import TWO, both_submitted, refused, run, submitted


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
