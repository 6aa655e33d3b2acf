"""French words for templates: dates and hours as on a deed, counts, digests, sizes. Plain text in and out, no HTML.

Hours are told in `TIME_ZONE_SHOWN`, whatever the server's zone. What belongs together is held by no-break spaces.
"""

import re
from datetime import datetime
from math import ceil
from typing import cast
from unicodedata import name as character_name
from unicodedata import normalize
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.utils.timezone import now

register = template.Library()

NBSP = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
NUMBERS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
VOWELS = "aeiouyœæ"
KILO, MEGA = 1_000, 1_000_000


@register.filter
def day(at: datetime | None) -> str:
    """`30 novembre 2026`, `1er mai 2026`; empty for None."""
    if at is None:
        return ""
    shown = _shown(at)
    number = "1er" if shown.day == 1 else str(shown.day)
    return f"{number}{NBSP}{MONTHS[shown.month - 1]}{NBSP}{shown.year}"


@register.filter
def hour(at: datetime | None) -> str:
    """`14 h 29`; empty for None."""
    if at is None:
        return ""
    shown = _shown(at)
    return f"{shown.hour}{NBSP}h{NBSP}{shown.minute:02d}"


@register.filter
def moment(at: datetime | None) -> str:
    """`lundi 30 novembre 2026 à 23 h 59`; empty for None."""
    return f"{DAYS[_shown(at).weekday()]} {day(at)} à{NBSP}{hour(at)}" if at else ""


@register.filter
def clock(at: datetime | None) -> str:
    """`14:29:03`, for what is told to the second; empty for None."""
    return f"{_shown(at):%H:%M:%S}" if at else ""


@register.filter
def seconds_left(at: datetime | None) -> int:
    """Whole seconds from now until `at`, rounded up; 0 once it is past, and for None."""
    return max(0, ceil((at - now()).total_seconds())) if at else 0


@register.filter
def counted(number: int, one: str) -> str:
    """`2|counted:"un document"` is `deux documents`, `0` is `aucun document`; in figures above sixteen."""
    article, _, thing = one.partition(" ")
    if number < 1:
        return f"auc{article} {thing}"
    if number == 1:
        return one
    many = " ".join(_plural(word) for word in thing.split())
    return f"{in_words(number)}{' ' if number < len(NUMBERS) else NBSP}{many}"


@register.filter
def figures(number: int, noun: str) -> str:
    """`6|figures:"page"` is `6 pages`, for what is compared or searched."""
    return f"{number}{NBSP}{noun if number in {0, 1} else _plural(noun)}"


@register.filter
def in_words(number: int) -> str:
    """`six`; in figures above sixteen."""
    return NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)


@register.filter
def of(name: str) -> str:
    """`d’Exemple SA`, `de Martin et fils`: the e of "de" falls before a vowel; an h is left as it may be heard."""
    first = normalize("NFD", name)[:1].lower()
    return f"d’{name}" if first and first in VOWELS else f"de {name}"


@register.filter
def grouped(text: str, size: int = 4) -> str:
    """`7f3a 9c1e`: digits in groups, an ordinary space between them so that long digests may break."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


@register.filter
def file_size(size: int) -> str:
    """Bytes in decimal units: `812 octets`, `412 Ko`, `1,2 Mo`."""
    if size < KILO:
        return f"{size}{NBSP}octets"
    if size < MEGA - KILO / 2:
        return f"{round(size / KILO)}{NBSP}Ko"
    return f"{size / MEGA:.1f}{NBSP}Mo".replace(".", ",")


@register.filter(is_safe=True)
def spaced(sentence: str) -> str:
    """Keep `: ; ? !` and the inside of « » on the line of the word they belong to."""
    return re.sub(r"(?<=«) | (?=[:;?!»])", NBSP, sentence)


@register.filter
def drawn_italic(initials: str) -> bool:
    """Whether initials are set in the italic: only those of Latin letters are."""
    return all(character_name(character, "").startswith("LATIN") for character in initials)


@register.simple_tag
def operator() -> str:
    """The name of who keeps this service."""
    return cast("str", settings.OPERATOR["name"])


def _shown(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN))


def _plural(word: str) -> str:
    return word if word[-1] in "sxz" else f"{word}s"
