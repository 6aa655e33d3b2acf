"""Keeping an envelope beyond its time, and letting it go again."""

from datetime import datetime

from evidence.archive import elimination
from evidence.trail import Actor
from signing.models import Envelope


class NotHeld(Exception):
    """The envelope is eliminated, or about to be."""


def hold(*, envelope: Envelope, reason: str, actor: Actor, at: datetime) -> None:
    """Keep everything of an envelope until the hold is lifted. Raises `NotHeld`."""
    try:
        elimination.place_hold(of=envelope.trail, reason=reason, actor=actor, at=at)
    except elimination.Held as error:
        raise NotHeld from error


def release(*, envelope: Envelope, actor: Actor, at: datetime) -> None:
    """Lift the hold; the client's retention applies again."""
    elimination.lift_hold(of=envelope.trail, actor=actor, at=at)
