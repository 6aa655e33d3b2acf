"""Workers on one path: two at once, one that died, one that lacks an authority, one that fails again and again."""

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.utils.timezone import now

from evidence import files
from evidence.keys import KeyUnavailable
from evidence.timestamps import TimestampRefused
from signing.actions import signature
from signing.backend import orders, revocation, signatures
from signing.backend.models import Certificate, Order, SignatureRequest
from signing.backend.states import CertificateState
from signing.jobs import paths
from signing.jobs.sweep import sweep
from signing.models import Revision, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks
from tests.signing.underway import run


def test_two_workers_make_one_signature(walk: Path) -> None:
    """reliability.md, replay: one signature per document."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    for _ in range(3):
        run(paths.sign, signer)
    assert Revision.objects.count() == 1
    assert SignatureRequest.objects.get().sha256 == Revision.objects.get().sha256
    assert Certificate.objects.filter(state=CertificateState.SPENT).count() == 1


def test_who_waits_for_a_signature_goes_before_dossiers(walk: Path) -> None:
    signer, code = walks.with_code(walks.an_envelope(walk))
    assert not paths.waited_for(now())
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    assert paths.waited_for(now())
    run(paths.sign, signer)
    assert not paths.waited_for(now())


def test_a_held_claim_is_left_alone_until_its_lease_is_over(walk: Path, settings: Any) -> None:
    settings.LEASE_SECONDS = 90
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    assert Signer.claim(str(signer.public_id), Signer.Work.SIGN, owner="dead", at=now())
    run(paths.sign, signer, seconds=89)
    assert walks.fresh(signer).state == SignerState.SIGNING
    assert "signing.tasks.sign" not in [each.task for each in sweep(now() + timedelta(seconds=89))]
    run(paths.sign, signer, seconds=91)
    assert walks.fresh(signer).state == SignerState.SIGNED


def test_a_path_of_many_documents_is_held_and_worked_at_for_longer(
    walk: Path, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Or it would be ended in the middle at each try, where an authority takes its time at each stamp."""
    settings.LEASE_SECONDS = 90
    signer, code = walks.with_code(walks.an_envelope(walk))
    settings.TSA_URLS, settings.TSA_SECONDS = ["http://127.0.0.1:1/"], 50  # one document: 102 s
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    at, held = now(), []

    def looked_at(mine: Signer, _service: Any) -> None:
        held.append(mine.work_lease_until)
        raise RuntimeError

    monkeypatch.setattr("signing.jobs.outcomes.ordered", looked_at)
    swept = [each for each in sweep(at) if each.task == "signing.tasks.sign"]
    assert [each.more_seconds for each in (walks._rung[-1], *swept)] == [22, 22]
    paths.sign(str(signer.public_id), owner="w", clock=lambda: at)
    assert held == [at + timedelta(seconds=90 + 22)]


def test_a_worker_that_died_after_its_certificate_leaves_it_abandoned_and_revoked(walk: Path) -> None:
    """reliability.md: kill -9 after the certificate: planned certificate abandoned and revoked, another finishes."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    order = Order.objects.get()
    orders.judge(order, code, try_id="a", clock=now)
    assert order.claim(owner="dead", at=now())
    row = signatures._planned(order, now())
    signatures._certify(row, order, now)
    Order.objects.update(lease_until=now() - timedelta(seconds=1))
    walks.work()
    signer = walks.fresh(signer)
    assert signer.state == SignerState.SIGNED
    row.refresh_from_db()
    assert row.state == CertificateState.ABANDONED
    assert "certificate.abandoned" in walks.entries(signer)
    newest = revocation.renew(now())
    crl = x509.load_der_x509_crl(files.read(newest.sha256))
    assert crl.get_revoked_certificate_by_serial_number(int(row.serial, 16)) is not None


@pytest.mark.parametrize(("error", "waits"), [(TimestampRefused("down"), "tsa"), (KeyUnavailable("gone"), "keys")])
def test_a_missing_authority_makes_the_order_wait_and_is_told(
    walk: Path, monkeypatch: pytest.MonkeyPatch, error: Exception, waits: str
) -> None:
    """DESIGN: nothing degrades in silence; SIGNING waits, a field says for what."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())

    def refuse(*_arguments: Any, **_keywords: Any) -> None:
        raise error

    with monkeypatch.context() as patched:
        patched.setattr("signing.backend.signatures.pades.sign_pdf", refuse)
        walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.waiting_for, signer.work_failures) == (SignerState.SIGNING, waits, 0)
    assert not Revision.objects.exists()
    run(paths.sign, signer, seconds=10)
    signer = walks.fresh(signer)
    assert (signer.state, signer.waiting_for) == (SignerState.SIGNED, "")


def test_a_path_that_fails_again_and_again_is_quarantined(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md: poison document: 5 attempts, quarantined."""
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())

    def crash(*_arguments: Any, **_keywords: Any) -> None:
        raise MemoryError

    monkeypatch.setattr("signing.backend.signatures.pades.sign_pdf", crash)
    for attempt in range(7):
        run(paths.sign, signer, minutes=attempt)
    signer = walks.fresh(signer)
    assert signer.state == SignerState.QUARANTINED
    assert signer.envelope.state == EnvelopeState.OPEN
    assert not Revision.objects.exists()


def test_the_sweeper_rings_for_what_nobody_heard(walk: Path) -> None:
    """DESIGN: losing a message costs seconds, a sweeper rings again."""
    created = walks.an_envelope(walk)
    at = now()
    assert [each.task for each in sweep(at)] == ["signing.tasks.send_message"]
    walks.work()
    signer = walks.ready(created)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    assert [each.task for each in sweep(now())] == ["signing.tasks.send_code"]
    walks.work()
    assert sweep(now()) == []
