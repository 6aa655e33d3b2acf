"""Ending paths and envelopes: states, entries, dossiers and letters that follow."""

from datetime import datetime, timedelta

from evidence import events, trail
from evidence.bell import Next
from evidence.models import Dossier
from evidence.trail import Actor
from otp import messages
from otp.models import Channel
from signing.jobs import ends, expiry
from signing.models import Envelope, Signer, StateChanged
from signing.states import ASKED, ENDED, EnvelopeState, SignerState

# The letter that hands over the result is told in the dossier, where it goes out before this.
DOSSIER_WAITS = timedelta(seconds=10)
OTHERS = {EnvelopeState.EXPIRED: SignerState.EXPIRED}
WAIT_FOR_SIGNING = frozenset({EnvelopeState.EXPIRED, EnvelopeState.CANCELLED})
UNSIGNED = frozenset({SignerState.REFUSED, SignerState.EXPIRED, SignerState.CANCELLED})


def lock_signers(envelope: Envelope) -> list[Signer]:
    """Lock every signer's row of an envelope, in one order for all and before the trail's head: no deadlock."""
    return list(Signer.objects.select_for_update().filter(envelope=envelope).order_by("pk"))


def close_envelope(
    envelope: Envelope, outcome: EnvelopeState, *, at: datetime, actor: Actor = trail.SYSTEM
) -> list[Next]:
    """End an envelope and every path in it that has not ended, inside the caller's transaction.

    Who is signing at this moment finishes that, and ends by `follow_envelope` where it comes to nothing; neither time
    nor the client ends an envelope meanwhile. Raises `StateChanged` then, and where the envelope has ended already.
    A path that stopped ends once the service has been asked whether it signed.
    """
    signers = lock_signers(envelope)
    asked = [signer for signer in signers if SignerState(signer.state) in ASKED]
    if outcome in WAIT_FOR_SIGNING and any(signer.state == SignerState.SIGNING for signer in signers):
        raise StateChanged(f"{envelope.reference}: somebody is signing")
    for signer in signers:
        if SignerState(signer.state) not in ENDED and signer.state != SignerState.SIGNING and not _unknown(signer):
            signer.move_to(OTHERS.get(outcome, SignerState.CANCELLED), at=at)
    envelope.move_to(outcome, at=at)
    event = events.EnvelopeClosed.model_validate({"outcome": str(outcome)})
    trail.append(envelope.trail, event, actor=actor, at=at)
    ended = [next_ for signer in signers for next_ in end_path(signer, at=at)]
    in_vain = expiry.letters(envelope, asked, at=at) if outcome == EnvelopeState.EXPIRED else []
    told = [*in_vain, *ends.letters(envelope, at=at)]
    return [*ended, *(_close_order(signer, at=at) for signer in signers if _unknown(signer)), *told]


def end_with(signer: Signer, outcome: EnvelopeState, *, at: datetime) -> list[Next]:
    """End the envelope together with this path; only the path, where the envelope has ended meanwhile."""
    envelope = _now(signer)
    if envelope.state == EnvelopeState.OPEN:
        return close_envelope(envelope, outcome, at=at)
    return end_path(signer, at=at)


def follow_envelope(signer: Signer, *, at: datetime) -> list[Next]:
    """End a path whose signing came to nothing, where its envelope has ended meanwhile."""
    envelope = _now(signer)
    if envelope.state == EnvelopeState.OPEN:
        return []
    signer.move_to(OTHERS.get(EnvelopeState(envelope.state), SignerState.CANCELLED), at=at)
    return end_path(signer, at=at)


def end_path(signer: Signer, *, at: datetime) -> list[Next]:
    """Queue the dossier of a path that has ended; its work now is to tell the signing service of it, or none."""
    signer.refresh_from_db()
    if SignerState(signer.state) not in ENDED:
        return []
    Dossier.objects.get_or_create(
        trail=signer.envelope.trail,
        subject=str(signer.public_id),
        defaults={"requested_at": at, "due_at": at + DOSSIER_WAITS},
    )
    if signer.order and signer.state in UNSIGNED:
        return [_close_order(signer, at=at)]
    _give(signer, Signer.Work.NONE, due_at=None)
    return []


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


def _unknown(signer: Signer) -> bool:
    """Whether the path stopped with an order: the service may have signed, and nobody lived to tell."""
    return signer.state == SignerState.QUARANTINED and bool(signer.order)


def _close_order(signer: Signer, *, at: datetime) -> Next:
    """The path's work now is to tell the signing service of its end."""
    _give(signer, Signer.Work.REFUSE, due_at=at)
    return Next("signing.tasks.close_order", {"signer_id": str(signer.public_id)})


def _give(signer: Signer, work: Signer.Work, *, due_at: datetime | None) -> None:
    """Put this work in the place of whatever the row asked for; nobody's claim holds any longer."""
    Signer.objects.filter(pk=signer.pk).update(
        work=work,
        work_due_at=due_at,
        work_owner="",
        work_lease_until=None,
        work_failures=0,
        sealed_code="",
        waiting_for="",
    )


def _now(signer: Signer) -> Envelope:
    """The envelope as the database has it, once every signer's row is locked: nobody ends it meanwhile."""
    lock_signers(signer.envelope)
    return Envelope.objects.select_related("trail").get(pk=signer.envelope_id)
