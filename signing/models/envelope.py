"""Envelope, its documents and the revisions that signatures add to them."""

import re
import uuid
from datetime import datetime
from pathlib import Path

from django.db import models, transaction
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from evidence import files
from evidence.models import Trail
from signing.clients.models import Client
from signing.models.transitions import StateChanged, checked
from signing.states import ENVELOPE_TRANSITIONS, ENVELOPE_WORDS, EnvelopeState, SignerState


class EnvelopeQuerySet(models.QuerySet["Envelope"]):
    """Envelopes, by whose they are."""

    def of(self, clients: models.QuerySet[Client]) -> "EnvelopeQuerySet":
        """Those of some clients only: where every look from outside begins."""
        return self.filter(client__in=clients)


DEVICE = re.compile("con|prn|aux|nul|(com|lpt)[0-9]")  # names that Windows gives to no file


class Envelope(models.Model):
    """One transaction: documents, signers, one outcome."""

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="envelopes")
    trail = models.OneToOneField(Trail, on_delete=models.PROTECT, related_name="+")
    reference = models.CharField(_("référence"), max_length=40, unique=True)
    external_reference = models.CharField(_("référence du client"), max_length=120, blank=True)
    purpose = models.CharField(_("objet"), max_length=200, blank=True)
    language = models.CharField(_("langue"), max_length=2, default="fr")
    state = models.CharField(
        _("état"),
        max_length=12,
        choices=[(state.value, _(word)) for state, word in ENVELOPE_WORDS.items()],
        default=EnvelopeState.DRAFT,
    )
    created_at = models.DateTimeField(_("créée le"))
    expires_at = models.DateTimeField(_("expire le"))
    closed_at = models.DateTimeField(_("close le"), null=True, blank=True)
    dwell_ms = models.PositiveIntegerField(
        _("durée minimale par page (ms)"), default=1000, help_text=_("fixée à la création")
    )
    eliminated_at = models.DateTimeField(_("éliminée le"), null=True, blank=True)
    held_by = models.CharField(max_length=64, blank=True)  # public id of the signer whose signature goes on top now

    objects = EnvelopeQuerySet.as_manager()

    class Meta:
        verbose_name = _("enveloppe")
        indexes = [
            models.Index(fields=["expires_at"], condition=models.Q(state="OPEN"), name="envelope_open_until"),
            models.Index(fields=["client", "closed_at"], name="envelope_closed"),
        ]

    def __str__(self) -> str:
        return self.reference

    def move_to(self, state: EnvelopeState, *, at: datetime) -> None:
        """Change the state where the table allows it and nobody else did meanwhile; raises `StateChanged`."""
        checked(ENVELOPE_TRANSITIONS, EnvelopeState(self.state), state)
        ended = not ENVELOPE_TRANSITIONS[state]
        closed_at = at if ended else None
        if not Envelope.objects.filter(pk=self.pk, state=self.state).update(state=state, closed_at=closed_at):
            raise StateChanged(f"{self.reference} is no longer {self.state}")
        self.state, self.closed_at = state, closed_at

    def hold(self, signer: uuid.UUID) -> bool:
        """Keep the documents' newest revisions for one signer: each signature goes over the one before it.

        The hold ends when that signer's state is no longer SIGNING, not with a worker: one that dies between the
        service's commit and ours leaves a signature that nobody else may pass by.
        """
        with transaction.atomic():
            row = Envelope.objects.select_for_update().get(pk=self.pk)
            others = self.signers.filter(state=SignerState.SIGNING).exclude(public_id=signer)
            if row.held_by in {str(public_id) for public_id in others.values_list("public_id", flat=True)}:
                return False
            Envelope.objects.filter(pk=self.pk).update(held_by=str(signer))
            return True


class Document(models.Model):
    """A PDF in an envelope; `sha256` names the frozen bytes that every signer is shown."""

    class Role(models.TextChoices):
        TO_SIGN = "to_sign", _("à signer")
        FOR_INFORMATION = "for_information", _("pour information")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="documents")
    n = models.PositiveSmallIntegerField()
    role = models.CharField(_("nature"), max_length=16, choices=Role)
    title = models.CharField(_("titre"), max_length=200)
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("octets"))
    page_sizes = models.JSONField(help_text=_("largeur et hauteur de chaque page telle qu’affichée, en points"))
    repaired = models.BooleanField(_("réparé à la réception"), default=False)
    attachments = models.PositiveSmallIntegerField(_("fichiers joints"), default=0)
    checks = models.JSONField(_("à l’entrée"), default=list)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["envelope", "n"], name="document_once_per_n")]

    def __str__(self) -> str:
        return self.title

    @property
    def pages(self) -> int:
        return len(self.page_sizes)

    @property
    def is_layered(self) -> bool:
        """Whether it has optional content, all of it shown: intake refuses what is hidden."""
        return "layers" in self.checks

    @property
    def earlier_signatures(self) -> int:
        """Signatures and time stamps that the file had when it was handed in."""
        return self._counted("signatures")

    @property
    def unprinted(self) -> int:
        """Annotations that are seen on the screen and not on paper."""
        return self._counted("unprinted")

    def _counted(self, what: str) -> int:
        counts = (each.partition(":") for each in self.checks)
        return next((int(number) for name, _colon, number in counts if name == what), 0)

    @property
    def path(self) -> Path:
        """The frozen file."""
        return files.path_of(self.sha256)

    def file_name(self) -> str:
        """A name for the file that every system takes: letters, digits and hyphens, `.pdf` at the end."""
        stem = slugify(self.title)[:60]
        if DEVICE.fullmatch(stem):
            stem = f"document-{stem}"
        return f"{stem or 'document'}.pdf"

    def newest(self) -> "Revision | None":
        """The revision the last signature made; None before the first."""
        return self.revisions.order_by("-n").first()


class Revision(models.Model):
    """A signed file: the frozen bytes, earlier signatures, and one signer's signature added."""

    document = models.ForeignKey(Document, on_delete=models.PROTECT, related_name="revisions")
    signer = models.ForeignKey("signing.Signer", on_delete=models.PROTECT, related_name="revisions")
    n = models.PositiveSmallIntegerField()
    sha256 = models.CharField(max_length=64)
    size = models.PositiveBigIntegerField(_("octets"))
    signed_at = models.DateTimeField(_("signé le"))

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["document", "signer"], name="revision_once_per_signer"),
            models.UniqueConstraint(fields=["document", "n"], name="revision_once_per_n"),
        ]

    def __str__(self) -> str:
        return f"{self.document_id} {self.n}"

    @property
    def path(self) -> Path:
        """The signed file."""
        return files.path_of(self.sha256)
