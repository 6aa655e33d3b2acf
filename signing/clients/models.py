"""The tenant: a company that has documents signed, its codes' policy, who administers it."""

from django.conf import settings
from django.contrib.auth.models import AnonymousUser, User
from django.core.exceptions import ValidationError
from django.core.validators import MaxValueValidator, MinValueValidator
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

from evidence import keys
from otp.models import Policy
from signing.clients import callbacks, networks, schedule
from signing.clients.applications import Application
from signing.clients.consents import ConsentText
from signing.clients.looks import Look
from signing.clients.terms import Terms
from signing.engine import names

__all__ = [
    "AccessCertificate",
    "Application",
    "Client",
    "ConsentText",
    "FirstPassword",
    "Look",
    "Member",
    "ReferenceCounter",
    "Terms",
]


class Client(models.Model):
    """A company that has documents signed."""

    class Environment(models.TextChoices):
        """What its signatures are: trials that say TEST, or the real thing, with keys that are no sandbox's."""

        SANDBOX = "SANDBOX", _("bac à sable")
        PRODUCTION = "PRODUCTION", _("production")

    code = models.SlugField(_("code"), max_length=12, unique=True, help_text=_("préfixe des références, en majuscules"))
    name = models.CharField(_("nom"), max_length=120)
    contact_name = models.CharField(_("personne à contacter"), max_length=120, blank=True)
    contact_phone = models.CharField(_("téléphone"), max_length=40, blank=True)
    contact_email = models.EmailField(_("e-mail"), blank=True)
    told_of_ends = models.BooleanField(
        _("prévenir de chaque fin"),
        default=False,
        help_text=_(
            "un message à cet e-mail quand tous ont signé, qu’une personne refuse ou que trop de codes faux ferment un "
            "parcours ; un délai passé est toujours dit"
        ),
    )
    mail_name = models.CharField(
        _("nom de l’expéditeur"),
        max_length=80,
        blank=True,
        help_text=_("tel que les messages le montrent ; vide, celui de l’installation"),
    )
    reply_to = models.EmailField(_("réponses à"), blank=True, help_text=_("où vont les réponses à ses messages"))
    reminder_days = models.CharField(
        _("rappels"),
        max_length=40,
        blank=True,
        default="3 1",
        validators=[schedule.check],
        help_text=_("combien de jours avant le dernier : 7 3 1 ; vide, aucun rappel"),
    )
    writes_from = models.PositiveSmallIntegerField(_("rappels dès (h)"), default=8, validators=[MaxValueValidator(23)])
    writes_until = models.PositiveSmallIntegerField(
        _("rappels jusqu’à (h)"), default=20, validators=[MinValueValidator(1), MaxValueValidator(24)]
    )
    policy = models.ForeignKey(Policy, on_delete=models.PROTECT, verbose_name=_("politique de code"))
    dwell_ms = models.PositiveIntegerField(_("durée minimale par page (ms)"), default=1000)
    networks = models.TextField(
        _("réseaux du service"),
        blank=True,
        validators=[networks.check],
        help_text=_("d’où ses machines appellent : une adresse ou un préfixe (CIDR) par ligne ; vide, de partout"),
    )
    callback_hosts = models.TextField(
        _("hôtes des rappels"),
        blank=True,
        validators=[callbacks.check],
        help_text=_("où la fin d’une signature demandée en ASYNC peut être annoncée : un hôte par ligne, en https"),
    )
    return_hosts = models.TextField(
        _("hôtes de retour"),
        blank=True,
        validators=[callbacks.check],
        help_text=_(
            "où la dernière page peut ramener une personne venue du site du client : un hôte par ligne, en https"
        ),
    )
    document_megabytes = models.PositiveSmallIntegerField(
        _("taille d’un document (Mo)"),
        default=50,
        validators=[MinValueValidator(1), MaxValueValidator(200)],
        help_text=_("la plus grande que le client puisse remettre, jusqu’à 200"),
    )
    refuses_transparency = models.BooleanField(
        _("refuser les transparences"),
        default=False,
        help_text=_("les PDF qui en contiennent sont refusés, au lieu d’être acceptés avec une mention au dossier"),
    )
    location = models.CharField(
        _("lieu de signature"),
        max_length=80,
        blank=True,
        help_text=_("tel que les lecteurs de PDF le montrent avec la signature ; vide, ils n’en montrent pas"),
    )
    retention_years = models.PositiveSmallIntegerField(
        _("conservation des dossiers signés (années)"),
        default=10,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("après la clôture ; ensuite fichiers, archive et données personnelles sont détruits"),
    )
    retention_unsigned_years = models.PositiveSmallIntegerField(
        _("conservation de ce qui n’a pas été signé (années)"),
        default=1,
        validators=[MinValueValidator(1), MaxValueValidator(50)],
        help_text=_("refusé, échu, annulé ou sans aboutir"),
    )
    environment = models.CharField(_("environnement"), max_length=12, choices=Environment, default=Environment.SANDBOX)
    created_at = models.DateTimeField(_("créé le"))

    class Meta:
        verbose_name = _("client")

    def __str__(self) -> str:
        return self.name

    def clean(self) -> None:
        """Raise ValidationError for production with a sandbox's keys, a day without hours, what no dossier holds."""
        schedule.check_hours(self.writes_from, self.writes_until)
        for name in ("name", "contact_name", "contact_phone", "contact_email", "mail_name", "location"):
            if names.has_controls(getattr(self, name)):
                raise ValidationError({name: _("Ce texte contient un caractère invisible ; retapez-le.")})
        if self._state.adding and self.code != self.code.upper():
            raise ValidationError({"code": _("En majuscules.")})
        if not self.is_test and keys.are_of_sandbox():
            raise ValidationError(
                {"environment": _("Les clés de cette installation sont celles d’un bac à sable : pas de production.")}
            )

    @property
    def is_test(self) -> bool:
        """Whether its signatures are trials, and say TEST."""
        return self.environment != Client.Environment.PRODUCTION


