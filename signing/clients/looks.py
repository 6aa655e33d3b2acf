"""How a client's visible signatures and signers' pages look: its logo, its ink, and what a stamp of it looks like."""

import hashlib
from datetime import datetime
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from signing.clients import inks
from signing.engine import pictures
from signing.engine.stamp import Stamp

if TYPE_CHECKING:
    from signing.clients.models import Client

MOST_BYTES = 500_000


class Look(models.Model):
    """How the visible signatures of a client look, and where they stand where nothing else is said."""

    client = models.OneToOneField(
        "clients.Client", on_delete=models.CASCADE, related_name="look", verbose_name=_("client")
    )
    logo = models.BinaryField(_("logo"), default=bytes, blank=True)
    label = models.CharField(
        _("première ligne"), max_length=60, blank=True, help_text=_("à la place de « Signé électroniquement par »")
    )
    ink = models.CharField(
        _("couleur des pages et des messages"),
        max_length=7,
        blank=True,
        validators=[inks.check],
        help_text=_("boutons, liens et initiales : #24408e ; vide, celle de Paraphe"),
    )
    page = models.PositiveIntegerField(_("page"), null=True, blank=True, help_text=_("vide : la dernière"))
    x = models.FloatField(_("x"), null=True, blank=True, help_text=_("points depuis la gauche ; vide : à droite"))
    y = models.FloatField(_("y"), null=True, blank=True, help_text=_("points depuis le bas ; vide : en bas"))

    class Meta:
        verbose_name = _("apparence des signatures")
        verbose_name_plural = _("apparences des signatures")
        constraints = [
            models.CheckConstraint(
                name="look_place_is_whole",
                condition=models.Q(x__isnull=True, y__isnull=True) | models.Q(x__isnull=False, y__isnull=False),
                violation_error_message=_("Indiquez x et y, ou aucun des deux."),
            ),
            models.CheckConstraint(
                name="look_page_from_one",
                condition=models.Q(page__isnull=True) | models.Q(page__gte=1),
                violation_error_message=_("Les pages se comptent à partir de 1."),
            ),
        ]

    def __str__(self) -> str:
        return str(self.client)

    @staticmethod
    def of(client: "Client") -> "Look":
        """The client's look; one that says nothing where none was made."""
        return Look.objects.filter(client=client).first() or Look(client=client)

    @property
    def picture(self) -> pictures.Picture | None:
        """The logo, decoded."""
        return pictures.read(bytes(self.logo)) if self.logo else None

    @property
    def logo_digest(self) -> str:
        """What the address of the logo carries, so that it can be kept for ever; empty where there is none."""
        return hashlib.sha256(self.logo).hexdigest()[:32] if self.logo else ""

    @property
    def place(self) -> dict[str, float]:
        """Page and place, as far as they are given."""
        return {name: value for name in ("page", "x", "y") if (value := getattr(self, name)) is not None}


def check_logo(content: bytes) -> None:
    """Raise ValidationError for what is no PNG or JPEG, or is too large to go into every signature."""
    if len(content) > MOST_BYTES:
        raise ValidationError(gettext("Ce logo dépasse 500 Ko."))
    try:
        pictures.read(content)
    except pictures.NoPicture as error:
        raise ValidationError(gettext("Ce logo n’est pas une image PNG ou JPEG.")) from error


def sample(look: Look, *, at: datetime) -> Stamp:
    """The stamp of an imaginary signer in this look, on a document of one page."""
    place: dict[str, Any] = look.place | ({"page": 1} if look.page else {})
    reference = f"{look.client.code}-{at.year}-000001"
    return Stamp(
        name="Camille Martin",
        signed_at=at,
        zone=settings.TIME_ZONE_SHOWN,
        reference=reference,
        digits="0123abcd",
        logo=look.picture,
        label=look.label,
        test=look.client.is_test,
        **place,
    )
