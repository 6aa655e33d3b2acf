"""What the reader of a mail says back by one button: "this is not me", "stop writing to me"."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from evidence import addenda, bell, events
from evidence.trail import Actor
from otp import messages
from otp.models import Channel, Message
from signing.actions.paths import locked
from signing.jobs import closing
from signing.models import Signer
from signing.states import ASKED, SignerState


def disown(*, signer: Signer, actor: Actor, at: datetime) -> Signer:
    """Whoever reads the mailbox is not the signer: a path that has not ended stops, and the client is told.

    Stopped, nobody reads, gets a code or signs by it, and no reminder goes out, until somebody resumes it
    (`operation.resume_path`) or the envelope ends. Who is signing at this moment finishes. Said twice it is said once.
    """
    with transaction.atomic():
        closing.lock_signers(signer.envelope)
        signer = locked(signer)
        if signer.disowned_at:
            return signer
        stops = SignerState(signer.state) in ASKED
        event = events.ContactDisowned(signer=str(signer.public_id), stopped=stops)
        _recorded(signer, event, actor=actor, at=at)
        Signer.objects.filter(pk=signer.pk).update(disowned_at=at)
        if stops:
            _stop(signer, at)
        _tell(signer, "disowned", at=at)
        signer.refresh_from_db()
    return signer


def stop_letters(*, signer: Signer, through: Literal["page", "one_click"], actor: Actor, at: datetime) -> Signer:
    """No letter goes out any more that its reader has not asked for by an act of their own; the client is told.

    The path stays open: its links lead to it, and who signs or refuses gets the result. Said twice it is said once.
    """
    with transaction.atomic():
        signer = locked(signer)
        if signer.stopped_at:
            return signer
        event = events.LettersStopped(signer=str(signer.public_id), through=through)
        _recorded(signer, event, actor=actor, at=at)
        Signer.objects.filter(pk=signer.pk).update(stopped_at=at)
        _tell(signer, "stopped", at=at)
        signer.refresh_from_db()
    return signer


def _stop(signer: Signer, at: datetime) -> None:
    """Hold the path where it is; a worker that has it in hand finds its claim lost."""
    signer.move_to(
        SignerState.QUARANTINED,
        at=at,
        held_from=signer.state,
        sealed_code="",
        work=Signer.Work.NONE,
        work_owner="",
        work_due_at=None,
        work_lease_until=None,
        waiting_for="",
    )


def _recorded(signer: Signer, event: events.Event, *, actor: Actor, at: datetime) -> None:
    """The entry, as an addendum where the dossier is sealed."""
    bell.ring(*addenda.tell(signer.envelope.trail, str(signer.public_id), event, actor=actor, at=at))


def _tell(signer: Signer, kind: str, *, at: datetime) -> None:
    """A path that was resumed may be stopped again: each time has its letter."""
    owner = str(signer.public_id)
    if signer.envelope.client.contact_email:
        n = Message.objects.filter(owner=owner, kind=kind).count() + 1
        letter = messages.queue(owner=owner, kind=kind, channel=Channel.EMAIL, at=at, n=n)
        bell.ring(bell.Next("signing.tasks.send_message", {"message_id": str(letter.pk)}))
