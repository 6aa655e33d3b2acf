"""Codes, what guards them, and the outbox of every mail and SMS."""

import uuid

from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.utils.translation import gettext_lazy as _

from otp import numbers

AT_LEAST_ONE = [MinValueValidator(1)]


class Channel(models.TextChoices):
    EMAIL = "email", _("e-mail")
    SMS = "sms", _("SMS")


class Policy(models.Model):
    """What a client's codes look like and how often they may be tried and sent."""

    class Alphabet(models.TextChoices):
        DIGITS = "DIGITS", _("chiffres")
        LETTERS = "LETTERS", _("lettres et chiffres")

    class Way(models.TextChoices):
        EITHER = "", _("SMS ou e-mail")
        SMS = "sms", _("SMS seulement")
        EMAIL = "email", _("e-mail seulement")

    name = models.CharField(_("nom"), max_length=80, unique=True)
    length = models.PositiveSmallIntegerField(
        _("longueur"), default=6, validators=[MinValueValidator(6), MaxValueValidator(12)]
    )
    alphabet = models.CharField(_("alphabet"), max_length=8, choices=Alphabet, default=Alphabet.DIGITS)
    upper_case = models.BooleanField(
        _("majuscules exigées"), default=False, help_text=_("sinon, a et A sont la même lettre")
    )
    single_use = models.BooleanField(
        _("usage unique"), default=True, help_text=_("sinon, un code accepté le reste jusqu’à la fin de sa validité")
    )
    way = models.CharField(_("voie"), max_length=8, choices=Way, blank=True, default=Way.EITHER)
    mail_instead = models.BooleanField(
        _("e-mail à la place du SMS"),
        default=False,
        help_text=_(
            "la page du code propose l’e-mail à qui attend un SMS ; le code n’est alors plus un second moyen. "
            "Seulement où les deux voies sont admises"
        ),
    )
    countries = models.CharField(
        _("pays"),
        max_length=200,
        blank=True,
        validators=[numbers.check_countries],
        help_text=_("où un SMS peut partir : codes à deux lettres (FR BE CH) ; vide, partout"),
    )
    validity_seconds = models.PositiveIntegerField(_("validité (s)"), default=600, validators=[MinValueValidator(60)])
    tries = models.PositiveSmallIntegerField(_("essais par code"), default=5, validators=AT_LEAST_ONE)
    failures_to_lock = models.PositiveSmallIntegerField(_("échecs avant blocage"), default=10, validators=AT_LEAST_ONE)
    sends_per_hour = models.PositiveSmallIntegerField(_("envois par heure"), default=5, validators=AT_LEAST_ONE)
    cooldown_seconds = models.PositiveIntegerField(_("délai entre deux envois (s)"), default=30)
    contact_a_day = models.PositiveIntegerField(
        _("messages par contact et par jour"), default=20, help_text=_("codes et lettres ; 0, sans limite")
    )
    client_a_day = models.PositiveIntegerField(
        _("messages du client par jour"), default=20_000, help_text=_("0, sans limite")
    )
    sms_a_day = models.PositiveIntegerField(
        _("SMS du client par jour"), default=5_000, help_text=_("un SMS long en compte plusieurs ; 0, sans limite")
    )

    class Meta:
        verbose_name = _("politique de code")
        verbose_name_plural = _("politiques de code")
        constraints = [models.CheckConstraint(name="policy_at_least_six_digits", condition=models.Q(length__gte=6))]

    def __str__(self) -> str:
        return self.name

    @property
    def mails_instead(self) -> bool:
        """Whether who waits for an SMS may have a mail."""
        return self.mail_instead and self.way == Policy.Way.EITHER

    @property
    def has_letters(self) -> bool:
        return self.alphabet == Policy.Alphabet.LETTERS


class Spent(models.Model):
    """How many messages went to somebody, or in somebody's name, on a day (UTC): what caps are counted by.

    `key` is a keyed digest: whoever reads the table learns no address.
    """

    key = models.CharField(max_length=64)
    day = models.DateField()
    count = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["key", "day"], name="spent_once_per_day")]

    def __str__(self) -> str:
        return f"{self.key[:8]} {self.day} {self.count}"


class Guard(models.Model):
    """Failures of one owner (opaque id of an order, or of a contact) over all its codes; a new code resets none."""

    owner = models.CharField(max_length=64, unique=True)
    failures = models.PositiveSmallIntegerField(default=0)
    locked_at = models.DateTimeField(null=True, blank=True)

    def __str__(self) -> str:
        return self.owner


