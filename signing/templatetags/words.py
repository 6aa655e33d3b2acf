"""Words for templates: dates and hours as on a deed, counts, digests, sizes. Plain text in and out, no HTML.

French, or English where that is Django's active language. Hours are told in `TIME_ZONE_SHOWN`, whatever the server's
zone. What belongs together is held by no-break spaces.
"""

import re
from datetime import datetime
from math import ceil
from typing import cast
from unicodedata import bidirectional, normalize
from unicodedata import name as character_name
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.urls import reverse
from django.utils.functional import Promise
from django.utils.timezone import now
from django.utils.translation import get_language

from evidence import words

register = template.Library()

NBSP = "\u00a0"
DAYS = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
MONTHS = (
    *("janvier", "février", "mars", "avril", "mai", "juin"),
    *("juillet", "août", "septembre", "octobre", "novembre", "décembre"),
)
DAYS_EN = ("Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday")
MONTHS_EN = (
    *("January", "February", "March", "April", "May", "June"),
    *("July", "August", "September", "October", "November", "December"),
)
NUMBERS = (
    *("zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit"),
    *("neuf", "dix", "onze", "douze", "treize", "quatorze", "quinze", "seize"),
)
NUMBERS_EN = (
    *("zero", "one", "two", "three", "four", "five", "six", "seven", "eight"),
    *("nine", "ten", "eleven", "twelve", "thirteen", "fourteen", "fifteen", "sixteen"),
)
NOUNS_EN = {
    "case": ("box", "boxes"),
    "choix": ("choice", "choices"),
    "code": ("code", "codes"),
    "document": ("document", "documents"),
    "essai": ("try", "tries"),
    "essai restant": ("try left", "tries left"),
    "fichier joint": ("attached file", "attached files"),
    "mention": ("phrase", "phrases"),
    "page": ("page", "pages"),
    "phrase": ("statement", "statements"),
}
"""What is counted, as templates name it, and its English for one and for more."""
VOWELS = "aeiouyœæ"
KILO, MEGA = 1_000, 1_000_000


@register.filter
def day(at: datetime | None) -> str:
    """`30 novembre 2026`, `1er mai 2026`, in English `30 November 2026`; empty for None."""
    if at is None:
        return ""
    shown = _shown(at)
    if _english():
        return f"{shown.day}{NBSP}{MONTHS_EN[shown.month - 1]}{NBSP}{shown.year}"
    number = "1er" if shown.day == 1 else str(shown.day)
    return f"{number}{NBSP}{MONTHS[shown.month - 1]}{NBSP}{shown.year}"


@register.filter
def hour(at: datetime | None) -> str:
    """`14 h 29`, in English `14:29`; empty for None."""
    if at is None:
        return ""
    shown = _shown(at)
    if _english():
        return f"{shown:%H:%M}"
    return f"{shown.hour}{NBSP}h{NBSP}{shown.minute:02d}"


@register.filter
def moment(at: datetime | None) -> str:
    """`lundi 30 novembre 2026 à 23 h 59`, in English `Monday 30 November 2026 at 23:59`; empty for None."""
    if at is None:
        return ""
    weekday = _shown(at).weekday()
    if _english():
        return f"{DAYS_EN[weekday]} {day(at)} at{NBSP}{hour(at)}"
    return f"{DAYS[weekday]} {day(at)} à{NBSP}{hour(at)}"


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
    """`2|counted:"un document"` is `deux documents`, `0` is `aucun document`; in figures above sixteen.

    In English `one document`, `two documents`, `no documents`; raises KeyError for what has no English name.
    """
    article, _, thing = one.partition(" ")
    if _english():
        named = NOUNS_EN[thing][number != 1]
        return f"{in_words(number) if number else 'no'}{' ' if number < len(NUMBERS) else NBSP}{named}"
    if number < 1:
        return f"auc{article} {thing}"
    if number == 1:
        return one
    many = " ".join(_plural(word) for word in thing.split())
    return f"{in_words(number)}{' ' if number < len(NUMBERS) else NBSP}{many}"


