"""Looking at what is kept of an envelope: every look is an entry of its trail."""

from datetime import datetime
from typing import Literal

from django.db import transaction

from evidence import events, looks, trail
from evidence.trail import Actor
from signing.models import Envelope, Signer

Page = Literal["sheet", "journal", "dossier", "document", "receipt", "certificate", "rollup"]


def consult(*, envelope: Envelope, page: Page, actor: Actor, at: datetime, signer: Signer | None = None) -> None:
    """Somebody of the client or of the operator has this page before them; a sealed dossier's goes into an addendum."""
    event = events.SheetConsulted(page=page, signer=str(signer.public_id) if signer else None)
    if page == "dossier":
        looks.look(envelope.trail, event, actor=actor, at=at)
        return
    with transaction.atomic():
        trail.append(envelope.trail, event, actor=actor, at=at)
