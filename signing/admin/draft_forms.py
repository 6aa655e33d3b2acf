"""What is typed to prepare an envelope, checked before any action sees it.

All of it comes from one page and is kept as it was typed (`Draft.typed`), so that nothing is lost while something is
still wrong: forms are made from there, with or without their errors.
"""

from collections.abc import Iterator, Mapping
from datetime import date, datetime, time, timedelta
from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.timezone import localdate
from django.utils.translation import gettext_lazy as _

from otp import addresses
from otp.numbers import NotInternational, international
from signing.actions import texts
from signing.actions.arming import Declared, NewSigner
from signing.models import CodeChannel
from signing.models.signer import LANGUAGES

SIGNERS, DOCUMENTS = 20, 20  # of one envelope
DECLARABLE = [
    ("", _("aucun")),
    ("IDCARD", _("carte d’identité")),
    ("PASSPORT", _("passeport")),
    ("DRIVING", _("permis de conduire")),
    ("RESIDENCE", _("titre de séjour")),
    ("payment", _("référence de paiement")),
    ("three_d_secure", _("authentification 3-D Secure")),
    ("login", _("connexion à votre site")),
    ("capacity", _("qualité en laquelle la personne signe")),
]
PERSON = ("first_name", "last_name", "email", "mobile")


class EnvelopeForm(forms.Form):
    """What holds for the whole envelope."""

    purpose = forms.CharField(
        label=_("Objet"),
        max_length=texts.PURPOSE_LIMIT,
        required=False,
        validators=[texts.check_plain],
        help_text=_("Ce que les signataires lisent en premier, par exemple « La location du box n° 214 »."),
    )
    deadline = forms.DateField(
        label=_("Dernier jour pour signer"),
        input_formats=["%Y-%m-%d"],
        widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"),
    )
    code_channel = forms.ChoiceField(
        label=_("Code de signature"),
        choices=CodeChannel.choices,
        help_text=_("Par SMS, le code prouve un second moyen de joindre la personne ; un mobile est alors nécessaire."),
    )

    def clean_deadline(self) -> date:
        """A day after today, and not too far away."""
        day: date = self.cleaned_data["deadline"]
        today = localdate(timezone=ZoneInfo(settings.TIME_ZONE_SHOWN))
        if not today < day <= today + timedelta(days=settings.ENVELOPE_LONGEST_DAYS):
            raise forms.ValidationError(
                _("Choisissez un jour après aujourd’hui, au plus dans %(days)s jours."),
                params={"days": settings.ENVELOPE_LONGEST_DAYS},
            )
        return day

    def ends_at(self) -> datetime:
        """The end of the chosen day."""
        return datetime.combine(self.cleaned_data["deadline"], time(23, 59, 59), ZoneInfo(settings.TIME_ZONE_SHOWN))


class SignerForm(forms.Form):
    """One person. A line that is left empty does not count."""

    first_name = forms.CharField(
        label=_("Prénom"), max_length=texts.NAME_LIMIT, required=False, validators=[texts.check_plain]
    )
    last_name = forms.CharField(
        label=_("Nom"), max_length=texts.NAME_LIMIT, required=False, validators=[texts.check_plain]
    )
    email = forms.EmailField(label=_("E-mail"), validators=[addresses.check])
    mobile = forms.CharField(
        label=_("Mobile"), max_length=32, required=False, widget=forms.TextInput(attrs={"type": "tel"})
    )
    language = forms.ChoiceField(label=_("Langue"), choices=LANGUAGES)
    turn = forms.IntegerField(label=_("Tour"), min_value=1, max_value=SIGNERS)
    extrinsic = forms.ChoiceField(label=_("Élément que vous déclarez"), choices=DECLARABLE, required=False)
    extrinsic_number = forms.CharField(
        label=_("Son numéro, sa référence ou sa teneur"),
        max_length=texts.REFERENCE_LIMIT,
        required=False,
        validators=[texts.check_plain],
    )

    def __init__(self, *args: Any, needs_mobile: bool = False, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.needs_mobile = needs_mobile

    def clean_last_name(self) -> str:
        """A name that is seen, once it is shown."""
        last_name = str(self.cleaned_data["last_name"])
        texts.check_name(str(self.cleaned_data.get("first_name", "")), last_name)
        return last_name

    def clean_mobile(self) -> str:
        """In E.164; asked for where the code goes there."""
        number = str(self.cleaned_data["mobile"]).strip()
        if not number:
            if self.needs_mobile:
                raise forms.ValidationError(_("Le code part par SMS : indiquez le mobile."))
            return ""
        try:
            return international(number)
        except NotInternational as error:
            raise forms.ValidationError(_("Ce n’est pas un numéro de téléphone.")) from error

    def clean_extrinsic_number(self) -> str:
        """Asked for with its kind, and not without."""
        number, kind = str(self.cleaned_data["extrinsic_number"]).strip(), self.cleaned_data.get("extrinsic")
        if kind and not number:
            raise forms.ValidationError(_("Indiquez le numéro ou la référence de l’élément déclaré."))
        if number and not kind:
            raise forms.ValidationError(_("Choisissez de quel élément c’est la référence."))
        return number

    def signer(self, channel: CodeChannel) -> NewSigner:
        """The person as the envelope will know them."""
        given = dict(self.cleaned_data)
        kind, number = given.pop("extrinsic"), given.pop("extrinsic_number")
        return NewSigner(code_channel=channel, extrinsic=(Declared(kind, number),) if kind else (), **given)


def first_typed() -> dict[str, str]:
    """What the page starts with."""
    last = localdate(timezone=ZoneInfo(settings.TIME_ZONE_SHOWN)) + timedelta(days=settings.ENVELOPE_DAYS)
    return {"deadline": last.isoformat(), "code_channel": CodeChannel.EMAIL.value, "signers": "1"}


def typed_of(post: Mapping[str, str]) -> dict[str, str]:
    """What was typed, of all that a request brought: the fields of these forms, cut where nobody types so much."""
    names = [*EnvelopeForm.base_fields, "signers"]
    names += [f"signer-{n}-{field}" for n in range(signer_count(post)) for field in SignerForm.base_fields]
    return {name: post[name][:1000].replace("\0", "") for name in names if name in post}


def signer_count(typed: Mapping[str, str]) -> int:
    """How many lines for signers the page has."""
    said = typed.get("signers", "1")
    return min(max(int(said), 1), SIGNERS) if said.isascii() and said.isdigit() and len(said) < 4 else 1  # noqa: PLR2004 - figures


def signer_forms(typed: Mapping[str, str], *, checked: bool) -> list[SignerForm]:
    """A form for each line; `checked` ones say what is wrong, but for lines left empty after the first."""
    return [_signer_form(typed, n, checked=checked) for n in range(signer_count(typed))]


def _signer_form(typed: Mapping[str, str], n: int, *, checked: bool) -> SignerForm:
    prefix = f"signer-{n}"
    start = {field: typed.get(f"{prefix}-{field}", "") for field in SignerForm.base_fields}
    start = {"language": "fr", "turn": "1"} | {field: value for field, value in start.items() if value}
    empty = not any(start.get(field) for field in PERSON)
    return SignerForm(
        data=typed if checked and not (empty and n) else None,
        initial=start,
        prefix=prefix,
        needs_mobile=typed.get("code_channel") == CodeChannel.SMS,
        label_suffix="",
    )


def filled(forms_: list[SignerForm]) -> Iterator[SignerForm]:
    """Those that count."""
    return (form for form in forms_ if form.is_bound)
