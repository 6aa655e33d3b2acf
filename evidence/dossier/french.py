"""French as the dossier prints it: numbers in words, elision, dates, spaces that do not break."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime

from evidence.dossier import signs
from evidence.dossier.signs import NO_BREAK

NUMBERS = (
    "zéro", "un", "deux", "trois", "quatre", "cinq", "six", "sept", "huit", "neuf", "dix", "onze", "douze", "treize",
    "quatorze", "quinze", "seize",
)  # fmt: skip
ORDINALS = ("", "premier", "deuxième", "troisième", "quatrième", "cinquième", "sixième", "septième", "huitième")
MONTHS = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
VOWELS = "aàâäeéèêëiîïoôöuùûüyœæ"
COUNTED = re.compile(r"(?<=\d) (?=(?:usages?|pages?|octets?|essais?|chiffres|inscriptions?)\b)")


def number(n: int, *, feminine: bool = False) -> str:
    """`deux`, `une`; figures from seventeen on, grouped by thousands."""
    if n == 1:
        return "une" if feminine else "un"
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else figures(n)


def times(n: int) -> str:
    """`une fois`, `deux fois`."""
    return f"{number(n, feminine=True)}{NO_BREAK}fois"


def figures(n: int) -> str:
    """`421 906`."""
    return f"{n:,}".replace(",", NO_BREAK)


def seconds(milliseconds: int, digits: int = 1) -> str:
    """`1,4 s`; zeros at the end are left out where `digits` is none."""
    written = f"{milliseconds / 1000:.{digits}f}" if digits else f"{milliseconds / 1000:g}"
    return f"{written.replace('.', ',')}{NO_BREAK}s"


def ordinal(n: int) -> str:
    """`deuxième`; `12e` further on."""
    return ORDINALS[n] if 0 < n < len(ORDINALS) else f"{n}e"


def of(name: str) -> str:
    """`d’Exemple SA`, `de Camille Martin`."""
    return f"d’{name}" if name[:1].lower() in VOWELS and name else f"de {name}"


def listed(parts: Sequence[str]) -> str:
    """`a, b et c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}" if parts else ""


def day(moment: datetime) -> str:
    """`23 novembre 2026`, `1er mai 2027`."""
    first = "1er" if moment.day == 1 else str(moment.day)
    return f"{first}{NO_BREAK}{MONTHS[moment.month - 1]}{NO_BREAK}{moment.year}"


def moment(instant: datetime) -> str:
    """`23 novembre 2026 à 14:29:03`."""
    return f"{day(instant)} à {signs.clock(instant)}"


def stamp(instant: datetime) -> str:
    """`le 23 novembre 2026 à 14:29:03`, in a sentence."""
    return f"le{NO_BREAK}{day(instant)} à{NO_BREAK}{signs.clock(instant)}"


def hour(instant: datetime, *, dated: bool = False) -> str:
    """`à 14 h 29`, in a sentence; with its day where asked."""
    said = f"à{NO_BREAK}{instant.hour}{NO_BREAK}h{NO_BREAK}{instant.minute:02}"
    return f"le{NO_BREAK}{day(instant)} {said}" if dated else said


def ranges(numbers: Iterable[int]) -> str:
    """`4, 6, 38 à 44`."""
    return signs.ranges(numbers, "à")


def spaced(html: str) -> str:
    """No-break spaces before `: ; ? !`, inside guillemets and after counts; what is one word stays on one line.

    `pre` and `blockquote` keep their exact characters.
    """
    return signs.outside(html, lambda text: signs.whole(plain(text)))


def plain(text: str) -> str:
    """The same spaces in a text that is no HTML; nothing else is changed."""
    text = re.sub(r" ([:;?!»%])", f"{NO_BREAK}\\1", text)
    return COUNTED.sub(NO_BREAK, text.replace("« ", f"«{NO_BREAK}").replace("n° ", f"n°{NO_BREAK}"))
