"""English as the dossier prints it: numbers in words, dates with the day first, figures grouped by commas."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from evidence.dossier import signs
from evidence.dossier.signs import NO_BREAK

NUMBERS = (
    "zero", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten", "eleven", "twelve",
)  # fmt: skip
ORDINALS = ("", "first", "second", "third", "fourth", "fifth", "sixth", "seventh", "eighth", "ninth", "tenth")
MONTHS = (
    "January", "February", "March", "April", "May", "June",
    "July", "August", "September", "October", "November", "December",
)  # fmt: skip
TIMES = {1: "once", 2: "twice"}
ENDINGS = {1: "st", 2: "nd", 3: "rd"}


def number(n: int, *, feminine: bool = False) -> str:  # noqa: ARG001 - one signature for all languages
    """`two`; figures from thirteen on, grouped by thousands."""
    return NUMBERS[n] if 0 <= n < len(NUMBERS) else figures(n)


def times(n: int) -> str:
    """`once`, `twice`, `three times`."""
    return TIMES.get(n) or f"{number(n)}{NO_BREAK}times"


def figures(n: int) -> str:
    """`421,906`."""
    return f"{n:,}"


def seconds(milliseconds: int, digits: int = 1) -> str:
    """`1.4 s`; zeros at the end are left out where `digits` is none."""
    written = f"{milliseconds / 1000:.{digits}f}" if digits else f"{milliseconds / 1000:g}"
    return f"{written}{NO_BREAK}s"


def ordinal(n: int) -> str:
    """`second`; `12th` further on."""
    if 0 < n < len(ORDINALS):
        return ORDINALS[n]
    teen = n % 100 in (11, 12, 13)
    return f"{n}{'th' if teen else ENDINGS.get(n % 10, 'th')}"


def of(name: str) -> str:
    """`of Exemple SA`."""
    return f"of {name}"


def listed(parts: Sequence[str]) -> str:
    """`a, b and c`."""
    return parts[0] if len(parts) == 1 else f"{', '.join(parts[:-1])} and {parts[-1]}" if parts else ""


def day(moment: datetime) -> str:
    """`23 November 2026`."""
    return f"{moment.day}{NO_BREAK}{MONTHS[moment.month - 1]}{NO_BREAK}{moment.year}"


def moment(instant: datetime) -> str:
    """`23 November 2026 at 14:29:03`."""
    return f"{day(instant)} at {signs.clock(instant)}"


def stamp(instant: datetime) -> str:
    """`on 23 November 2026 at 14:29:03`, in a sentence."""
    return f"on{NO_BREAK}{day(instant)} at{NO_BREAK}{signs.clock(instant)}"


def hour(instant: datetime, *, dated: bool = False) -> str:
    """`at 14:29`, in a sentence; with its day where asked."""
    said = f"at{NO_BREAK}{instant.hour:02}:{instant.minute:02}"
    return f"on{NO_BREAK}{day(instant)} {said}" if dated else said


def ranges(numbers: Iterable[int]) -> str:
    """`4, 6, 38 to 44`."""
    return signs.ranges(numbers, "to")


def spaced(html: str) -> str:
    """No space is set before a mark; what is one word stays on one line, `pre` and `blockquote` as they are."""
    return signs.outside(html, signs.whole)


def plain(text: str) -> str:
    """A text that is no HTML, as it is."""
    return text
