"""The client takes an envelope back before everybody has signed."""

from datetime import datetime

from django.db import transaction

from evidence import bell
from evidence.trail import Actor
from signing.jobs import closing
from signing.models import Envelope, StateChanged
from signing.states import EnvelopeState


class NotCancellable(Exception):
    """The envelope has ended, or somebody is signing at this moment."""


def cancel_envelope(*, envelope: Envelope, actor: Actor, at: datetime) -> Envelope:
    """End an open envelope: its links open nothing any more, orders are discarded, every path gets its dossier.

    Documents that were signed before stay signed. Cancelling twice changes nothing. Raises `NotCancellable`; against
    a SIGN at the same moment exactly one of the two wins.
    """
    with transaction.atomic():
        closing.lock_signers(envelope)
        envelope = Envelope.objects.select_related("client", "trail").get(pk=envelope.pk)
        if envelope.state == EnvelopeState.CANCELLED:
            return envelope
        if envelope.state != EnvelopeState.OPEN:
            raise NotCancellable
        try:
            bell.ring(*closing.close_envelope(envelope, EnvelopeState.CANCELLED, at=at, actor=actor))
        except StateChanged as error:
            raise NotCancellable from error
    return envelope