class Member(models.Model):
    """A person with a role at a client. What a member may see and do follows from here and from nothing else."""

    class Role(models.TextChoices):
        ADMINISTRATOR = "ADMINISTRATOR", _("administrateur")

    user = models.ForeignKey(
        settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="memberships", verbose_name=_("personne")
    )
    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="members", verbose_name=_("client"))
    role = models.CharField(_("rôle"), max_length=16, choices=Role, default=Role.ADMINISTRATOR)

    class Meta:
        verbose_name = _("membre")
        constraints = [models.UniqueConstraint(fields=["user", "client"], name="member_once_per_client")]

    def __str__(self) -> str:
        return f"{self.user} ({self.client})"


class FirstPassword(models.Model):
    """A password that somebody else knows, because they made it: its user changes it before anything else."""

    user = models.OneToOneField(settings.AUTH_USER_MODEL, on_delete=models.CASCADE, related_name="first_password")
    given_at = models.DateTimeField()

    def __str__(self) -> str:
        return f"{self.user_id} {self.given_at.isoformat()}"


class AccessCertificate(models.Model):
    """A certificate that a client's machines present to the service; during a rotation a client has two."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT, related_name="access_certificates")
    fingerprint = models.CharField(_("empreinte SHA-256"), max_length=64, unique=True)  # of the DER, hex
    serial = models.CharField(_("numéro de série"), max_length=40)  # hex
    not_before = models.DateTimeField(_("valable dès le"))
    not_after = models.DateTimeField(_("valable jusqu’au"))
    revoked_at = models.DateTimeField(_("révoqué le"), null=True, blank=True)

    class Meta:
        verbose_name = _("certificat d’accès")
        verbose_name_plural = _("certificats d’accès")
        constraints = [
            models.CheckConstraint(
                condition=models.Q(not_after__gt=F("not_before")), name="access_certificate_lasts_a_while"
            ),
        ]

    def __str__(self) -> str:
        return f"{self.client_id} {self.fingerprint[:16]}"


class ReferenceCounter(models.Model):
    """The last number given to an envelope of a client in a year."""

    client = models.ForeignKey(Client, on_delete=models.PROTECT)
    year = models.PositiveSmallIntegerField()
    last = models.PositiveIntegerField(default=0)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["client", "year"], name="reference_counter_once")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.year} {self.last}"


def clients_of(user: User | AnonymousUser) -> models.QuerySet[Client]:
    """The clients whose envelopes a person may see: all for the operator (superuser), else where they are a member."""
    if not user.is_active or not user.is_staff:
        return Client.objects.none()
    return Client.objects.all() if user.is_superuser else Client.objects.filter(members__user_id=user.pk)


def next_reference(client: Client, *, year: int) -> str:
    """The next reference of a client, `EXS-2026-000001`; call it inside the transaction that uses it."""
    counter = ReferenceCounter.objects.filter(client=client, year=year)
    if not counter.update(last=F("last") + 1):  # the first of the year
        ReferenceCounter.objects.get_or_create(client=client, year=year)
        counter.update(last=F("last") + 1)
    last = counter.values_list("last", flat=True).get()
    return f"{client.code}-{year}-{last:06d}"
