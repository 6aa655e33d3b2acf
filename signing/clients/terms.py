"""The operator's terms of use of the service: versions, each in force from a day, never changed once it has come."""

import hashlib
import unicodedata
from datetime import date, datetime, time
from functools import partial
from zoneinfo import ZoneInfo

from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.validators import RegexValidator
from django.db import models
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from signing.clients import paragraphs

LANGUAGES = [("fr", _("français")), ("en", _("anglais"))]


def day_of(at: datetime) -> date:
    """The day of an instant where the operator is (`TIME_ZONE_SHOWN`)."""
    return at.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN)).date()


class Terms(models.Model):
    """One version of the terms in one language. From its day on it may have been shown, so nothing of it changes."""

    version = models.CharField(
        _("version"),
        max_length=16,
        validators=[RegexValidator(r"^[0-9A-Za-z][0-9A-Za-z.-]*\Z", _("Des lettres, des chiffres, des points."))],
    )
    language = models.CharField(_("langue"), max_length=2, choices=LANGUAGES)
    in_force_from = models.DateField(
        _("en vigueur à partir du"), help_text=_("aujourd’hui ou plus tard ; ce jour venu, ce texte ne change plus")
    )
    text = models.TextField(
        _("texte"),
        help_text=_("une ligne vide sépare les paragraphes ; « ## » commence un titre, « - » un élément de liste"),
    )

    class Meta:
        verbose_name = _("conditions d’utilisation")
        verbose_name_plural = _("conditions d’utilisation")
        constraints = [models.UniqueConstraint(fields=["version", "language"], name="terms_once_per_language")]

    def __str__(self) -> str:
        return f"{self.version} ({self.language})"

    def save(self, **options: object) -> None:
        """Raise `Shown` where the row that is kept has come into force: a new text is a new version."""
        if self.pk and Terms.objects.filter(pk=self.pk, in_force_from__lte=day_of(now())).exists():
            raise Shown(self.version)
        super().save(**options)  # type: ignore[arg-type]  # handed through as Django gives them

    def clean(self) -> None:
        """Bring the text into one form, and raise ValidationError for a day that has passed."""
        self.text = unicodedata.normalize("NFC", "\n".join(self.text.splitlines())).strip() + "\n"
        if self.in_force_from and self.in_force_from < day_of(now()):
            raise ValidationError({"in_force_from": _("Ce jour est passé : personne n’a pu lire ce texte ce jour-là.")})

    def is_in_force(self, *, on: date) -> bool:
        """Whether its day has come."""
        return self.in_force_from <= on

    @property
    def sha256(self) -> str:
        """Digest of the text, in UTF-8, as `content` gives it."""
        return hashlib.sha256(self.content).hexdigest()

    @property
    def content(self) -> bytes:
        """The exact bytes that are kept and digested."""
        return self.text.encode()

    @property
    def begins_at(self) -> datetime:
        """The first instant of its first day."""
        return datetime.combine(self.in_force_from, time(), ZoneInfo(settings.TIME_ZONE_SHOWN))

    @property
    def blocks(self) -> list[paragraphs.Block]:
        """The text as a page shows it."""
        return paragraphs.blocks(self.text)


class Shown(Exception):
    """This version is in force, so people may have read it: it is not changed."""


class NoTerms(ValidationError):
    """There are no terms in force in a language."""

    def __init__(self, language: str) -> None:
        told = _("Aucune version des conditions d’utilisation n’est en vigueur dans la langue demandée (%(language)s).")
        super().__init__(told, params={"language": language})


def in_force(language: str, *, at: datetime) -> Terms:
    """The version in force in a language at an instant: the one that came last. Raises `NoTerms`."""
    rows = Terms.objects.filter(language=language, in_force_from__lte=day_of(at))
    found = rows.order_by("in_force_from", "pk").last()
    if found is None:
        raise NoTerms(language)
    return found


def shown(version: str, language: str, *, at: datetime) -> Terms | None:
    """A version that is or was in force, in this language or, where it never was, in the other; None where unknown."""
    rows = Terms.objects.filter(version=version, in_force_from__lte=day_of(at))
    return min(rows, key=partial(_other, language), default=None)


def _other(language: str, row: Terms) -> bool:
    return row.language != language
