"""One person in one envelope, who owns the state of a path."""

import uuid
from datetime import datetime, timedelta

from django.db import models
from django.db.models import F, Q
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from evidence import durations
from evidence.events import BoundConsent, BoundTerms
from signing.clients import mentions
from signing.clients.terms import Terms
from signing.models.envelope import Envelope
from signing.models.transitions import StateChanged, checked
from signing.states import ENDED, SIGNER_TRANSITIONS, SIGNER_WORDS, SignerState

LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]
__all__ = ["CodeChannel", "Signer", "SignerConsent", "StateChanged"]


class CodeChannel(models.TextChoices):
    EMAIL = "email", _("par e-mail")
    SMS = "sms", _("par SMS")
    NONE = "none", _("aucun code")


class Signer(models.Model):
    """One person in one envelope. `work` says what a worker has to do for this row; the row is the queue."""

    class Work(models.TextChoices):
        NONE = "", _("rien")
        SEND_CODE = "SEND_CODE", _("envoyer un code")
        SIGN = "SIGN", _("signer")
        REFUSE = "REFUSE", _("clore l’ordre après un refus")

    class CodeTrouble(models.TextChoices):
        NONE = "", _("aucun")
        WRONG = "WRONG", _("code faux")
        NO_TRIES_LEFT = "NO_TRIES_LEFT", _("plus d’essai")
        GONE = "GONE", _("code périmé")
        UNDELIVERED = "UNDELIVERED", _("message non remis")
        UNANSWERED = "UNANSWERED", _("envoi sans réponse")

    public_id = models.UUIDField(default=uuid.uuid4, unique=True, editable=False)
    envelope = models.ForeignKey(Envelope, on_delete=models.PROTECT, related_name="signers")
    n = models.PositiveSmallIntegerField()
    first_name = models.CharField(_("prénom"), max_length=300)
    last_name = models.CharField(pgettext_lazy("famille", "nom"), max_length=300)
    email = models.EmailField(_("e-mail"))
    mobile = models.CharField(_("mobile"), max_length=32, blank=True)
    state = models.CharField(
        _("état"),
        max_length=12,
        choices=[(state.value, _(word)) for state, word in SIGNER_WORDS.items()],
        default=SignerState.WAITING,
    )
    waiting_for = models.CharField(
        _("attend"),
        max_length=8,
        blank=True,
        choices=[
            ("tsa", _("horodatage")),
            ("crl", _("révocation")),
            ("keys", _("clés")),
            ("mail", _("messagerie")),
            ("order", _("ordre")),
            ("remote", _("service distant")),
        ],
    )
    binding = models.CharField(_("empreinte du parcours"), max_length=64, blank=True)
    code_channel = models.CharField(_("code"), max_length=8, choices=CodeChannel, default=CodeChannel.EMAIL)
    language = models.CharField(_("langue"), max_length=2, choices=LANGUAGES, default="fr")
    turn = models.PositiveSmallIntegerField(
        _("tour"), default=1, help_text=_("on signe une fois que tous ceux d’un tour précédent ont signé")
    )

    work = models.CharField(max_length=12, choices=Work, blank=True, default=Work.NONE)
    work_owner = models.CharField(max_length=64, blank=True)
    work_attempt = models.PositiveSmallIntegerField(default=0)
    work_failures = models.PositiveSmallIntegerField(default=0)
    work_due_at = models.DateTimeField(null=True, blank=True)
    work_lease_until = models.DateTimeField(null=True, blank=True)

    order = models.CharField(
        _("ordre"), max_length=64, blank=True, help_text=_("référence chez le service de signature")
    )
    sealed_code = models.TextField(blank=True, help_text=_("le code saisi, chiffré jusqu’à son jugement"))
    code_try = models.CharField(max_length=32, blank=True, help_text=_("id de cet essai, fait quand le code est saisi"))
    code_sent_at = models.DateTimeField(null=True, blank=True)
    code_valid_until = models.DateTimeField(null=True, blank=True)
    code_resend_at = models.DateTimeField(null=True, blank=True)
    code_tries_left = models.PositiveSmallIntegerField(null=True, blank=True)
    code_masked = models.CharField(max_length=120, blank=True)
    code_trouble = models.CharField(max_length=16, choices=CodeTrouble, blank=True, default=CodeTrouble.NONE)

    reading_credit_ms = models.PositiveIntegerField(default=0)
    reading_credit_at = models.DateTimeField(null=True, blank=True)

    disowned_at = models.DateTimeField(
        null=True,
        blank=True,
        help_text="whoever reads the mailbox said: this is not me; until somebody resumes the path",
    )
    held_from = models.CharField(max_length=12, blank=True, help_text="the state in which that stopped the path")
    stopped_at = models.DateTimeField(
        null=True, blank=True, help_text="whoever reads the mailbox wants no more letters"
    )

    return_url = models.CharField(max_length=2000, blank=True)
    opened_at = models.DateTimeField(_("ouvert le"), null=True, blank=True)
    enabled_at = models.DateTimeField(null=True, blank=True)
    clicked_at = models.DateTimeField(_("SIGNER cliqué le"), null=True, blank=True)
    delivered_at = models.DateTimeField(null=True, blank=True)
    ended_at = models.DateTimeField(_("terminé le"), null=True, blank=True)

    class Meta:
        verbose_name = _("signataire")
        # Every question for what is due implies it; one for a sort of work does not imply `work != ""` on SQLite.
        indexes = [models.Index(fields=["work_due_at"], condition=Q(work_due_at__isnull=False), name="signer_work_due")]
        constraints = [
            models.UniqueConstraint(fields=["envelope", "n"], name="signer_once_per_n"),
            models.CheckConstraint(name="signer_work_has_due", condition=Q(work="") | Q(work_due_at__isnull=False)),
        ]

    def __str__(self) -> str:
        return self.full_name

    @property
    def full_name(self) -> str:
        return f"{self.first_name} {self.last_name}".strip()

    @property
    def digits(self) -> str:
        """The first eight hex digits of the binding."""
        return self.binding[:8]

    @property
    def is_held(self) -> bool:
        """Whether the path stopped because somebody said that they are not the signer, and nobody has decided yet."""
        return self.state == SignerState.QUARANTINED and bool(self.held_from)

    def move_to(self, state: SignerState, *, at: datetime, **changes: object) -> None:
        """Change the state, and fields with it, where the table allows it; raises `StateChanged`."""
        checked(SIGNER_TRANSITIONS, SignerState(self.state), state)
        if state in ENDED:
            changes |= {"ended_at": at}
        if not Signer.objects.filter(pk=self.pk, state=self.state).update(state=state, **changes):
            raise StateChanged(f"signer {self.pk} is no longer {self.state}")
        self.refresh_from_db()

    def give_work(self, work: Work, *, at: datetime) -> None:
        """Put something to do into the row, due now; raises `StateChanged` where it has something to do already."""
        given = Signer.objects.filter(pk=self.pk, work="").update(
            work=work, work_due_at=at, work_owner="", work_attempt=0, work_failures=0, work_lease_until=None
        )
        if not given:
            raise StateChanged(f"signer {self.pk} already has work")
        self.refresh_from_db()

    @staticmethod
    def claim(public_id: str, work: Work, *, owner: str, at: datetime, documents: int = 0) -> "Signer | None":
        """Take the row's work for one worker: None where it has none, is not due, or another holds a live lease.

        The more `documents` it signs, the longer is the lease. The claim counts as a failure until its outcome is
        written: a worker that is killed has failed.
        """
        free = Q(work_lease_until__isnull=True) | Q(work_lease_until__lte=at)
        taken = Signer.objects.filter(free, public_id=public_id, work=work, work_due_at__lte=at).update(
            work_owner=owner,
            work_attempt=F("work_attempt") + 1,
            work_failures=F("work_failures") + 1,
            work_lease_until=at + timedelta(seconds=durations.lease_seconds(documents)),
        )
        return (
            Signer.objects.select_related("envelope__client", "envelope__trail").get(public_id=public_id)
            if taken
            else None
        )

    def finish(self, state: SignerState | None = None, *, at: datetime, **changes: object) -> None:
        """End the claimed work, and change the state; raises `StateChanged` where the claim was lost."""
        if state is not None:
            checked(SIGNER_TRANSITIONS, SignerState(self.state), state)
            changes |= {"state": state, **({"ended_at": at} if state in ENDED else {})}
        changes |= {"work": self.Work.NONE, "work_lease_until": None, "work_due_at": None, "work_failures": 0}
        self._write(waiting_for="", **changes)

    def postpone(self, *, due_at: datetime, failed: bool, **changes: object) -> None:
        """Give the claimed work back until `due_at`; what merely waits (not `failed`) is not held against it."""
        failures = self.work_failures if failed else self.work_failures - 1
        self._write(work_lease_until=None, work_due_at=due_at, work_failures=failures, **changes)

    def keep_order(self, order: str) -> None:
        """Remember the order at the signing service; raises `StateChanged` where the claim was lost."""
        self._write(order=order)

    def forget_code(self) -> None:
        """The typed code was accepted and is needed no more; raises `StateChanged` where the claim was lost."""
        if self.sealed_code:
            self._write(sealed_code="")

    def _write(self, **changes: object) -> None:
        """Write under the claim this row was taken with."""
        held = Signer.objects.filter(
            pk=self.pk, work=self.work, work_owner=self.work_owner, work_attempt=self.work_attempt, state=self.state
        )
        if not held.update(**changes):
            raise StateChanged(f"signer {self.pk}: the claim was lost")
        self.refresh_from_db()


