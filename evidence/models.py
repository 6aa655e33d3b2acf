"""Trail, entries, openings, dossiers: the rows of the proof. Entries are inserted, never changed (triggers hold it)."""

import uuid
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import models
from django.utils.translation import gettext_lazy as _

from evidence import chain
from evidence.archive.models import Deposit, Elimination, LegalHold

__all__ = ["Deposit", "Dossier", "Elimination", "Entry", "Heartbeat", "LegalHold", "LogNode", "Opening", "Trail"]


class Trail(models.Model):
    """The append-only journal of one envelope or of one bare order; this row is its head and its lock."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    tenant = models.CharField(max_length=64, help_text="opaque id of the client, for retention, archive and admin")
    reference = models.CharField(max_length=64, unique=True)
    head_seq = models.PositiveIntegerField(default=0)
    head_digest = models.CharField(max_length=64, default=chain.GENESIS)
    logged_seq = models.PositiveIntegerField(default=0, help_text="how many of its entries are in the log")
    created_at = models.DateTimeField()

    class Meta:
        indexes = [
            models.Index(
                fields=["created_at"],
                condition=models.Q(head_seq__gt=models.F("logged_seq")),
                name="trail_with_entries_to_log",
            )
        ]
        constraints = [
            models.CheckConstraint(
                condition=models.Q(logged_seq__lte=models.F("head_seq")), name="trail_logs_what_it_has"
            )
        ]

    def __str__(self) -> str:
        return self.reference


class Entry(models.Model):
    """One recorded fact. `canonical` is what is hashed; the other columns are an index that the scan compares."""

    class Source(models.TextChoices):
        SERVER = "server"
        CLIENT = "client"
        PROVIDER = "provider"

    id = models.UUIDField(primary_key=True, editable=False)
    trail = models.ForeignKey(Trail, on_delete=models.PROTECT, related_name="entries")
    seq = models.PositiveIntegerField()
    kind = models.CharField(max_length=64)
    at = models.DateTimeField()
    source = models.CharField(max_length=8, choices=Source)
    digest = models.CharField(max_length=64, unique=True)
    canonical = models.BinaryField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["trail", "seq"], name="entry_seq_once_per_trail")]

    def __str__(self) -> str:
        return f"{self.trail_id} {self.seq} {self.kind}"


class Opening(models.Model):
    """Value and salt of one commitment of one entry; erasing the row leaves the chain whole."""

    entry = models.ForeignKey(Entry, on_delete=models.PROTECT, related_name="openings")
    field = models.CharField(max_length=64)
    salt = models.BinaryField(max_length=32)
    value = models.TextField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["entry", "field"], name="opening_once_per_field")]

    def __str__(self) -> str:
        return f"{self.entry_id} {self.field}"


class LogNode(models.Model):
    """A complete subtree of the log over all entries (`evidence.merkle`); a leaf names its entry. Insert only."""

    level = models.PositiveSmallIntegerField()
    index = models.PositiveBigIntegerField()
    hash = models.BinaryField(max_length=32)
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, null=True, related_name="leaf")

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["level", "index"], name="lognode_once_per_place"),
            models.CheckConstraint(
                name="lognode_leaf_has_entry",
                condition=models.Q(level=0, entry__isnull=False) | models.Q(level__gt=0, entry__isnull=True),
            ),
        ]

    def __str__(self) -> str:
        return f"{self.level}/{self.index}"


class Dossier(models.Model):
    """The sealed proof file of one signer (`subject`, opaque) of one trail. The row is the queue of the sealing."""

    class State(models.TextChoices):
        QUEUED = "QUEUED", "en attente"
        SEALED = "SEALED", "scellé"
        QUARANTINED = "QUARANTINED", "en échec"
        DESTROYED = "DESTROYED", "éliminé"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trail = models.ForeignKey(Trail, on_delete=models.PROTECT, related_name="dossiers")
    subject = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.QUEUED)
    requested_at = models.DateTimeField()
    due_at = models.DateTimeField()
    owner = models.CharField(max_length=64, blank=True)
    attempt = models.PositiveSmallIntegerField(default=0)
    lease_until = models.DateTimeField(null=True, blank=True)
    xml_sha256 = models.CharField(max_length=64, blank=True)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    sealing_sha256 = models.CharField(max_length=64, blank=True, help_text="sealing part of its container")
    attestation_sha256 = models.CharField(max_length=64, blank=True, help_text="the signer's sheet, made with it")
    sealed_at = models.DateTimeField(null=True, blank=True)
    proven_until = models.DateTimeField(
        null=True, blank=True, help_text="end of the certificate of the authority that stamped it last"
    )

    looked_at = models.DateTimeField(null=True, blank=True, help_text="the first look that no addendum holds yet")

    class Meta:
        indexes = [
            models.Index(fields=["looked_at"], condition=models.Q(looked_at__isnull=False), name="dossier_looked_at"),
            models.Index(fields=["due_at", "lease_until"], condition=models.Q(state="QUEUED"), name="dossier_due"),
            models.Index(fields=["proven_until"], name="dossier_proven_until"),
        ]
        constraints = [
            models.UniqueConstraint(fields=["trail", "subject"], name="dossier_once_per_subject"),
            models.CheckConstraint(
                name="dossier_sealed_has_digests",
                condition=~models.Q(state="SEALED")
                | (models.Q(sealed_at__isnull=False) & ~models.Q(xml_sha256="") & ~models.Q(pdf_sha256="")),
            ),
        ]
        verbose_name = _("dossier de preuve")
        verbose_name_plural = _("dossiers de preuve")

    def __str__(self) -> str:
        return f"{self.trail} {self.state}"


class Addendum(models.Model):
    """A fact that came after a dossier was sealed, chained to it: its entry, and its own seal. The row is the queue.

    `files`: what goes with it, `[{"name", "sha256"}]`, each among the files.
    """

    dossier = models.ForeignKey(Dossier, on_delete=models.PROTECT, related_name="addenda")
    n = models.PositiveIntegerField(help_text="1 is the first after the dossier")
    entry = models.OneToOneField(Entry, on_delete=models.PROTECT, related_name="addendum")
    files = models.JSONField(default=list)
    recorded_at = models.DateTimeField()
    due_at = models.DateTimeField(
        help_text="when it is sealed or tried again; while somebody seals it, the end of the lease"
    )
    attempt = models.PositiveSmallIntegerField(default=0)
    quarantined_at = models.DateTimeField(null=True, blank=True)
    sealing_sha256 = models.CharField(max_length=64, blank=True, help_text="what it adds to the container")
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["dossier", "n"], name="addendum_once_per_place"),
            models.CheckConstraint(
                name="addendum_sealed_has_digest",
                condition=models.Q(sealed_at__isnull=True, sealing_sha256="")
                | (models.Q(sealed_at__isnull=False) & ~models.Q(sealing_sha256="")),
            ),
        ]
        indexes = [models.Index(fields=["recorded_at"], condition=models.Q(sealed_at=None), name="addendum_to_seal")]

    def __str__(self) -> str:
        return f"{self.dossier_id} {self.n}"

    @classmethod
    def record(
        cls, dossier: Dossier, entry: Entry, *, at: datetime, files: Sequence[dict[str, str]] = ()
    ) -> "Addendum":
        """Have an entry sealed as the next addendum, with files that are kept: `{"name", "sha256"}` each.

        Under the lock of the trail, which whoever has just added an entry holds: numbers have no gap.
        """
        n = cls.objects.filter(dossier=dossier).count() + 1
        return cls.objects.create(dossier=dossier, n=n, entry=entry, files=list(files), recorded_at=at, due_at=at)


class RollUp(models.Model):
    """The sheet over all dossiers of an envelope of several signers, for its client. The row is the queue."""

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    trail = models.OneToOneField(Trail, on_delete=models.PROTECT, related_name="rollup")
    due_at = models.DateTimeField(help_text="when it is made or tried again; while somebody makes it, end of the lease")
    attempt = models.PositiveSmallIntegerField(default=0)
    pdf_sha256 = models.CharField(max_length=64, blank=True)
    sealed_at = models.DateTimeField(null=True, blank=True)

    class Meta:
        indexes = [models.Index(fields=["due_at"], condition=models.Q(sealed_at=None), name="rollup_to_seal")]
        constraints = [
            models.CheckConstraint(
                name="rollup_sealed_has_digest",
                condition=models.Q(sealed_at__isnull=True, pdf_sha256="")
                | (models.Q(sealed_at__isnull=False) & ~models.Q(pdf_sha256="")),
            )
        ]

    def __str__(self) -> str:
        return f"{self.trail}"


class Heartbeat(models.Model):
    """What a worker last said of itself; the health page reads it, so that the web process opens no key."""

    name = models.CharField(max_length=32, unique=True)
    at = models.DateTimeField()
    good = models.BooleanField()
    facts = models.JSONField(default=dict)

    def __str__(self) -> str:
        return f"{self.name} {self.at.isoformat()}"

    @staticmethod
    def turn(name: str, *, every: timedelta, at: datetime) -> bool:
        """Whether the caller is to do now what many could do and one should, about once in `every`.

        True for one caller, where nobody had this answer for that long; a clock that was put back stops nobody.
        """
        Heartbeat.objects.get_or_create(name=name, defaults={"at": at - every, "good": True})
        due = models.Q(at__lte=at - every) | models.Q(at__gt=at + every)
        return Heartbeat.objects.filter(due, name=name).update(at=at) == 1
