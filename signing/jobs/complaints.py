"""What signers objected to, and the mail that tells their client."""

from django.utils import translation

from evidence import events
from evidence.models import Addendum
from otp.delivery import Mail
from signing.clients.writing import written
from signing.models import Signer

KIND = "complaint"


def made(signer: Signer) -> list[Addendum]:
    """The complaints of a signer so far, the first first."""
    rows = Addendum.objects.filter(dossier__trail=signer.envelope.trail, dossier__subject=str(signer.public_id))
    return list(rows.filter(entry__kind=events.ComplaintReceived.kind).order_by("n").select_related("entry"))


def words_of(complaint: Addendum) -> str:
    """What was written; empty where it was erased."""
    opening = complaint.entry.openings.filter(field="text").first()
    return opening.value if opening else ""


def letter(signer: Signer, n: int) -> Mail:
    """The mail to the client about complaint `n` of a signer (1 is the first), in the envelope's language."""
    complaint = made(signer)[n - 1]
    client = signer.envelope.client
    context = {
        "client": client,
        "signer": signer,
        "envelope": signer.envelope,
        "reference": signer.envelope.reference,
        "digits": signer.digits,
        "at": complaint.recorded_at,
        "text": words_of(complaint),
    }
    with translation.override(signer.language):
        subject, text, html = written("complaint", context, client=client)
        return Mail(recipient=client.contact_email, subject=subject, text=text, html=html)
