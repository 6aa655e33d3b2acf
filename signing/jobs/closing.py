"""Ending paths and envelopes: states, entries, dossiers and letters that follow."""

from datetime import datetime, timedelta

from evidence import events, trail
from evidence.bell import Next
from evidence.models import Dossier
from otp import messages
from otp.models import Channel
from signing.models import Envelope, Signer
from signing.states import ENDED, EnvelopeState, SignerState

# The letter that hands over the result is told in the dossier, where it goes out before this.
DOSSIER_WAITS = timedelta(seconds=10)
OTHERS = {EnvelopeState.EXPIRED: SignerState.EXPIRED}


def close_envelope(envelope: Envelope, outcome: EnvelopeState, *, at: datetime) -> list[Next]:
    """End an envelope and every path in it that has not ended, inside the caller's transaction."""
    for signer in envelope.signers.select_for_update():
        if SignerState(signer.state) not in ENDED and signer.state != SignerState.SIGNING:
            signer.move_to(OTHERS.get(outcome, SignerState.CANCELLED), at=at)
    envelope.move_to(outcome, at=at)
    event = events.EnvelopeClosed.model_validate({"outcome": str(outcome)})
    trail.append(envelope.trail, event, actor=trail.SYSTEM, at=at)
    return [next_ for signer in envelope.signers.all() for next_ in end_path(signer, at=at)]


def end_path(signer: Signer, *, at: datetime) -> list[Next]:
    """Queue the dossier of a path that has ended, and tell the signing service where an order is open there."""
    signer.refresh_from_db()
    if SignerState(signer.state) not in ENDED:
        return []
    Dossier.objects.get_or_create(
        trail=signer.envelope.trail,
        subject=str(signer.public_id),
        defaults={"requested_at": at, "due_at": at + DOSSIER_WAITS},
    )
    if not signer.order or signer.state in {SignerState.SIGNED, SignerState.LOCKED}:
        return []
    Signer.objects.filter(pk=signer.pk).update(
        work=Signer.Work.REFUSE, work_due_at=at, work_owner="", work_lease_until=None, work_failures=0
    )
    return [Next("signing.tasks.close_order", {"signer_id": str(signer.public_id)})]


def queue_letter(signer: Signer, kind: str, *, at: datetime) -> Next:
    """Put the mail with a path's result into the outbox."""
    message = messages.queue(owner=str(signer.public_id), kind=kind, channel=Channel.EMAIL, at=at)
    return Next("signing.tasks.send_message", {"message_id": str(message.pk)})


def dossier_is_due(signer: Signer, *, at: datetime) -> list[Next]:
    """The letter has had its answer: the dossier need not wait for it any longer."""
    rows = Dossier.objects.filter(
        trail=signer.envelope.trail, subject=str(signer.public_id), state=Dossier.State.QUEUED
    )
    rows.filter(attempt=0).update(due_at=at)
    return [Next("evidence.tasks.seal_dossier", {"dossier_id": str(row.pk)}) for row in rows]
