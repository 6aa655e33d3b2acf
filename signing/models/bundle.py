"""Dossiers that somebody of a client takes away together: a ZIP that a worker makes and that goes after a day."""

import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _

from signing.models.envelope import Envelope


class Bundle(models.Model):
    """A selection of envelopes for one person. The row is the queue of the work; `done` of `total` are in the ZIP."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("en préparation")
        READY = "READY", _("prêt")
        FAILED = "FAILED", _("en échec")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    user = models.ForeignKey(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="bundles")
    role = models.CharField(max_length=8, help_text="client or operator: who took the dossiers, for their trails")
    envelopes = models.ManyToManyField(Envelope, related_name="bundles")
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    total = models.PositiveIntegerField()
    done = models.PositiveIntegerField(default=0)
    size = models.PositiveBigIntegerField(default=0)
    requested_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return f"{self.public_id} {self.done}/{self.total}"

    @property
    def path(self) -> Path:
        """The ZIP, once it is ready."""
        return Path(settings.BUNDLES_DIR) / f"{self.public_id}.zip"

    @property
    def unfinished(self) -> Path:
        """The ZIP while it grows."""
        return Path(settings.BUNDLES_DIR) / f"{self.public_id}.part"

    @staticmethod
    def free(at: datetime) -> Q:
        """Those that are due and held by nobody."""
        held = Q(lease_until__isnull=False, lease_until__gt=at)
        return Q(state=Bundle.State.QUEUED, due_at__lte=at) & ~held

    @staticmethod
    def claim(public_id: str, *, owner: str, at: datetime) -> "Bundle | None":
        """Take it for one worker; None where it is not due, done or held by another."""
        lease = at + timedelta(seconds=settings.LEASE_SECONDS)
        taken = Bundle.objects.filter(Bundle.free(at), public_id=public_id)
        if not taken.update(owner=owner, attempt=F("attempt") + 1, lease_until=lease):
            return None
        return Bundle.objects.select_related("user").get(public_id=public_id)

    def mine(self) -> "models.QuerySet[Bundle]":
        """The row, if this claim still holds it."""
        return Bundle.objects.filter(pk=self.pk, state=Bundle.State.QUEUED, owner=self.owner, attempt=self.attempt)

    def remove_files(self) -> None:
        """Take the ZIP away, finished or not."""
        for path in (self.path, self.unfinished):
            path.unlink(missing_ok=True)
