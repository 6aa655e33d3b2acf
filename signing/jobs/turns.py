"""Whose turn it is: a signer is invited once everybody of the earlier turns has signed."""

from datetime import datetime

from evidence import events, trail
from evidence.bell import Next
from signing.gateway import gateway
from signing.jobs import closing
from signing.models import Envelope, Signer
from signing.states import SignerState


def invite_next(envelope: Envelope, *, at: datetime) -> list[Next]:
    """Invite everybody whose turn has come and who still waits, inside the caller's transaction; their mails follow.

    Nobody is invited into an envelope whose day has passed: the sweeper ends it. Where the signing service holds the
    files, those of one turn are invited one by one: each is handed over with the signatures made before.
    """
    if envelope.expires_at <= at:
        return []
    signers = list(envelope.signers.order_by("n"))
    turn = min((each.turn for each in signers if each.state != SignerState.SIGNED), default=0)
    unsigned = [each for each in signers if each.turn == turn and each.state != SignerState.SIGNED]
    if gateway().holds_files:
        unsigned = unsigned[:1]
    return [_invited(envelope, each, at) for each in unsigned if each.state == SignerState.WAITING]


def _invited(envelope: Envelope, signer: Signer, at: datetime) -> Next:
    signer.move_to(SignerState.INVITED, at=at)
    event = events.SignerInvited(signer=str(signer.public_id), turn=signer.turn)
    trail.append(envelope.trail, event, actor=trail.SYSTEM, at=at)
    return closing.queue_letter(signer, "link", at=at)
