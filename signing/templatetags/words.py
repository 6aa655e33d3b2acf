"""How the pages and mails of the path say dates, hours, numbers and digests in French.

Hours are shown in the zone of `TIME_ZONE_SHOWN`, whatever the server's; where an hour is proof, the zone is named.
Dates, hours and amounts keep together by no-break spaces.
"""

import re
import unicodedata
from collections.abc import Mapping
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django import template
from django.conf import settings
from django.template.context import Context
from django.templatetags.static import static
from django.utils.html import json_script
from django.utils.safestring import SafeString
from django.utils.translation import gettext

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
TILTS = (-3, -8, -5, -7, -4)
GROUP = 4
KILO = 1000
PDFJS = "vendor/pdfjs/"


@register.filter
def day(value: datetime | str | None) -> str:
    """`30 novembre 2026`."""
    at = _shown(value)
    if at is None:
        return ""
    number = "1er" if at.day == 1 else str(at.day)
    return NBSP.join((number, MONTHS[at.month - 1], str(at.year)))


@register.filter
def hour(value: datetime | str | None) -> str:
    """`14 h 05`."""
    at = _shown(value)
    return f"{at.hour}{NBSP}h{NBSP}{at.minute:02d}" if at else ""


@register.filter
def moment(value: datetime | str | None) -> str:
    """`30 novembre 2026 à 23 h 59`."""
    return f"{day(value)} à {hour(value)}" if value else ""


@register.filter
def full_moment(value: datetime | str | None) -> str:
    """`lundi 30 novembre 2026 à 23 h 59`."""
    at = _shown(value)
    return f"{DAYS[at.weekday()]} {moment(at)}" if at else ""


@register.filter
def clock(value: datetime | str | None) -> str:
    """`14:29:03`, to the second."""
    at = _shown(value)
    return f"{at:%H:%M:%S}" if at else ""


@register.filter
def proof_moment(value: datetime | str | None) -> str:
    """`23 novembre 2026 à 14:29:03 (Paris)`: to the second, with its zone."""
    place = settings.TIME_ZONE_SHOWN.rpartition("/")[2]
    return f"{day(value)} à {clock(value)}{NBSP}({place})" if value else ""


@register.filter
def counted(number: int, one: str) -> str:
    """`2|counted:"un document"` gives `deux documents`; from seventeen on in figures."""
    article, _, noun = one.partition(" ")
    if number == 1:
        return one
    word = NUMBERS[number] if 0 <= number < len(NUMBERS) else str(number)
    if number == 0:
        return f"{'aucune' if article == 'une' else 'aucun'} {noun}"
    return f"{word}{NBSP if word.isdigit() else ' '}{_plural(noun)}"


@register.filter
def figures(number: int, noun: str) -> str:
    """`6|figures:"page"` gives `6 pages`."""
    return f"{number}{NBSP}{noun if number in (0, 1) else _plural(noun)}"


@register.filter
def of(name: str) -> str:
    """`d’Exemple SA`, `de Martin et fils`: the e of "de" falls before a vowel; an h is left as it may be heard."""
    first = normalize("NFD", name)[:1].lower()
    return f"d’{name}" if first and first in VOWELS else f"de {name}"


@register.filter
def seconds_left(at: datetime | None) -> int:
    """Whole seconds from now until `at`, rounded up; 0 once it is past, and for None."""
    return max(0, ceil((at - now()).total_seconds())) if at else 0


@register.filter
def grouped(digest: str) -> str:
    """A digest in groups of four; eight digits stay on one line."""
    groups = [digest[start : start + GROUP] for start in range(0, len(digest), GROUP)]
    return (NBSP if len(groups) == 2 else " ").join(groups)  # noqa: PLR2004 - the eight digits


@register.filter
def file_size(octets: int) -> str:
    """`412 Ko`, `1,2 Mo`: decimal units, rounded."""
    if octets < KILO:
        return f"{octets}{NBSP}octets"
    if octets < KILO**2:
        return f"{round(octets / KILO)}{NBSP}Ko"
    return f"{octets / KILO**2:.1f}{NBSP}Mo".replace(".", ",")


@register.filter
def spaced(sentence: str) -> str:
    """The sentence with no-break spaces before `: ; ? !` and inside `« »`."""
    return re.sub(r"« ", f"«{NBSP}", re.sub(r" (?=[:;?!»])", NBSP, sentence))


@register.filter
def tilt(turn: int) -> int:
    """Degrees by which the initials of the nth page lean; no two neighbours agree."""
    return TILTS[int(turn or 0) % len(TILTS)]


@register.filter
def drawn_italic(initials: str) -> bool:
    """Whether initials are set in the italic: those of Latin letters only."""
    return all(unicodedata.name(character, "").startswith("LATIN") for character in initials)


@register.simple_tag(takes_context=True)
def reader_config(context: Context) -> SafeString:
    """A data block with all that the reader's script needs: documents, addresses, words."""
    config = {
        "documents": [_document(document) for document in context["documents"]],
        "urls": {name: context["urls"][name] for name in ("reading", "declare", "consent")},
        "zone": settings.TIME_ZONE_SHOWN,
        "pdfjs": {
            "library": static(PDFJS + "pdf.min.mjs"),
            "viewer": static(PDFJS + "pdf_viewer.mjs"),
            "worker": static(PDFJS + "pdf.worker.min.mjs"),
            "cmaps": static(PDFJS + "cmaps/"),
            "fonts": static(PDFJS + "standard_fonts/"),
            "wasm": static(PDFJS + "wasm/"),
            "iccs": static(PDFJS + "iccs/"),
            "images": static(PDFJS + "images/"),
        },
        "words": _words(),
    }
    return json_script(config, "reader-config")


def _document(document: Mapping[str, Any]) -> dict[str, Any]:
    pages = [{name: page[name] for name in ("n", "width", "height", "cells", "read_at")} for page in document["pages"]]
    return {name: document[name] for name in ("n", "title", "url", "size", "pages_total")} | {"pages": pages}


def _words() -> dict[str, str]:
    """What the script writes; `{}` are filled in by it."""
    return {
        "todo": gettext("à lire"),
        "doing": gettext("en cours"),
        "read": gettext("lue"),
        "failed": gettext("non chargée"),
        "region": gettext("{title}, page {page} sur {total}, {state}"),
        "read_at": gettext("Page {page} lue à {hour}"),
        "some": gettext("{read} pages lues sur {total}"),
        "one": gettext("{read} page lue sur {total}"),
        "whole": gettext("lu en entier"),
        "enlarge": gettext("Agrandir"),
        "reduce": gettext("Réduire"),
        "wait_one": gettext("Encore une seconde."),
        "wait": gettext("Encore {seconds} secondes."),
        "offline": gettext("Connexion perdue. Votre lecture est gardée et sera transmise."),
        "over": gettext("Votre session est terminée. Rouvrez le lien reçu par e-mail ; votre lecture est gardée."),
        "broken": gettext("Votre lecture ne peut pas être enregistrée. Rechargez la page."),
        "unsaved": gettext("Cette case n’a pas pu être enregistrée. Cochez-la de nouveau."),
    }


def _shown(value: datetime | str | None) -> datetime | None:
    if not value:
        return None
    at = datetime.fromisoformat(value) if isinstance(value, str) else value
    return at.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN))


def _plural(noun: str) -> str:
    return " ".join(word if word.endswith(("s", "x")) else f"{word}s" for word in noun.split(" "))
