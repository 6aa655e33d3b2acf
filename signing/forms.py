"""What people type, checked before any action sees it."""

from django import forms
from django.utils.translation import gettext_lazy as _

from otp.characters import normalise
from otp.models import Policy

REFUSAL_CHOICES = [
    ("wrong_person", _("Je ne suis pas la bonne personne")),
    ("content", _("Le contenu ne me convient pas")),
    ("not_requested", _("Je n’ai rien demandé")),
    ("other", _("Autre motif")),
]


class CodeForm(forms.Form):
    """The one-time code, in one field; spaces are accepted and dropped."""

    code = forms.CharField(
        max_length=40,
        error_messages={"required": _("Saisissez le code reçu.")},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: object, policy: Policy, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as Django gives them
        self.policy = policy

    def clean_code(self) -> str:
        """The code's characters; one of the wrong length is told without spending a try."""
        code = normalise(str(self.cleaned_data["code"]), self.policy)
        if len(code) != self.policy.length or not (code.isdigit() or self.policy.has_letters):
            told = (
                _("Le code compte %(length)s lettres et chiffres. Vérifiez le dernier message reçu.")
                if self.policy.has_letters
                else _("Le code compte %(length)s chiffres. Vérifiez le dernier message reçu.")
            )
            raise forms.ValidationError(told, params={"length": self.policy.length})
        return code


class ComplaintForm(forms.Form):
    """What somebody objects to after the end."""

    text = forms.CharField(
        label=_("Qu’est-ce qui ne va pas ?"),
        max_length=2000,
        widget=forms.Textarea(attrs={"rows": 8}),
        error_messages={"required": _("Écrivez ce qui ne va pas.")},
    )


class RefusalForm(forms.Form):
    """Why a signer refuses, and the one confirmation."""

    choice = forms.ChoiceField(
        label=_("Pourquoi refusez-vous ?"),
        choices=REFUSAL_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": _("Indiquez pourquoi vous refusez.")},
    )
    reason = forms.CharField(
        label=_("Précisez si vous le souhaitez"),
        required=False,
        max_length=500,
        widget=forms.Textarea(attrs={"rows": 4}),
    )
    confirm = forms.BooleanField(
        label=_("Je confirme que je refuse de signer."),
        error_messages={"required": _("Cochez la case pour confirmer votre refus.")},
    )
