"""French as the dossier prints it: numbers in words, elision, dates, groups of four, spaces that do not break."""

import re
from collections.abc import Iterable, Sequence
from datetime import datetime
from zoneinfo import ZoneInfo

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
NO_BREAK = "\u00a0"
UNTOUCHED = re.compile(r"(<(pre|blockquote)\b.*?</\2>)", re.DOTALL)


def number(n: int, *, feminine: bool = False) -> str:
    """`deux`, `une`; figures from seventeen on, grouped by thousands."""
    if n == 1:
        return "une" if feminine else "un"
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else figures(n)


def count(n: int, singular: str, plural: str = "", *, feminine: bool = False) -> str:
    """`deux documents`, `une page`; the plural is the singular with an s where none is given."""
    return f"{number(n, feminine=feminine)}{NO_BREAK}{singular if n < 2 else plural or singular + 's'}"  # noqa: PLR2004 - French: two is the first plural


def figures(n: int) -> str:
    """`421 906`."""
    return f"{n:,}".replace(",", NO_BREAK)


def ordinal(n: int) -> str:
    """`deuxième`; `12e` further on."""
    return ORDINALS[n] if 0 < n < len(ORDINALS) else f"{n}e"


def of(name: str) -> str:
    """`d’Exemple SA`, `de Camille Martin`."""
    return f"d’{name}" if name[:1].lower() in VOWELS and name else f"de {name}"


def sentence(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def listed(parts: Sequence[str]) -> str:
    """`a, b et c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} et {parts[-1]}" if parts else ""


def at(instant: str, zone: str) -> datetime:
    """An instant of the dossier in a time zone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))


def day(moment: datetime) -> str:
    """`23 novembre 2026`, `1er mai 2027`."""
    first = "1er" if moment.day == 1 else str(moment.day)
    return f"{first}{NO_BREAK}{MONTHS[moment.month - 1]}{NO_BREAK}{moment.year}"


def clock(moment: datetime) -> str:
    """`14:29:03`."""
    return moment.strftime("%H:%M:%S")


def hour(moment: datetime) -> str:
    """`14 h 29`."""
    return f"{moment.hour}{NO_BREAK}h{NO_BREAK}{moment.minute:02}"


def city(zone: str) -> str:
    """`Paris` of `Europe/Paris`; `UTC` for itself."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def fours(digest: str) -> str:
    """A digest in groups of four."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def ranges(numbers: Iterable[int]) -> str:
    """`4, 6, 38 à 44`."""
    runs: list[list[int]] = []
    for each in sorted(set(numbers)):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(_run(run) for run in runs)


def _run(run: list[int]) -> str:
    if len(run) == 1:
        return str(run[0])
    if len(run) == 2:  # noqa: PLR2004 - two numbers are listed, a range starts with three
        return f"{run[0]}, {run[1]}"
    return f"{run[0]}{NO_BREAK}à{NO_BREAK}{run[-1]}"


def spaced(html: str) -> str:
    """No-break spaces before `: ; ? !` and inside guillemets; `pre` and `blockquote` keep their exact characters."""
    parts = UNTOUCHED.split(html)
    # The pattern has two groups: text, whole match, tag name, text, …
    return "".join(_spaced(part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 != 2)  # noqa: PLR2004 - see above


def _spaced(text: str) -> str:
    text = re.sub(r" ([:;?!»%])", f"{NO_BREAK}\\1", text)
    return text.replace("« ", f"«{NO_BREAK}").replace("n° ", f"n°{NO_BREAK}")
