"""Keeping an envelope beyond its time, letting it go again, and giving it up before its time."""

from datetime import datetime

from evidence.archive import elimination, rules
from evidence.models import Elimination
from evidence.trail import Actor
from signing.jobs import keeping
from signing.models import Envelope


class NotHeld(Exception):
    """The envelope is eliminated, or about to be."""


class NotReady(Exception):
    """The envelope is not over, is held, or waits for a dossier to be sealed or deposited; or it is going already."""


def hold(*, envelope: Envelope, reason: str, actor: Actor, at: datetime) -> None:
    """Keep everything of an envelope until the hold is lifted. Raises `NotHeld`."""
    try:
        elimination.place_hold(of=envelope.trail, reason=reason, actor=actor, at=at)
    except elimination.Held as error:
        raise NotHeld from error


def release(*, envelope: Envelope, actor: Actor, at: datetime) -> None:
    """Lift the hold; the client's retention applies again."""
    elimination.lift_hold(of=envelope.trail, actor=actor, at=at)


def is_ready(envelope: Envelope) -> bool:
    """Whether it can be eliminated as things stand."""
    return keeping.ready(Envelope.objects.filter(pk=envelope.pk)).exists()


def eliminate(*, envelope: Envelope, reason: Elimination.Reason, actor: Actor, at: datetime) -> None:
    """Have everything of an envelope eliminated before its time: a worker begins within seconds. Raises `NotReady`."""
    if not is_ready(envelope):
        raise NotReady
    rule = rules.asked(reason=reason, language=envelope.language)
    try:
        elimination.request(of=envelope.trail, reason=reason, rule=rule, actor=actor, at=at)
    except elimination.Held as error:
        raise NotReady from error
