"""An envelope has ended otherwise than by time or by its client, who is told where it wants to be."""

from datetime import datetime

from evidence.bell import Next
from otp import messages
from otp.models import Channel
from signing.models import Envelope
from signing.states import EnvelopeState

KIND = "closed"
TOLD = frozenset({EnvelopeState.COMPLETED, EnvelopeState.REFUSED, EnvelopeState.FAILED})


def letters(envelope: Envelope, *, at: datetime) -> list[Next]:
    """Queue the letter to the client, inside the caller's transaction: one for the envelope, of its first signer."""
    client = envelope.client
    if envelope.state not in TOLD or not client.told_of_ends or not client.contact_email:
        return []
    first = envelope.signers.get(n=1)
    message = messages.queue(owner=str(first.public_id), kind=KIND, channel=Channel.EMAIL, at=at)
    return [Next("signing.tasks.send_message", {"message_id": str(message.pk)})]
