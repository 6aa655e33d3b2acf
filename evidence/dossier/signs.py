"""What the dossier writes alike in every language: clock times, cities, groups of four, runs of numbers."""

import re
from collections.abc import Callable, Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

NO_BREAK = "\u00a0"
UNTOUCHED = re.compile(r"(<(pre|blockquote)\b.*?</\2>)", re.DOTALL)
# Outside tags: a word with a hyphen, a level of a signature, a telephone number as the French write it, a program with
# its version.
WHOLE = re.compile(r"(?:\be-mail\b|\bB-(?:LTA|LT|T|B)\b|\b0\d(?: \d\d){4}\b|\bParaphe \d[\w.]*\w)(?![^<>]*>)")


def at(instant: str, zone: str) -> datetime:
    """An instant of the dossier in a time zone."""
    return datetime.fromisoformat(instant).astimezone(ZoneInfo(zone))


def clock(moment: datetime) -> str:
    """`14:29:03`."""
    return moment.strftime("%H:%M:%S")


def city(zone: str) -> str:
    """`Paris` of `Europe/Paris`; `UTC` for itself."""
    return zone.rsplit("/", 1)[-1].replace("_", " ")


def fours(digest: str) -> str:
    """A digest in groups of four."""
    return " ".join(digest[start : start + 4] for start in range(0, len(digest), 4))


def capital(text: str) -> str:
    """The text with a capital at its start."""
    return text[:1].upper() + text[1:]


def tied(text: str) -> str:
    """The text in one piece: a number stays with what it counts."""
    return text.replace(" ", NO_BREAK)


def outside(html: str, change: Callable[[str], str]) -> str:
    """The HTML with its text changed; `pre` and `blockquote` keep their exact characters."""
    parts = UNTOUCHED.split(html)
    # The pattern has two groups: text, whole match, tag name, text, …
    return "".join(change(part) if place % 3 == 0 else part for place, part in enumerate(parts) if place % 3 != 2)  # noqa: PLR2004 - see above


def whole(html: str) -> str:
    """What is one word stays on one line."""
    return WHOLE.sub(r'<span class="whole">\g<0></span>', html)


def ranges(numbers: Iterable[int], to: str) -> str:
    """`4, 6, 38 à 44`: every number is named; `to` is the word between the ends of a run."""
    runs: list[list[int]] = []
    for each in sorted(set(numbers)):
        if runs and each == runs[-1][-1] + 1:
            runs[-1].append(each)
        else:
            runs.append([each])
    return ", ".join(_run(run, to) for run in runs)


def _run(run: list[int], to: str) -> str:
    if len(run) == 1:
        return str(run[0])
    if len(run) == 2:  # noqa: PLR2004 - two numbers are listed, a range starts with three
        return f"{run[0]}, {run[1]}"
    return f"{run[0]}{NO_BREAK}{to}{NO_BREAK}{run[-1]}"