@register.filter
def figures(number: int, noun: str) -> str:
    """`6|figures:"page"` is `6 pages`, for what is compared or searched."""
    if _english():
        return f"{number}{NBSP}{NOUNS_EN[noun][number != 1]}"
    return f"{number}{NBSP}{noun if number in {0, 1} else _plural(noun)}"


@register.filter
def in_words(number: int) -> str:
    """`six`; in figures above sixteen."""
    numbers = NUMBERS_EN if _english() else NUMBERS
    return numbers[number] if 0 <= number < len(numbers) else str(number)


@register.filter
def of(name: str) -> str:
    """`d’Exemple SA`, `de Martin et fils`: the e of "de" falls before a vowel; an h is left as it may be heard.

    In English the name alone: the preposition stands in the sentence.
    """
    if _english():
        return name
    first = normalize("NFD", name)[:1].lower()
    return f"d’{name}" if first and first in VOWELS else f"de {name}"


@register.filter
def grouped(text: str, size: int = 4) -> str:
    """`7f3a 9c1e`: digits in groups, an ordinary space between them so that long digests may break."""
    return " ".join(text[start : start + size] for start in range(0, len(text), size))


@register.filter
def unbroken(text: str) -> str:
    """Keep a phone number or a short digest on one line, by no-break spaces; not for SMS, whose alphabet has none."""
    return text.replace(" ", NBSP)


@register.filter
def isolated(text: str) -> str:
    """A name or title from right to left turns no figure and no comma beside it (UAX 9: FSI and PDI around it)."""
    turns = any(bidirectional(character) in {"R", "AL"} for character in text)
    return f"\u2068{text}\u2069" if turns else text


@register.filter
def file_size(size: int) -> str:
    """Bytes in decimal units: `812 octets`, `412 Ko`, `1,2 Mo`, `50 Mo`, in English `812 bytes`, `412 kB`, `1.2 MB`."""
    whole, kilo, mega, point = ("bytes", "kB", "MB", ".") if _english() else ("octets", "Ko", "Mo", ",")
    if size < KILO:
        return f"{size}{NBSP}{whole}"
    if size < MEGA - KILO / 2:
        return f"{round(size / KILO)}{NBSP}{kilo}"
    figures_behind = 1 if size < 10 * MEGA else 0
    return f"{size / MEGA:.{figures_behind}f}".replace(".", point) + f"{NBSP}{mega}"


@register.filter
def declared(kind: str) -> str:
    """The word for something that a client declares of a signer."""
    return words.choice("type", kind)


@register.filter(is_safe=True)
def spaced(sentence: str | Promise) -> str:
    """Keep `: ; ? !` and the inside of « » on the line of the word they belong to; English puts no blank there.

    Labels of forms are translated only here.
    """
    return re.sub(r"(?<=«) | (?=[:;?!»])", NBSP, str(sentence))


@register.filter
def drawn_italic(initials: str) -> bool:
    """Whether initials are set in the italic: only those of Latin letters are."""
    return all(character_name(character, "").startswith("LATIN") for character in initials)


@register.simple_tag
def operator() -> str:
    """The name of who keeps this service."""
    return cast("str", settings.OPERATOR["name"])


@register.simple_tag
def zone_shown() -> str:
    """The zone whose hours pages tell, as scripts name it."""
    return settings.TIME_ZONE_SHOWN


@register.simple_tag(takes_context=True)
def public(context: template.Context, name: str) -> str:
    """The address of a page that belongs to nobody, in the language of this page where its reader did not choose it."""
    request = context.get("request")
    decided = request.META.get("paraphe.language") if request else None
    return f"{reverse(name)}?lang={decided}" if decided else reverse(name)


def _english() -> bool:
    return (get_language() or "").startswith("en")


def _shown(at: datetime) -> datetime:
    return at.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN))


def _plural(word: str) -> str:
    return word if word[-1] in "sxz" else f"{word}s"
