"""A path worked on to its end, signed, locked, refused or expired: what page, trail and envelope then hold."""

import hashlib
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import now

from evidence import trail
from evidence.models import Dossier
from otp.models import Code
from signing.actions import signature
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from signing.jobs.sweep import sweep
from signing.models import Envelope, Revision, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks


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
