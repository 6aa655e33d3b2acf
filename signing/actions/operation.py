"""What the operator, or for one that was disowned the client, does about a path that stopped."""

from datetime import datetime

from django.db import transaction

from evidence import bell, events, trail
from evidence.trail import Actor
from signing.actions.paths import locked
from signing.jobs import ringing
from signing.models import Signer
from signing.states import EnvelopeState, SignerState


class NotStopped(Exception):
    """The path is not quarantined, or its envelope has ended."""


def resume_path(*, signer: Signer, actor: Actor, at: datetime) -> Signer:
    """Put a quarantined path back to work. Raises `NotStopped`.

    Where its code had been accepted, the signature is made; else the signer is asked for a new code. One that stopped
    because somebody said "this is not me" goes back to its pages: its links lead there again.
    """
    with transaction.atomic():
        signer = locked(signer)
        if signer.state != SignerState.QUARANTINED or signer.envelope.state != EnvelopeState.OPEN:
            raise NotStopped
        trail.append(signer.envelope.trail, events.PathResumed(signer=str(signer.public_id)), actor=actor, at=at)
        if signer.is_held:
            back = SignerState.INVITED if signer.held_from == SignerState.INVITED else SignerState.OPENED
            signer.move_to(back, at=at, held_from="", disowned_at=None)
            return signer
        signer.move_to(SignerState.SIGNING, at=at)
        signer.give_work(Signer.Work.SIGN, at=at)
        bell.ring(ringing.signature(signer.public_id))
    return signer
