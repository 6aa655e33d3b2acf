"""When a client's signers are reminded: so many days before the last one."""

from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _

MOST_DAYS = 30


def days(written: str) -> list[int]:
    """`1, 7 3` as [7, 3, 1]; the first is the earliest reminder."""
    return sorted({int(each) for each in written.replace(",", " ").split()}, reverse=True)


def check(written: str) -> None:
    """Raise ValidationError for what is no list of days from 1 to 30."""
    for each in written.replace(",", " ").split():
        if not (each.isascii() and each.isdecimal()) or not 1 <= int(each) <= MOST_DAYS:
            raise ValidationError(_("%(day)s n’est pas un nombre de jours de 1 à 30."), params={"day": each})


def check_hours(opens: int, closes: int) -> None:
    """Raise ValidationError for a day that has no hours."""
    if opens >= closes:
        raise ValidationError({"writes_until": _("Cette heure vient après l’autre.")})
