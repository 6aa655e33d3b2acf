import hashlib
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from cryptography import x509
from django.utils.timezone import now

from evidence import files, trail
from evidence.keys import KeyUnavailable
from evidence.models import Dossier
from evidence.timestamps import TimestampRefused
from otp.models import Code
from signing.actions import signature
from signing.backend import orders, revocation, signatures
from signing.backend.models import Certificate, Order, RevocationList, SignatureRequest
from signing.backend.states import CertificateState, OrderStatus
from signing.jobs import paths
from signing.jobs.sweep import sweep
from signing.models import Envelope, Revision, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks


def run(job: Any, signer: Signer, **seconds: float) -> None:
    """Call a job as a worker would, at a moment so many seconds from now."""
    moment = now() + timedelta(**seconds)
    job(str(signer.public_id), owner="worker", clock=lambda: moment)


def test_a_path_is_signed_and_the_envelope_completed(walk: Path) -> None:
    signer = walks.signed(walks.an_envelope(walk))
    assert signer.state == SignerState.SIGNED
    assert signer.envelope.state == EnvelopeState.COMPLETED
    assert signer.sealed_code == ""
    (revision,) = Revision.objects.all()
    presented = revision.document
    prefix = revision.path.read_bytes()[: presented.size]
    assert hashlib.sha256(prefix).hexdigest() == presented.sha256
    assert Dossier.objects.get().subject == str(signer.public_id)
    assert trail.check(signer.envelope.trail) > 30


def test_every_step_of_the_signature_is_in_the_trail_in_order(walk: Path) -> None:
    kinds = walks.entries(walks.signed(walks.an_envelope(walk)))
    expected = [
        "envelope.created",
        "document.frozen",
        "signer.declared",
        "path.armed",
        "access.confirmed",
        "session.opened",
        "consent.shown",
        "document.presented",
        "page.read",
        "document.read",
        "consent.checked",
        "sign.enabled",
        "sign.clicked",
        "code.issued",
        "code.sent",
        "code.entered",
        "code.accepted",
        "certificate.requested",
        "key.created",
        "certificate.issued",
        "key.used",
        "signature.made",
        "timestamp.obtained",
        "signature.verified",
        "key.destroyed",
        "envelope.closed",
        "delivery.sent",
    ]
    places = [kinds.index(kind) for kind in expected]
    assert places == sorted(places)
    assert kinds.count("signature.made") == 1


def test_a_wrong_code_leads_back_to_the_code_page_and_the_right_one_signs(walk: Path) -> None:
    signer, code = walks.with_code(walks.an_envelope(walk))
    wrong = f"{(int(code) + 1) % 1_000_000:06d}"
    signature.submit_code(signer=signer, code=wrong, actor=walks.actor(), at=now())
    walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.code_trouble, signer.code_tries_left) == (SignerState.CODE_SENT, "WRONG", 4)
    assert "code.refused" in walks.entries(signer)
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED


def test_a_late_code_is_told_and_a_new_one_can_be_asked_for(walk: Path) -> None:
    signer, code = walks.with_code(walks.an_envelope(walk))
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    Code.objects.update(valid_until=now() - timedelta(seconds=1))
    walks.work()
    signer = walks.fresh(signer)
    assert (signer.state, signer.code_trouble) == (SignerState.CODE_SENT, "GONE")
    later = now() + timedelta(seconds=31)
    signature.resend_code(signer=signer, actor=walks.actor(), at=later)
    assert walks.fresh(signer).work == Signer.Work.SEND_CODE


def test_too_many_wrong_codes_lock_the_path_and_fail_the_envelope(walk: Path) -> None:
    """reliability.md: lock after 10 failures (here 2)."""
    created = walks.an_envelope(walk, client=walks.a_client("LCK", failures_to_lock=2))
    signer, code = walks.with_code(created)
    for _ in range(2):
        signature.submit_code(signer=signer, code=f"{(int(code) + 1) % 1_000_000:06d}", actor=walks.actor(), at=now())
        walks.work()
        signer = walks.fresh(signer)
    assert signer.state == SignerState.LOCKED
    assert signer.envelope.state == EnvelopeState.FAILED
    assert "code.locked" in walks.entries(signer)
    assert Dossier.objects.count() == 1
    assert not Revision.objects.exists()


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


def test_an_envelope_past_its_day_expires_with_its_paths(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.opened(created)
    nexts = sweep(created.envelope.expires_at)
    signer = walks.fresh(signer)
    assert signer.state == SignerState.EXPIRED
    assert signer.envelope.state == EnvelopeState.EXPIRED
    assert Dossier.objects.count() == 1
    assert all(each.task != "signing.tasks.sign" for each in nexts)


def test_a_refusal_ends_every_path_of_the_envelope_and_the_order(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, walks.CAMILLE))
    signer, _ = walks.with_code(created)
    signature.refuse(signer=signer, choice="content", reason="Trop cher", actor=walks.actor(), at=now())
    walks.work()
    states = [row.state for row in signer.envelope.signers.order_by("n")]
    assert states == [SignerState.REFUSED, SignerState.CANCELLED]
    assert walks.fresh(signer).envelope.state == EnvelopeState.REFUSED
    assert Order.objects.get().status == OrderStatus.DISCARDED
    assert Dossier.objects.count() == 2


def test_two_signers_sign_one_over_the_other(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, walks.CAMILLE))
    walks.signed(created, 1)
    assert Envelope.objects.get().state == EnvelopeState.OPEN
    walks.signed(created, 2)
    first, second = Revision.objects.order_by("n")
    assert second.path.read_bytes().startswith(first.path.read_bytes())
    assert Envelope.objects.get().state == EnvelopeState.COMPLETED


def test_the_revocation_list_is_renewed_and_numbered(walk: Path) -> None:
    """evidence.md: the embedded list is at most 30 s old; its number comes from the database."""
    walks.pki.hold()
    at = now() - timedelta(minutes=1)
    first = revocation.current(at)
    assert revocation.current(at + timedelta(seconds=29)).number == first.number
    assert revocation.current(at + timedelta(seconds=32)).number == first.number + 1
    assert RevocationList.objects.count() == 2
