"""From how many processes messages are sent: two of all that there are, so that a server that hangs holds no others.

How long a send takes is for somebody else's server to say. Whoever sends letters has the first seat, whoever sends
codes the second, or the first where it is free; a signature finds the processes that have none. A seat is kept for a
while and again and again: who died has it no longer than `lasts`.
"""

from collections.abc import Sequence
from datetime import datetime, timedelta
from uuid import uuid4

from django.conf import settings
from django.db import models
from django.db.models import Q

FOR_LETTERS = ("first",)
FOR_CODES = ("second", "first")
LONGEST_SECONDS = 15.0


class Seat(models.Model):
    """One of them; `holder` is whoever took it last, empty where it was left."""

    name = models.CharField(max_length=16, unique=True)
    holder = models.CharField(max_length=64, blank=True)
    until = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.name} {self.holder}"

    @staticmethod
    def take(names: Sequence[str], *, at: datetime) -> "Seat | None":
        """The first of these that is free; None where others have all. A clock that was put back keeps none taken."""
        free = Q(holder="") | Q(until__lte=at) | Q(until__gt=at + 2 * lasts())
        for name in names:
            seat, _ = Seat.objects.get_or_create(name=name, defaults={"until": at})
            mine = uuid4().hex
            # Looked at before it is written: of hundreds that are rung at once few find one.
            if not Seat.objects.filter(free, pk=seat.pk).exists():
                continue
            if Seat.objects.filter(free, pk=seat.pk).update(holder=mine, until=at + lasts()):
                seat.holder = mine
                return seat
        return None

    def keep(self, *, at: datetime) -> None:
        """Have it for as long again, where nobody else has taken it meanwhile."""
        self._mine().update(until=at + lasts())

    def leave(self) -> None:
        self._mine().update(holder="")

    def _mine(self) -> "models.QuerySet[Seat]":
        return Seat.objects.filter(pk=self.pk, holder=self.holder)


def lasts() -> timedelta:
    """How long a seat is taken for at a time."""
    return timedelta(seconds=min(LONGEST_SECONDS, settings.LEASE_SECONDS))
