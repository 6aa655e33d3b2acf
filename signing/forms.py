"""What people type, checked before any action sees it."""

from django import forms

from otp.codes import normalise

REFUSAL_CHOICES = [
    ("wrong_person", "Je ne suis pas la bonne personne"),
    ("content", "Le contenu ne me convient pas"),
    ("not_requested", "Je n’ai rien demandé"),
    ("other", "Autre motif"),
]


class CodeForm(forms.Form):
    """The one-time code, in one field; spaces are accepted and dropped."""

    code = forms.CharField(
        max_length=40,
        error_messages={"required": "Saisissez les six chiffres du code reçu."},
        widget=forms.TextInput(attrs={"inputmode": "numeric", "autocomplete": "one-time-code"}),
    )

    def __init__(self, *args: object, length: int, **kwargs: object) -> None:
        super().__init__(*args, **kwargs)  # type: ignore[arg-type]  # handed through as Django gives them
        self.length = length

    def clean_code(self) -> str:
        """The code's characters; one of the wrong length is told without spending a try."""
        code = normalise(str(self.cleaned_data["code"]))
        if len(code) != self.length or not code.isdigit():
            raise forms.ValidationError(f"Le code compte {self.length} chiffres. Vérifiez le dernier message reçu.")
        return code


class RefusalForm(forms.Form):
    """Why a signer refuses, and the one confirmation."""

    choice = forms.ChoiceField(
        label="Pourquoi refusez-vous ?",
        choices=REFUSAL_CHOICES,
        widget=forms.RadioSelect,
        error_messages={"required": "Indiquez pourquoi vous refusez."},
    )
    reason = forms.CharField(
        label="Précisez si vous le souhaitez", required=False, max_length=500, widget=forms.Textarea(attrs={"rows": 4})
    )
    confirm = forms.BooleanField(
        label="Je confirme que je refuse de signer.",
        error_messages={"required": "Cochez la case pour confirmer votre refus."},
    )
