"""Rows of archiving and keeping: what is to be deposited, what may not be destroyed, what was."""

import uuid

from django.db import models
from django.utils.translation import gettext_lazy as _


class Deposit(models.Model):
    """One package for one archive. The row is the queue of its deposit, and afterwards says where the package is."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("dépôt en attente")
        KEPT = "KEPT", _("déposé")
        REFUSED = "REFUSED", _("refusé par l’archive")
        DESTROYED = "DESTROYED", _("éliminé")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trail = models.ForeignKey("evidence.Trail", on_delete=models.PROTECT, null=True, related_name="deposits")
    section = models.CharField(max_length=63)
    archive = models.CharField(max_length=40)
    kind = models.CharField(max_length=12)
    subject = models.CharField(max_length=64, help_text="what is deposited: of a dossier its id, of the log its day")
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    reason = models.CharField(max_length=120, blank=True, help_text="why the last attempt came to nothing")
    words = models.TextField(
        blank=True, help_text="what it is found by: reference, names, titles, keywords; lower case"
    )
    archive_id = models.CharField(max_length=200, blank=True)
    manifest_sha256 = models.CharField(max_length=64, blank=True)
    receipt_sha256 = models.CharField(max_length=64, blank=True, help_text="the receipt, verbatim, among the files")
    seal_sha256 = models.CharField(max_length=64, blank=True, help_text="the seal over it, where there is one")
    kept_at = models.DateTimeField(null=True, blank=True)
    checked_at = models.DateTimeField(null=True, blank=True, help_text="when the archive was last asked for all of it")
    sound = models.BooleanField(default=True, help_text="what that check found")

    class Meta:
        app_label = "evidence"
        verbose_name = _("dépôt en archive")
        verbose_name_plural = _("archive")
        constraints = [
            models.UniqueConstraint(fields=["kind", "subject", "archive"], name="deposit_once_per_archive"),
            models.CheckConstraint(
                name="deposit_kept_has_receipt",
                condition=~models.Q(state="KEPT")
                | (models.Q(kept_at__isnull=False) & ~models.Q(receipt_sha256="") & ~models.Q(archive_id="")),
            ),
        ]
        indexes = [
            models.Index(fields=["due_at", "lease_until"], condition=models.Q(state="QUEUED"), name="deposit_in_turn"),
            models.Index(fields=["checked_at"], condition=models.Q(state="KEPT"), name="deposit_to_check"),
        ]

    def __str__(self) -> str:
        return f"{self.kind} {self.subject} {self.state}"


class LegalHold(models.Model):
    """While one stands over a trail, nothing of it is destroyed, whatever its age."""

    trail = models.ForeignKey("evidence.Trail", on_delete=models.PROTECT, related_name="holds")
    placed_at = models.DateTimeField()
    lifted_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        app_label = "evidence"
        constraints = [
            models.UniqueConstraint(
                fields=["trail"], condition=models.Q(lifted_at__isnull=True), name="hold_one_at_a_time"
            )
        ]

    def __str__(self) -> str:
        return f"{self.trail_id} {self.placed_at.isoformat()}"


class Elimination(models.Model):
    """The end of what is kept of one trail. The row is the queue of the work; afterwards it holds the certificate."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", _("élimination demandée")
        ERASED = "ERASED", _("données effacées")
        DONE = "DONE", _("éliminé")

    class Reason(models.TextChoices):
        """Why, as the entry of it says."""

        RETENTION = "retention", _("fin de la conservation")
        PERSON = "request", _("à la demande de la personne")
        CLIENT = "client", _("sur décision du client")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trail = models.OneToOneField("evidence.Trail", on_delete=models.PROTECT, related_name="elimination")
    rule = models.CharField(max_length=120, help_text="by which rule of keeping, in plain words")
    reason = models.CharField(max_length=10, choices=Reason, default=Reason.RETENTION)
    state = models.CharField(max_length=8, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    released = models.JSONField(default=list, help_text="SHA-256 of the files that this trail gives up")
    erased_at = models.DateTimeField(null=True, blank=True)
    certificate_sha256 = models.CharField(max_length=64, blank=True)
    seal_sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)

    class Meta:
        app_label = "evidence"

    def __str__(self) -> str:
        return f"{self.trail_id} {self.state}"
