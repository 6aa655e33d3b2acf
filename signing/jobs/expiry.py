"""Time has ended an envelope that not everybody signed: the client is told, and everybody who was asked in vain."""

from collections.abc import Sequence
from datetime import datetime

from evidence.bell import Next
from otp import messages
from otp.models import Channel, Message
from signing.jobs import reminders
from signing.models import Envelope, Signer
from signing.states import SignerState

TO_SIGNER, TO_CLIENT = "expired", "lapsed"


def letters(envelope: Envelope, asked: Sequence[Signer], *, at: datetime) -> list[Next]:
    """Queue the letters, inside the caller's transaction; `asked`: who could still have signed.

    Nobody gets one in the client's quiet hours, nor who wants no more letters; who was never written to, neither. The
    client's letter is one for the envelope, and belongs to its first signer.
    """
    awake = reminders.awake(envelope.client, at)
    rung = [_queued(each, TO_SIGNER, at, awake) for each in asked if not each.stopped_at]
    if envelope.client.contact_email:
        rung.append(_queued(envelope.signers.get(n=1), TO_CLIENT, at, at))
    return rung


def people(envelope: Envelope) -> list[dict[str, object]]:
    """How far each signer came: `reached` is SIGNED, REFUSED, LOCKED, OPENED, INVITED, HELD or WAITING (not asked)."""
    rows = list(envelope.signers.order_by("turn", "n"))
    invited = set(
        Message.objects.filter(owner__in=[str(each.public_id) for each in rows], kind="link").values_list(
            "owner", flat=True
        )
    )
    return [{"name": each.full_name, "at": each.ended_at, "reached": _reached(each, invited)} for each in rows]


def _reached(signer: Signer, invited: set[str]) -> str:
    if signer.state in {SignerState.SIGNED, SignerState.REFUSED, SignerState.LOCKED}:
        return str(signer.state)
    if signer.disowned_at:
        return "HELD"
    if signer.opened_at:
        return "OPENED"
    return "INVITED" if str(signer.public_id) in invited else "WAITING"


def _queued(signer: Signer, kind: str, at: datetime, due_at: datetime) -> Next:
    message = messages.queue(owner=str(signer.public_id), kind=kind, channel=Channel.EMAIL, at=at, due_at=due_at)
    return Next("signing.tasks.send_message", {"message_id": str(message.pk)})
