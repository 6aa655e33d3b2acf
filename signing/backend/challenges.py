"""Codes that stand alone: sent to a contact for a client, judged for it, tied to no document."""

import hashlib
from datetime import datetime, timedelta

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from otp.models import Channel
from signing.clients.models import Client

OWNER = "alone-"


class Taken(Exception):
    """The row is another worker's by now, or has been settled."""


class Challenge(models.Model):
    """One code for one contact of a client.

    `owner` is whose codes, tries and locks count together: the contact's, whatever the day, so that nobody has more
    codes or tries by asking again, or at midnight. Its failures count for a day (`alone.FAILURES_LAST`).
    """

    class State(models.TextChoices):
        WAITING = "WAITING", _("à envoyer")
        SENT = "SENT", _("envoyé")
        FAILED = "FAILED", _("non envoyé")
        VERIFIED = "VERIFIED", _("vérifié")

    class Trouble(models.TextChoices):
        """Why it did not go out."""

        CAPPED = "CAPPED", _("plafond atteint")
        TOO_SOON = "TOO_SOON", _("trop tôt après un autre")
        LOCKED = "LOCKED", _("contact bloqué")
        BOUNCED = "BOUNCED", _("refusé par le destinataire")
        NOT_SENT = "NOT_SENT", _("non parti")

    client = models.ForeignKey(Client, verbose_name=_("client"), on_delete=models.PROTECT, related_name="challenges")
    owner = models.CharField(max_length=64)
    n = models.PositiveIntegerField(default=0, help_text="number of the code among its owner's; 0: none yet")
    external_id = models.CharField(_("identifiant chez l’appelant"), max_length=200, null=True, blank=True)  # noqa: DJ001 - NULL is never the same as NULL
    body_sha256 = models.CharField(max_length=64)
    channel = models.CharField(_("voie"), max_length=8, choices=Channel)
    contact = models.CharField(max_length=254)
    application = models.CharField(_("application"), max_length=20, blank=True)
    state = models.CharField(_("état"), max_length=12, choices=State, default=State.WAITING)
    trouble = models.CharField(_("empêchement"), max_length=16, choices=Trouble, blank=True)
    due_at = models.DateTimeField(_("à envoyer le"))
    attempts = models.PositiveSmallIntegerField(
        _("tentatives"), default=0, help_text="how often a worker has begun to send it"
    )
    created_at = models.DateTimeField(_("demandé le"))
    valid_until = models.DateTimeField(_("valable jusqu’au"), null=True, blank=True)
    verified_at = models.DateTimeField(_("vérifié le"), null=True, blank=True)

    class Meta:
        verbose_name = _("code seul")
        verbose_name_plural = _("codes seuls")
        constraints = [
            models.UniqueConstraint(fields=["client", "external_id"], name="challenge_once_per_external_id"),
            models.CheckConstraint(
                name="challenge_verified_has_time", condition=~Q(state="VERIFIED") | Q(verified_at__isnull=False)
            ),
        ]
        indexes = [
            models.Index(fields=["due_at"], condition=Q(state="WAITING"), name="challenge_due"),
            models.Index(fields=["owner", "n"], name="challenge_by_owner"),
            models.Index(fields=["created_at"], name="challenge_by_age"),
        ]

    def __str__(self) -> str:
        return f"{self.pk} {self.state}"

    @staticmethod
    def owner_of(client: Client, contact: str) -> str:
        """Whose codes these are, opaque: a contact of a client."""
        digest = hashlib.sha256(f"{client.pk}\x00{contact.lower()}".encode()).hexdigest()
        return f"{OWNER}{digest[:40]}"

    @property
    def binding(self) -> str:
        """What the code is tied to: the contact it was sent to."""
        return hashlib.sha256(self.contact.lower().encode()).hexdigest()

    @staticmethod
    def claim(pk: str, *, at: datetime) -> "Challenge | None":
        """Take one whose code is to be sent; None where another has it. Counted now: a worker that dies cannot."""
        lease = at + timedelta(seconds=settings.LEASE_SECONDS)
        waiting = Challenge.objects.filter(pk=pk, state=Challenge.State.WAITING, due_at__lte=at)
        if not waiting.update(due_at=lease, attempts=F("attempts") + 1):
            return None
        return Challenge.objects.select_related("client__policy").get(pk=pk)

    def begin(self, n: int) -> None:
        """Name the code that this worker is about to send: its message is this row's, whoever else asks for one.

        Raises `Taken` where the row is no longer in this worker's hands.
        """
        if not self._held().update(n=n):
            raise Taken
        self.n = n

    def settle(self, state: "Challenge.State", **changes: object) -> None:
        """Write what became of it, where it still is as it was read."""
        if self._held().update(state=state, **changes):
            for name, value in {"state": state, **changes}.items():
                setattr(self, name, value)
        else:
            self.refresh_from_db()

    def _held(self) -> models.QuerySet["Challenge"]:
        return Challenge.objects.filter(pk=self.pk, state=self.state, due_at=self.due_at)
