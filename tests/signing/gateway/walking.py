"""A path walked against a remote, with its jobs done by hand; who it was signed for, and how often."""

import uuid
from datetime import timedelta
from pathlib import Path

from django.utils.timezone import now

from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.clients.models import Client
from signing.jobs import paths
from signing.models import Revision, Signer
from signing.states import SignerState
from tests.signing import walks
from tests.signing.gateway.between import Between
from tests.signing.gateway.sides import code_in, messages_to
from tests.stack import Stack

MOST_TRIES = 16


def a_path(folder: Path, *, client: Client | None = None) -> Signer:
    """Read and agreed to, SIGNER clicked: a code is to be sent, to an address of this path's own."""
    signer = NewSigner("Camille", "Martin", f"c.{uuid.uuid4()}@exemple.fr")
    ready = walks.ready(walks.an_envelope(folder, client=client, signers=(signer,)))
    signature.click_sign(signer=ready, actor=walks.actor(), at=now())
    return walks.fresh(ready)


def worked(signer: Signer, job: str) -> Signer:
    """Let a worker try until the work is done, time running ahead; whenever it waits, it is for the remote."""
    for n in range(1, MOST_TRIES):
        at = now() + timedelta(minutes=5 * n)
        getattr(paths, job)(str(signer.public_id), owner=f"w{n}", clock=lambda at=at: at)
        signer = walks.fresh(signer)
        if not signer.work:
            return signer
        assert signer.waiting_for == "remote", signer.waiting_for
        assert signer.work_failures == 0
    raise AssertionError(f"still waiting after {MOST_TRIES} tries")


def coded(signer: Signer, neighbour: Stack) -> list[str]:
    """The codes that went to this signer."""
    return [code for text in messages_to(neighbour.state / "mailbox", signer.email) if (code := code_in(text))]


def walked(signer: Signer, neighbour: Stack) -> Signer:
    """From the click to the signature, whatever the remote does."""
    signer = worked(signer, "send_code")
    assert signer.state == SignerState.CODE_SENT
    signature.submit_code(signer=signer, code=coded(signer, neighbour)[-1], actor=walks.actor(), at=now())
    return worked(walks.fresh(signer), "sign")


def signed_once(signer: Signer, neighbour: Stack, between: Between) -> None:
    """One message with a code, one order, one signature, each told once."""
    assert signer.state == SignerState.SIGNED
    assert len(coded(signer, neighbour)) == 1
    assert Revision.objects.filter(signer=signer).count() == 1
    kinds = walks.entries(signer)
    once = ("code.sent", "code.accepted", "certificate.issued", "signature.made", "signature.verified")
    assert [kinds.count(kind) for kind in once] == [1] * len(once)
    found = between.found(signer.email)
    assert [(each["externalOrderRequestId"], each["status"]) for each in found] == [(str(signer.public_id), "CLOSED")]