class SignerConsent(models.Model):
    """One statement as this signer sees it, fixed when the path is armed."""

    signer = models.ForeignKey(Signer, on_delete=models.PROTECT, related_name="consents")
    key = models.CharField(max_length=32)
    version = models.CharField(max_length=16)
    language = models.CharField(max_length=2)
    position = models.PositiveSmallIntegerField()
    text = models.TextField()
    sha256 = models.CharField(max_length=64)
    terms = models.ForeignKey(Terms, on_delete=models.PROTECT, null=True, related_name="+")  # those that it names
    mention = models.CharField(max_length=mentions.LONGEST, blank=True)  # what the signer is to type
    checked_at = models.DateTimeField(null=True, blank=True)
    typed = models.CharField(max_length=mentions.LONGEST_TYPED, blank=True)
    typed_at = models.DateTimeField(null=True, blank=True)  # when the mention was typed as it is asked for

    class Meta:
        constraints = [models.UniqueConstraint(fields=["signer", "key"], name="signer_consent_once")]

    def __str__(self) -> str:
        return f"{self.signer_id} {self.key}"

    def bound(self) -> BoundConsent:
        """The statement as entries name it."""
        terms = BoundTerms(version=self.terms.version, sha256=self.terms.sha256) if self.terms else None
        return BoundConsent(
            id=self.key,
            version=self.version,
            language=self.language,
            sha256=self.sha256,
            terms=terms,
            mention=self.mention or None,
        )
