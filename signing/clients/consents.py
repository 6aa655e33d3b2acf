"""Statements to be agreed to before signing: a client's or the product's own, by key, version and language."""

import hashlib
import unicodedata
from typing import TYPE_CHECKING

from django.core.exceptions import ValidationError
from django.db import models
from django.db.models import F
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext_lazy as _

from signing.clients import mentions
from signing.engine import names

if TYPE_CHECKING:
    from signing.clients.models import Client

TERMS = "{terms}"
TERMS_WORDS = {"fr": "conditions d’utilisation du service de signature", "en": "terms of use of the signature service"}


class ConsentText(models.Model):
    """One statement to be checked before signing; a changed text is a new version. No client: the product's own."""

    client = models.ForeignKey(
        "clients.Client",
        on_delete=models.PROTECT,
        null=True,
        blank=True,
        related_name="consent_texts",
        verbose_name=_("client"),
    )
    key = models.SlugField(_("clé"), max_length=32)
    version = models.CharField(_("version"), max_length=16)
    language = models.CharField(_("langue"), max_length=2, choices=[("fr", _("français")), ("en", _("anglais"))])
    position = models.PositiveSmallIntegerField(_("ordre"))
    text = models.TextField(
        _("texte"), help_text=_("{client} : nom du client, {terms} : lien vers les conditions d’utilisation")
    )
    mention = models.CharField(
        _("mention à écrire"),
        max_length=mentions.LONGEST,
        blank=True,
        help_text=_("ce que le signataire écrit lui-même, par exemple : Lu et approuvé ; vide : la case suffit"),
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

    def clean(self) -> None:
        """Bring text and mention into one form; raise ValidationError for a mention of which nothing could be typed."""
        self.text = unicodedata.normalize("NFC", "\n".join(self.text.splitlines())).strip()
        self.mention = names.clean(self.mention)
        if self.mention and not mentions.agrees(self.mention, self.mention):
            raise ValidationError({"mention": _("Cette mention n’a ni lettre ni chiffre.")})

    @property
    def names_terms(self) -> bool:
        """Whether it speaks of the operator's terms of use, and links to them."""
        return TERMS in self.text


class NoStatement(ValidationError):
    """A statement that signers of this client must check is not there in the language of one of them."""

    def __init__(self, client: "Client", key: str, language: str) -> None:
        told = _("%(client)s n’a pas de texte de consentement « %(key)s » dans la langue demandée (%(language)s).")
        super().__init__(told, params={"client": client.name, "key": key, "language": language})


def statements(client: "Client", *, language: str) -> list[ConsentText]:
    """The statements a signer of this client must check, in order; the client's own replace the product's by key.

    Of several versions in force the one that was written last holds. The product's own stands in for a client's that
    is not there in this language. Raises `NoStatement` where that is not there either: nobody is asked for less because
    of their language.
    """
    rows = ConsentText.objects.filter(models.Q(client=client) | models.Q(client__isnull=True), active=True)
    chosen: dict[str, ConsentText] = {}
    for row in rows.filter(language=language).order_by(F("client").asc(nulls_first=True), "pk"):
        chosen[row.key] = row
    wanted = rows.order_by("position").values_list("key", flat=True)
    missing = next((key for key in wanted if key not in chosen), None if chosen else "*")
    if missing:
        raise NoStatement(client, missing, language)
    return sorted(chosen.values(), key=lambda row: row.position)


def with_text(text: ConsentText) -> list[ConsentText]:
    """What signers would be asked if this text, kept or not, in force or not, were the one of its key: for a preview.

    Of the product's own only where it is nobody's. What is missing in its language is left out here.
    """
    whose = models.Q(client__isnull=True)
    if text.client is not None:
        whose |= models.Q(client=text.client)
    rows = ConsentText.objects.filter(whose, active=True, language=text.language)
    chosen = {row.key: row for row in rows.order_by(F("client").asc(nulls_first=True), "pk")}
    return sorted((chosen | {text.key: text}).values(), key=lambda row: row.position)


def wording(statement: ConsentText, *, client: "Client") -> str:
    """The exact words of a statement as the signer sees them, without the mention."""
    return statement.text.replace("{client}", client.name).replace(TERMS, TERMS_WORDS[statement.language])


def linked(text: str, *, language: str, terms: str) -> SafeString:
    """A wording for a page, with the operator's terms as a link (to the address `terms`) where it names them."""
    words = TERMS_WORDS[language]
    before, found, after = text.partition(words)
    if not found:
        return format_html("{}", text)
    return format_html('{}<a href="{}" target="_blank" rel="noopener">{}</a>{}', before, terms, words, after)


def digest_of(text: str) -> str:
    """SHA-256 in hex of the UTF-8 bytes of a wording."""
    return hashlib.sha256(text.encode()).hexdigest()