class Code(models.Model):
    """One code sent to one owner: its keyed digest, never the code; none where another service made it."""

    class State(models.TextChoices):
        LIVE = "LIVE"
        ACCEPTED = "ACCEPTED"
        EXHAUSTED = "EXHAUSTED"
        SUPERSEDED = "SUPERSEDED"

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64)
    n = models.PositiveIntegerField()
    binding = models.CharField(max_length=64, blank=True, help_text="what the code is tied to; empty: nothing yet")
    tied_later = models.BooleanField(default=False, help_text="issued before there was anything to tie it to")
    digest = models.CharField(max_length=64)
    state = models.CharField(max_length=12, choices=State, default=State.LIVE)
    tries_left = models.PositiveSmallIntegerField()
    issued_at = models.DateTimeField()
    valid_until = models.DateTimeField()
    tenant = models.CharField(max_length=64, blank=True, help_text="opaque id of the client it was sent for")
    channel = models.CharField(max_length=8, choices=Channel, blank=True)
    number = models.CharField(max_length=64, blank=True, help_text="keyed digest of the number, for alarms")
    block = models.CharField(max_length=64, blank=True, help_text="keyed digest of the number without its last digits")

    class Meta:
        indexes = [
            models.Index(fields=["issued_at"], condition=models.Q(channel=Channel.SMS.value), name="code_by_sms_when")
        ]
        constraints = [
            models.UniqueConstraint(fields=["owner", "n"], name="code_once_per_owner_and_n"),
            models.UniqueConstraint(fields=["owner"], condition=models.Q(state="LIVE"), name="code_one_live_per_owner"),
        ]

    def __str__(self) -> str:
        return f"{self.owner} {self.n} {self.state}"


class Try(models.Model):
    """The verdict on one typed code, kept by the id of its try: judged again, the same try is not counted again."""

    owner = models.CharField(max_length=64)
    try_id = models.CharField(max_length=64)
    verdict = models.CharField(max_length=8)
    n = models.PositiveIntegerField(help_text="of which code; 0: none was live")
    left = models.PositiveSmallIntegerField()
    failures = models.PositiveSmallIntegerField()
    judged_at = models.DateTimeField()

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "try_id"], name="try_once")]

    def __str__(self) -> str:
        return f"{self.owner} {self.verdict}"


class Alarm(models.Model):
    """Something about a client's codes or access that somebody should look at; one a day (UTC) for each kind."""

    class Kind(models.TextChoices):
        CONVERSION = "CONVERSION", _("peu de codes reviennent")
        SEQUENCE = "SEQUENCE", _("numéros qui se suivent")
        ACCESS = "ACCESS", _("accès qui prend fin")

    tenant = models.CharField(_("client"), max_length=64)
    kind = models.CharField(_("sorte"), max_length=12, choices=Kind)
    day = models.DateField(_("jour"))
    raised_at = models.DateTimeField(_("donnée le"))
    count = models.PositiveIntegerField(_("SMS, numéros ou jours"))
    verified = models.PositiveIntegerField(_("codes revenus"), null=True, blank=True)

    class Meta:
        verbose_name = _("alarme")
        constraints = [models.UniqueConstraint(fields=["tenant", "kind", "day"], name="alarm_once_a_day")]

    def __str__(self) -> str:
        return f"{self.tenant} {self.kind} {self.day}"


class Message(models.Model):
    """One mail or SMS: the row is the queue. Content and recipient are made at the moment of sending."""

    class Outcome(models.TextChoices):
        WAITING = "WAITING", _("à envoyer")
        SENT = "SENT", _("envoyé")
        BOUNCED = "BOUNCED", _("refusé")
        DEAD = "DEAD", _("abandonné")

    class Report(models.TextChoices):
        """What was told after it was handed over."""

        NONE = "", _("aucun")
        TAKEN = "TAKEN", _("pris en charge")
        DELIVERED = "DELIVERED", _("remis")
        FAILED = "FAILED", _("non remis")

    id = models.UUIDField(primary_key=True, default=uuid.uuid4, editable=False)
    owner = models.CharField(max_length=64, help_text="opaque id of what the message is about")
    kind = models.CharField(_("sorte"), max_length=32)
    n = models.PositiveIntegerField(default=1)
    channel = models.CharField(_("voie"), max_length=8, choices=Channel)
    outcome = models.CharField(_("issue"), max_length=8, choices=Outcome, default=Outcome.WAITING)
    due_at = models.DateTimeField(_("à envoyer le"))
    attempts = models.PositiveSmallIntegerField(_("tentatives"), default=0)
    claimed_by = models.CharField(max_length=64, blank=True)
    lease_until = models.DateTimeField(null=True, blank=True)
    created_at = models.DateTimeField(_("créé le"))
    sent_at = models.DateTimeField(_("envoyé le"), null=True, blank=True)
    message_id = models.CharField(max_length=200, blank=True, help_text="at whoever took it")
    report = models.CharField(_("compte rendu"), max_length=12, choices=Report, blank=True, default=Report.NONE)
    reported_at = models.DateTimeField(_("rendu le"), null=True, blank=True)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["owner", "kind", "n"], name="message_once")]
        indexes = [
            models.Index(fields=["message_id"], name="message_by_id"),
            models.Index(fields=["due_at"], condition=models.Q(outcome="WAITING"), name="message_due"),
            models.Index(
                fields=["lease_until"],
                condition=models.Q(outcome="WAITING", lease_until__isnull=False),
                name="message_in_hand",
            ),
        ]
        verbose_name = _("message")

    def __str__(self) -> str:
        return f"{self.kind} {self.owner} {self.n}"
