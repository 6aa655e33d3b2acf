"""A signer disagrees after the end: said to the client, recorded, and added to the dossier."""

from datetime import datetime, timedelta

from django.conf import settings
from django.db import transaction

from evidence import addenda, bell, events
from evidence.models import Addendum, Dossier
from evidence.trail import Actor
from otp import messages
from otp.models import Channel
from signing.actions.paths import locked
from signing.jobs.complaints import KIND, made, words_of
from signing.models import Signer

__all__ = ["Closed", "complain", "made", "open_until", "words_of"]
MOST = 5


class Closed(Exception):
    """No complaint is taken here: its dossier is not sealed, its days for it are over, or there are enough of them."""


def open_until(signer: Signer) -> datetime | None:
    """Until when a complaint is taken by the page; None where the path has not ended."""
    return signer.ended_at + timedelta(days=settings.COMPLAINT_DAYS) if signer.ended_at else None


def complain(*, signer: Signer, text: str, actor: Actor, at: datetime) -> Addendum:
    """Record what a signer objects to, as an addendum of the dossier, and have it mailed to the client.

    The same words sent twice are one complaint. Raises `Closed`.
    """
    until = open_until(signer)
    with transaction.atomic():
        signer = locked(signer)
        sealed = Dossier.objects.filter(trail=signer.envelope.trail, state=Dossier.State.SEALED)
        dossier = sealed.filter(subject=str(signer.public_id)).first()
        if dossier is None or until is None or at > until:
            raise Closed
        before = made(signer)
        same = next((each for each in before if words_of(each) == text), None)
        if same:
            return same
        if len(before) >= MOST:
            raise Closed
        n = len(before) + 1
        event = events.ComplaintReceived(signer=str(signer.public_id), n=n, means="page", text=text)
        row = addenda.record(dossier, event, actor=actor, at=at)
        bell.ring(bell.Next(addenda.TASK, {"dossier_id": str(dossier.pk)}))
        if signer.envelope.client.contact_email:
            letter = messages.queue(owner=str(signer.public_id), kind=KIND, channel=Channel.EMAIL, at=at, n=n)
            bell.ring(bell.Next("signing.tasks.send_message", {"message_id": str(letter.pk)}))
        return row
