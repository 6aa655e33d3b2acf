"""The SMS of a client's applications (`smsApplicationCode`): who a telephone says it comes from, and its words."""

from collections.abc import Mapping, Sequence
from string import Formatter
from urllib.parse import urlsplit

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db import models
from django.utils.translation import gettext_lazy as _
from django.utils.translation import ngettext

from otp import gsm

# What a text may name, with what the preview shows for it.
FIELDS: Mapping[str, str] = {
    "code": "042117",
    "reference": "EXS-2026-000042",
    "digits": "7f3a 9c1e",
    "documents": "2",
    "title": "Contrat de location d'un box de stockage",
    "client": "Exemple SA",
    "until": "14:32",
}
LETTERS_AT_MOST, DIGITS_AT_MOST = 11, 15  # of an alphanumeric and a numeric sender (3GPP TS 23.040, section 9.1.2.5)
PARTS_AT_MOST = 4
TOO_LONG = _("Le texte est trop long : quatre SMS au plus.")
TITLE_AT_MOST = 40  # letters of a document's title


def check_sender(sender: str) -> None:
    """Raise ValidationError for what networks do not carry as a sender."""
    plain = sender.replace(" ", "")
    most = DIGITS_AT_MOST if plain.isdigit() else LETTERS_AT_MOST
    if not (plain.isascii() and plain.isalnum()) or len(sender) > most:
        raise ValidationError(_("Onze lettres, chiffres ou espaces sans accent au plus ; ou quinze chiffres."))


def check_text(text: str) -> None:
    """Raise ValidationError for a text that lacks the code, names what is not there, or takes too many parts."""
    try:
        parts = list(Formatter().parse(text))
    except ValueError as error:
        raise ValidationError(_("Une accolade n’est pas fermée.")) from error
    named = [(name, spec, conversion) for _text, name, spec, conversion in parts if name is not None]
    for name, spec, conversion in named:
        if name not in FIELDS or spec or conversion:
            raise ValidationError(_("%(name)s n’est pas connu."), params={"name": f"{{{name}}}"})
    if not any(name == "code" for name, _spec, _conversion in named):
        raise ValidationError(_("Le texte doit contenir {code}."))
    if gsm.size(filled(text, FIELDS)).parts > PARTS_AT_MOST:
        raise ValidationError(TOO_LONG)


def filled(text: str, values: Mapping[str, str]) -> str:
    """The words of an SMS, as a telephone's small alphabet has them where it can."""
    return gsm.plain(text.format_map(values))


def for_browsers(code: str) -> str:
    """What ends the SMS of a path: the line by which a browser fills the code in (origin-bound one-time codes)."""
    return f"\n\n@{urlsplit(settings.PUBLIC_URL).hostname} #{code}"


def title(titles: Sequence[str], *, named: bool) -> str:
    """`{title}` of an SMS: the title of the one document where it may be named, cut; else how many there are.

    In the language that is active.
    """
    if named and len(titles) == 1:
        written = " ".join(titles[0].split())
        return written if len(written) <= TITLE_AT_MOST else f"{written[: TITLE_AT_MOST - 3].rstrip()}..."
    return ngettext("votre document", "vos %(n)d documents", len(titles) or 1) % {"n": len(titles)}


class Application(models.Model):
    """One application of a client. Without a code it is the client's own, also for the paths of this service."""

    client = models.ForeignKey(
        "clients.Client", on_delete=models.PROTECT, related_name="applications", verbose_name=_("client")
    )
    code = models.CharField(
        _("code"),
        max_length=20,
        blank=True,
        help_text=_("smsApplicationCode de ses appels ; vide, pour ceux qui n’en nomment pas et pour les parcours"),
    )
    sender = models.CharField(
        _("expéditeur"), max_length=15, validators=[check_sender], help_text=_("tel que le téléphone le montre")
    )
    text = models.TextField(
        _("texte"),
        validators=[check_text],
        help_text=_(
            "{code} ; et s’il le faut {reference}, {digits} (l’empreinte), {title} (le document), {documents} "
            "(combien), {client}, {until}"
        ),
    )
    names_document = models.BooleanField(
        _("nommer le document"),
        default=False,
        help_text=_(
            "{title} est le titre du document ; sinon, ou s’ils sont plusieurs, « votre document », « vos 2 "
            "documents ». Le titre part en clair par le réseau téléphonique ; "
            "ses lettres rares rendent le SMS plus long."
        ),
    )

    class Meta:
        verbose_name = _("application")
        constraints = [models.UniqueConstraint(fields=["client", "code"], name="application_once_per_code")]

    def __str__(self) -> str:
        return f"{self.client_id} {self.code}"

    def clean(self) -> None:
        """Refuse a text that the client's own name makes too long; what else is wrong with it is told of the field."""
        try:
            check_text(self.text)
        except ValidationError:
            return
        if gsm.size(self.sample()).parts > PARTS_AT_MOST:
            raise ValidationError({"text": TOO_LONG})

    def sample(self) -> str:
        """The text with sample values, as a telephone would show it; name and references are the client's own."""
        named = title([FIELDS["title"]], named=self.names_document)
        own = {"client": self.client.name, "reference": f"{self.client.code}-2026-000042"} if self.client_id else {}
        return filled(self.text, {**FIELDS, "title": named, **own})


def application_of(client_id: int, code: str) -> Application | None:
    """The application a call names, else the client's own; None where it has none."""
    rows = Application.objects.filter(client_id=client_id)
    return rows.filter(code=code).first() or rows.filter(code="").first()
