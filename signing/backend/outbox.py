"""Call-backs that are to be posted: a row each, of the shape of all side effects (DESIGN, "Two ways to run").

The row is written in the transaction that ends an order; a worker posts it, again and again until it is taken or a day
has passed (reliability.md: retries for 24 hours at most, then a dead letter).
"""

import uuid
from datetime import datetime, timedelta
from itertools import islice, zip_longest
from typing import Any
from urllib.parse import urlsplit

from django.conf import settings
from django.db import models, transaction
from django.db.models import Q
from django.utils.translation import gettext_lazy as _

from evidence import events, trail

FIRST_RETRY = timedelta(seconds=10)
LONGEST_RETRY = timedelta(hours=4)
LIFE = timedelta(hours=24)
MOST_ATTEMPTS = 16  # with these waits a day has room for 13
LONGEST_LINE = 5000  # so many that are due are looked through for hosts


class Callback(models.Model):
    """One call-back of one order. `uid` goes with every attempt: who gets it twice knows it by that."""

    class Outcome(models.TextChoices):
        WAITING = "WAITING", _("en attente")
        DELIVERED = "DELIVERED", _("remis")
        DEAD = "DEAD", _("abandonné")

    uid = models.UUIDField(_("identifiant"), default=uuid.uuid4, unique=True, editable=False)
    order = models.ForeignKey("backend.Order", on_delete=models.PROTECT, related_name="callbacks")
    n = models.PositiveSmallIntegerField(default=1)
    url = models.CharField(_("adresse"), max_length=2000)
    outcome = models.CharField(_("issue"), max_length=12, choices=Outcome, default=Outcome.WAITING)
    due_at = models.DateTimeField(_("à envoyer le"))
    attempts = models.PositiveSmallIntegerField(_("tentatives"), default=0)
    last_answer = models.CharField(_("dernière réponse"), max_length=200, blank=True)
    created_at = models.DateTimeField(_("créé le"))
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("rappel")
        constraints = [models.UniqueConstraint(fields=["order", "n"], name="callback_once")]
        indexes = [models.Index(fields=["due_at"], condition=Q(outcome="WAITING"), name="callback_due")]

    def __str__(self) -> str:
        return f"{self.uid} {self.outcome}"

    @staticmethod
    def due(at: datetime, *, most: int) -> list[str]:
        """Ids of those to post now, the longest due first, hosts in turn: one that hangs keeps no other out."""
        waiting = Callback.objects.filter(outcome=Callback.Outcome.WAITING, due_at__lte=at).order_by("due_at", "pk")
        lines: dict[str, list[str]] = {}
        for pk, url in waiting.values_list("pk", "url")[:LONGEST_LINE]:
            lines.setdefault(_host(url), []).append(str(pk))
        in_turn = (pk for each in zip_longest(*lines.values()) for pk in each if pk is not None)
        return list(islice(in_turn, most))

    @staticmethod
    def claim(pk: str, *, at: datetime) -> "Callback | None":
        """Take a call-back that is due, for a lease; None where another has it or it has ended."""
        waiting = Callback.objects.filter(pk=pk, outcome=Callback.Outcome.WAITING, due_at__lte=at)
        lease = at + timedelta(seconds=settings.LEASE_SECONDS)
        if not waiting.update(due_at=lease, attempts=models.F("attempts") + 1):
            return None
        return Callback.objects.select_related("order__client", "order__trail").get(pk=pk)

    @staticmethod
    def host_of(pk: str) -> str | None:
        """Host and port that a call-back is for, while it waits; None for one that has ended."""
        waiting = Callback.objects.filter(pk=pk, outcome=Callback.Outcome.WAITING)
        url = waiting.values_list("url", flat=True).first()
        return None if url is None else _host(url)

    @property
    def was_deadly(self) -> bool:
        """Whether it has been taken more often than a day has room for: of some nobody told, for they died."""
        return self.attempts > MOST_ATTEMPTS

    def delivered(self, answer: str, *, at: datetime) -> None:
        """Write that it was taken; whoever has it meanwhile posts the same `uid` once more at most."""
        with transaction.atomic():
            if self._end(Callback.Outcome.DELIVERED, answer, at):
                self._tell(events.CallbackSent(answer=answer[:200], **self._told()), at)

    def failed(self, answer: str, *, at: datetime, final: bool = False) -> bool:
        """Write that it was not taken, and when it is tried again; give whether it never is (`final`, or a day old)."""
        wait = min(FIRST_RETRY * 3 ** min(self.attempts - 1, 12), LONGEST_RETRY)
        over = final or at + wait > self.created_at + LIFE
        with transaction.atomic():
            if over:
                written = self._end(Callback.Outcome.DEAD, answer, at)
            else:
                written = self._held().update(due_at=at + wait, last_answer=answer[:200])
            if written:
                self._tell(events.CallbackFailed(answer=answer[:200], retried=not over, **self._told()), at)
        return over

    def again(self, *, at: datetime) -> None:
        """Begin anew with a dead letter, for another day."""
        Callback.objects.filter(pk=self.pk, outcome=Callback.Outcome.DEAD).update(
            outcome=Callback.Outcome.WAITING, due_at=at, created_at=at, attempts=0, ended_at=None
        )

    def _end(self, outcome: "Callback.Outcome", answer: str, at: datetime) -> int:
        return self._held().update(outcome=outcome, last_answer=answer[:200], ended_at=at)

    def _told(self) -> dict[str, Any]:
        return {"callback": str(self.uid), "host": urlsplit(self.url).hostname or "", "attempt": self.attempts}

    def _tell(self, event: events.Event, at: datetime) -> None:
        trail.append(self.order.trail, event, actor=trail.SYSTEM, at=at)

    def _held(self) -> "models.QuerySet[Callback]":
        return Callback.objects.filter(pk=self.pk, outcome=Callback.Outcome.WAITING, due_at=self.due_at)


def _host(url: str) -> str:
    """Host and port, as the address has them."""
    return urlsplit(url).netloc.lower()
