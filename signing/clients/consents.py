"""Statements to be agreed to before signing: a client's or the product's own, by key, version and language."""

import hashlib
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.translation import gettext_lazy as _

if TYPE_CHECKING:
    from signing.clients.models import Client

TERMS = "{terms}"
TERMS_WORDS = {"fr": "conditions d’utilisation du service de signature", "en": "terms of use of the signature service"}


class ConsentText(models.Model):
    """One statement to be checked before signing; a changed text is a new version. No client: the product's own."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, null=True, blank=True, related_name="consent_texts"
    )
    key = models.SlugField(_("clé"), max_length=32)
    version = models.CharField(max_length=16)
    language = models.CharField(_("langue"), max_length=2, choices=[("fr", _("français")), ("en", _("anglais"))])
    position = models.PositiveSmallIntegerField(_("ordre"))
    text = models.TextField(
        _("texte"), help_text=_("{client} : nom du client, {terms} : lien vers les conditions d’utilisation")
    )
    active = models.BooleanField(_("en vigueur"), default=True)

    class Meta:
        verbose_name = _("texte de consentement")
        verbose_name_plural = _("textes de consentement")
        constraints = [
            models.UniqueConstraint(
                fields=["client", "key", "language", "version"], name="consent_text_once", nulls_distinct=False
            ),
        ]

    def __str__(self) -> str:
        return f"{self.key} {self.version} ({self.language})"

    @property
    def names_terms(self) -> bool:
        """Whether it speaks of the operator's terms of use, and links to them."""
        return TERMS in self.text


class NoStatement(ValidationError):
    """A statement that signers of this client must check is not there in the language of one of them."""

    def __init__(self, client: "Client", key: str, language: str) -> None:
        told = _("%(client)s n’a pas de texte de consentement « %(key)s » dans la langue demandée (%(language)s).")
        super().__init__(told, params={"client": client.name, "key": key, "language": language})


def statements(client: "Client", *, language: str) -> list[ConsentText]:
    """The statements a signer of this client must check, in order; the client's own replace the product's by key.

    The product's own stands in for a client's that is not there in this language. Raises `NoStatement` where that is
    not there either: nobody is asked for less because of their language.
    """
    rows = ConsentText.objects.filter(models.Q(client=client) | models.Q(client__isnull=True), active=True)
    chosen: dict[str, ConsentText] = {}
    for row in rows.filter(language=language).order_by(F("client").asc(nulls_first=True), "version"):
        chosen[row.key] = row
    wanted = rows.order_by("position").values_list("key", flat=True)
    missing = next((key for key in wanted if key not in chosen), None if chosen else "*")
    if missing:
        raise NoStatement(client, missing, language)
    return sorted(chosen.values(), key=lambda row: row.position)


def wording(statement: ConsentText, *, client: "Client") -> str:
    """The exact words of a statement as the signer sees them."""
    return statement.text.replace("{client}", client.name).replace(TERMS, TERMS_WORDS[statement.language])


def digest_of(text: str) -> str:
    """SHA-256 in hex of the UTF-8 bytes of a wording."""
    return hashlib.sha256(text.encode()).hexdigest()
