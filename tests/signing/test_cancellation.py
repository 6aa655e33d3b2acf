"""The client takes an envelope back. Diagram of DESIGN: OPEN → CANCELLED."""

from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import trail
from evidence.models import Dossier
from evidence.trail import Actor, Terminal
from signing.actions import signature
from signing.actions.cancellation import NotCancellable, cancel_envelope
from signing.backend.models import Order
from signing.backend.states import OrderStatus
from signing.models import Envelope, Signer
from signing.states import EnvelopeState, SignerState
from tests.signing import walks
from tests.signing.views.browser import Browser

TWO = (walks.CAMILLE, walks.CAMILLE)
JULIE = Actor(role="client", login="julie@exemple.fr", terminal=Terminal("192.0.2.7", "40000", "Firefox"))


def cancel(envelope: Envelope) -> Envelope:
    return cancel_envelope(envelope=envelope, actor=JULIE, at=now())


def states(envelope: Envelope) -> list[str]:
    return list(Signer.objects.filter(envelope=envelope).order_by("n").values_list("state", flat=True))


def test_an_open_envelope_is_cancelled_with_every_path_in_it(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=TWO)
    walks.opened(created)
    envelope = cancel(created.envelope)
    assert envelope.state == EnvelopeState.CANCELLED
    assert states(envelope) == [SignerState.CANCELLED, SignerState.CANCELLED]
    assert Dossier.objects.filter(trail=envelope.trail).count() == 2


def test_the_entry_says_who_cancelled_without_naming_them_in_the_chain(walk: Path) -> None:
    """evidence.md, Trail: the login is a commitment, never chained in clear."""
    envelope = cancel(walks.an_envelope(walk).envelope)
    last = list(trail.entries(envelope.trail))[-1]
    assert (last.kind, last.data["outcome"]) == ("envelope.closed", "CANCELLED")
    assert last.members["actor"]["role"] == "client"
    assert last.value("login") == "julie@exemple.fr"
    assert b"julie" not in last.canonical
    assert trail.check(envelope.trail) == last.seq


def test_the_order_at_the_service_is_discarded(walk: Path) -> None:
    created = walks.an_envelope(walk)
    walks.with_code(created)
    cancel(created.envelope)
    walks.work()
    assert Order.objects.get().status == OrderStatus.DISCARDED


def test_what_was_signed_before_stays_signed(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=TWO)
    walks.signed(created)
    assert states(cancel(created.envelope)) == [SignerState.SIGNED, SignerState.CANCELLED]


def test_somebody_who_is_signing_was_quicker(walk: Path) -> None:
    """reliability.md, faults: SIGN against cancel, exactly one wins."""
    created = walks.an_envelope(walk)
    signer, code = walks.with_code(created)
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    with pytest.raises(NotCancellable):
        cancel(created.envelope)
    walks.work()
    assert walks.fresh(signer).state == SignerState.SIGNED
    with pytest.raises(NotCancellable):
        cancel(created.envelope)


def test_after_that_no_code_is_taken_and_the_link_opens_no_document(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer, code = walks.with_code(created)
    cancel(created.envelope)
    with pytest.raises(signature.NotPossible):
        signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    opened = Browser().post(f"/a/{created.tokens[0]}")
    assert opened["Location"].endswith("/closed")  # to the dossier of a path that was opened, and to nothing else


def test_cancelling_twice_changes_nothing(walk: Path) -> None:
    envelope = cancel(walks.an_envelope(walk).envelope)
    seq = Envelope.objects.get(pk=envelope.pk).trail.head_seq
    cancel(envelope)
    assert Envelope.objects.get(pk=envelope.pk).trail.head_seq == seq
