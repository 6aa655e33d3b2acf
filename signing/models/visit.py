"""The links and visits that lead to a path."""

from django.db import models
from django.utils.translation import gettext_lazy as _

from signing.models.signer import Signer


class AccessLink(models.Model):
    """One link token of a signer, kept as its SHA-256; all are live until the path ends or the contact changes."""

    class Means(models.TextChoices):
        MESSAGE = "message", _("envoyé")
        PRINTED = "printed", _("remis à qui a créé l’enveloppe")
        PASS = "pass", _("adresse signée du site du client")

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="links")
    means = models.CharField(max_length=8, choices=Means)
    digest = models.CharField(max_length=64, unique=True)
    created_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.signer_id} {self.created_at.isoformat()}"


class Visit(models.Model):
    """One browser (`session`: SHA-256 of its cookie) that opened one path; a browser may have several."""

    session = models.CharField(max_length=64)
    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="visits")
    opened_at = models.DateTimeField()
    seen_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["session", "signer"], name="visit_once")]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.opened_at.isoformat()}"
