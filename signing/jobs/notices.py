"""The mails that tell a client what the reader of a signer's mailbox said, and how an envelope has ended."""

from django.utils import translation

from otp.delivery import Mail
from otp.models import Message
from signing.clients.writing import written
from signing.jobs import ends, expiry
from signing.models import Signer
from signing.states import ASKED, SignerState

OF_ENVELOPES = (expiry.TO_CLIENT, ends.KIND)
KINDS = ("disowned", "stopped", *OF_ENVELOPES)


def letter(signer: Signer, message: Message) -> Mail:
    """The mail to the client, in the envelope's language."""
    envelope = signer.envelope
    context = {
        "client": envelope.client,
        "signer": signer,
        "envelope": envelope,
        "reference": envelope.reference,
        "digits": "" if message.kind in OF_ENVELOPES else signer.digits,
        "held": signer.is_held,
        "open": SignerState(signer.state) in ASKED,
        "at": message.created_at,
        "people": expiry.people(envelope) if message.kind in OF_ENVELOPES else [],
    }
    with translation.override(envelope.language):
        subject, text, html = written(message.kind, context, client=envelope.client)
        return Mail(recipient=envelope.client.contact_email, subject=subject, text=text, html=html)
