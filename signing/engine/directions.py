"""The order in which a line is drawn, from left to right, of one that is written in the order in which it is read.

The Unicode Bidirectional Algorithm (UAX #9) for one line without explicit directions, which names do not hold
(`names.clean`): rules P2 to P3, W1 to W7, N1 and N2, I1 and I2, L2 and L4. Brackets take no pairs (N0): they are
neutral. Points and accents of Hebrew and Arabic are gone by then (`shaping.joined`), so that L3 has nothing to do.
"""

import unicodedata
from collections.abc import Sequence
from itertools import groupby

_RIGHT = frozenset({"R", "AL"})
_NUMBERS = frozenset({"EN", "AN"})
_NEUTRAL = frozenset({"B", "S", "WS", "ON"})
_MIRRORED = str.maketrans("()[]{}<>«»‹›", ")(][}{><»«›‹")


def is_turned(text: str) -> bool:
    """Whether any of a text runs from right to left."""
    return any(unicodedata.bidirectional(character) in _RIGHT for character in text)


def visual(text: str) -> str:
    """Give the characters of a line in the order in which they stand on it, from the left."""
    if not is_turned(text):
        return text
    classes = [unicodedata.bidirectional(character) or "L" for character in text]
    base = next((int(each in _RIGHT) for each in classes if each in _RIGHT | {"L"}), 0)
    levels = _levels(_without_neutrals(_resolved(classes, base), base), base)
    places = list(range(len(text)))
    for level in range(max(levels), 0, -1):
        places = [place for turned, run in _runs(places, levels, level) for place in (reversed(run) if turned else run)]
    return "".join(text[place].translate(_MIRRORED) if levels[place] % 2 else text[place] for place in places)


def _runs(places: Sequence[int], levels: Sequence[int], level: int) -> list[tuple[bool, list[int]]]:
    """Neighbours on the line that are turned together at a level, and those that are not."""
    return [(turned, list(run)) for turned, run in groupby(places, key=lambda place: levels[place] >= level)]


def _resolved(classes: Sequence[str], base: int) -> list[str]:
    """W1 to W7: marks as what they stand on, numbers as what is around them."""
    start = "R" if base else "L"
    found: list[str] = []
    strong = start
    for each in classes:
        kind = (found[-1] if found else start) if each == "NSM" else each
        if kind == "EN" and strong == "AL":
            kind = "AN"
        if kind in {"L", "R", "AL"}:
            strong = kind
        found.append(kind)
    found = ["R" if each == "AL" else each for each in found]
    for n in range(1, len(found) - 1):
        if found[n] in {"ES", "CS"} and found[n - 1] == found[n + 1] and (found[n - 1], found[n]) in _BETWEEN:
            found[n] = found[n - 1]
    found = _with_terminators(found)
    strong = start
    for n, each in enumerate(found):
        if each in {"L", "R"}:
            strong = each
        elif each == "EN" and strong == "L":
            found[n] = "L"
    return found


_BETWEEN = frozenset({("EN", "ES"), ("EN", "CS"), ("AN", "CS")})


def _with_terminators(classes: list[str]) -> list[str]:
    """W5 and W6: signs beside a number go with it; all other separators and terminators are neutral."""
    found: list[str] = []
    runs = [(kind, len(list(run))) for kind, run in groupby(classes)]
    for n, (kind, count) in enumerate(runs):
        beside = {runs[m][0] for m in (n - 1, n + 1) if 0 <= m < len(runs)}
        joins = kind == "ET" and "EN" in beside
        found += ["EN" if joins else "ON" if kind in {"ET", "ES", "CS", "BN"} else kind] * count
    return found


def _without_neutrals(classes: list[str], base: int) -> list[str]:
    """N1 and N2: what lies between two of one direction has it; everything else has the line's."""
    own = "R" if base else "L"
    runs = [(neutral, list(run)) for neutral, run in groupby(classes, key=lambda kind: kind in _NEUTRAL)]
    found: list[str] = []
    for n, (neutral, run) in enumerate(runs):
        before = _side(runs[n - 1][1][-1]) if n else own
        behind = _side(runs[n + 1][1][0]) if n + 1 < len(runs) else own
        found += [before if before == behind else own] * len(run) if neutral else run
    return found


def _side(kind: str) -> str:
    return "R" if kind in _NUMBERS else kind


def _levels(classes: Sequence[str], base: int) -> list[int]:
    """I1 and I2."""
    if base:
        return [1 if kind == "R" else 2 for kind in classes]
    return [{"L": 0, "R": 1}.get(kind, 2) for kind in classes]
