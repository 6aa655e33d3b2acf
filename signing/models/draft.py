"""An envelope that somebody is still preparing: what they typed and the files they handed over, not yet proof."""

import shutil
import uuid
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.db import models
from django.db.models import Q

from signing.clients.models import Client
from signing.models.envelope import Document

SENDING = timedelta(minutes=3)  # a sending that has not ended by then was cut off


class DraftQuerySet(models.QuerySet["Draft"]):
    """Drafts, by whose they are."""

    def of(self, clients: models.QuerySet[Client]) -> "DraftQuerySet":
        """Those of some clients only: where every look from outside begins."""
        return self.filter(client__in=clients)


class Draft(models.Model):
    """What was typed so far, as it was typed. It goes when it is sent, given up, or `expires_at` has passed."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="drafts")
    typed = models.JSONField(default=dict)
    created_at = models.DateTimeField()
    expires_at = models.DateTimeField()
    sending_until = models.DateTimeField(null=True, blank=True)

    objects = DraftQuerySet.as_manager()

    def __str__(self) -> str:
        return str(self.public_id)

    @property
    def folder(self) -> Path:
        """Where its files lie until it is sent."""
        return Path(settings.DRAFTS_DIR) / str(self.public_id)

    def claim(self, *, at: datetime) -> bool:
        """Take it for sending; False where it is being sent already."""
        free = Q(sending_until__isnull=True) | Q(sending_until__lte=at)
        return bool(Draft.objects.filter(free, pk=self.pk).update(sending_until=at + SENDING))

    def release(self) -> None:
        """Give it back after a sending that came to nothing."""
        Draft.objects.filter(pk=self.pk).update(sending_until=None)

    def remove_files(self) -> None:
        shutil.rmtree(self.folder, ignore_errors=True)


class DraftDocument(models.Model):
    """A file of a draft with the verdict of its intake. Of a refused one (`label`) the bytes are not kept."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    draft = models.ForeignKey(Draft, on_delete=models.CASCADE, related_name="documents")
    n = models.PositiveSmallIntegerField()
    role = models.CharField(max_length=16, choices=Document.Role)
    title = models.CharField(max_length=200)
    filename = models.CharField(max_length=255)
    size = models.PositiveBigIntegerField()
    received_sha256 = models.CharField(max_length=64, blank=True)
    sha256 = models.CharField(max_length=64, blank=True)
    pages = models.PositiveIntegerField(default=0)
    checks = models.JSONField(default=list)
    label = models.CharField(max_length=32, blank=True)
    sentence = models.TextField(blank=True)
    sentence_en = models.TextField(blank=True)

    class Meta:
        constraints = [
            models.CheckConstraint(
                name="draft_document_accepted_or_refused",
                condition=Q(label="", sha256__gt="") | (~Q(label="") & Q(sha256="")),
            ),
        ]

    def __str__(self) -> str:
        return self.title

    @property
    def path(self) -> Path:
        """The file as it was received."""
        return self.draft.folder / f"{self.public_id}.pdf"
