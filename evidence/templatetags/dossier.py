"""Filters of the dossier's template: facts in the language that is active, instants in Django's active time zone."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django import template
from django.utils import timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import gettext, ngettext

from evidence import words
from evidence.dossier import signs
from evidence.dossier.language import spoken
from evidence.dossier.parties import ThirdParty
from evidence.dossier.story import Value

register = template.Library()


@register.filter
def fours(digest: str) -> str:
    return signs.fours(digest)


@register.filter
def tied(text: str) -> str:
    """The text in one piece: spaces that do not break cost the layout less than an element that does not wrap."""
    return signs.tied(text)


@register.filter
def entries(numbers: int | Iterable[int]) -> str:
    """`inscription 6`, `inscriptions 2, 4 à 9`."""
    found = [numbers] if isinstance(numbers, int) else list(numbers)
    said = ngettext("inscription {numbers}", "inscriptions {numbers}", len(found))
    return said.format(numbers=spoken().ranges(found))


@register.filter
def ranges(numbers: Iterable[int]) -> str:
    return spoken().ranges(numbers)


@register.filter
def figures(number: int) -> str:
    return spoken().figures(number)


@register.filter
def of(name: str) -> str:
    """`d’Exemple SA`, `de Camille Martin`; in English `of Exemple SA`."""
    return spoken().of(name)


@register.filter
def ordinal(number: int) -> str:
    return spoken().ordinal(number)


@register.filter
def seconds(milliseconds: int) -> str:
    return spoken().seconds(milliseconds)


@register.filter
def word(value: Any, kind: str) -> str:
    """The word of a choice of `evidence.words.CHOICES`."""
    return words.choice(kind, value)


@register.filter
def clock(instant: str) -> str:
    return signs.clock(_at(instant))


@register.filter
def moment(instant: str) -> str:
    """`23 novembre 2026 à 14:29:03`."""
    return spoken().moment(_at(instant))


@register.filter
def day(instant: str) -> str:
    return spoken().day(_at(instant))


@register.filter
def shown(value: Value) -> str | SafeString:
    """A personal value, or that it has been erased."""
    return format_html('<span class="gone">{}</span>', gettext("effacé")) if value.erased else value.text


@register.filter
def apart(text: str) -> SafeString:
    """The text in an element of its own: laid out by itself, a name from right to left takes no figure with it."""
    return format_html("<bdi>{}</bdi>", text)


@register.filter
def common_name(subject: str) -> str:
    """The CN of a distinguished name (RFC 4514), or the whole where it has none."""
    parts = [part for part in subject.split(",") if part.startswith("CN=")]
    return parts[0][3:] if parts else subject


@register.filter
def distinguished(subject: str) -> str:
    """A distinguished name (RFC 4514) with names for the attributes that the RFC leaves as numbers."""
    for oid, name in (("2.5.4.5", "serialNumber"), ("2.5.4.42", "givenName"), ("2.5.4.4", "surname")):
        subject = subject.replace(f"{oid}=", f"{name}=")
    return subject.replace(",", ", ")


@register.filter
def in_force_at(party: ThirdParty, instant: str) -> bool:
    """Whether its certificate of conformity was valid then; both are written alike, and so compared as they stand."""
    return bool(party.valid_from and party.valid_to) and str(party.valid_from) <= instant <= str(party.valid_to)


@register.filter
def checked(names: Iterable[str]) -> str:
    return ", ".join(words.check(name) for name in names)


def _at(instant: str) -> datetime:
    return signs.at(instant, timezone.get_current_timezone_name())
