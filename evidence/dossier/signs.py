"""What the dossier writes alike in every language: clock times, cities, groups of four, runs of numbers."""

from collections.abc import Iterable
from datetime import datetime
from zoneinfo import ZoneInfo

NO_BREAK = "\u00a0"


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
