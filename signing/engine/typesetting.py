"""Setting text in the stamp's faces: which face draws which word, how wide it is, where a line breaks."""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from signing.engine import directions, faces, shaping
from signing.engine.faces import Subset
from signing.engine.names import is_later_ideograph
from signing.engine.pictures import Picture
from signing.engine.romanisation import romanised
from signing.engine.transliteration import transliterated

ELLIPSIS = "…"
FURTHER = ("world", "east", "rare")
"""Faces for the scripts that the others do not have: Hebrew, Arabic, Armenian, Georgian; Chinese, Japanese, Korean;
rare Chinese characters, Deseret, runes."""
STANDARD = "std-"
"""How resource names of standard fonts begin, and no name of a face."""
_FIRST_TURNED = "\u0590"
"""Hebrew begins here; nothing before it joins or runs from right to left."""
_WITHOUT_SHAPE = "CMZ"
"""Classes of characters that leave no ink, or none of their own: controls and joiners, marks, blanks."""
_LEFT_OUT = re.compile("…[… ]*…")

Run = tuple[str, str]
"""A face's name and the text it draws."""


class NotDrawable(ValueError):
    """No face has this character, nor a simpler form of it."""


@dataclass
class Drawing:
    """Operators of a content stream (ISO 32000-2, Annex A) and what they draw with, by resource name.

    `subsets` of our faces, under their names; `standard` fonts, by their PostScript names; `pictures`. A face and the
    standard font of its widths may both be drawn with: no name is another's.
    """

    operators: list[str] = field(default_factory=list)
    subsets: dict[str, Subset] = field(default_factory=dict)
    standard: dict[str, str] = field(default_factory=dict)
    pictures: dict[str, Picture] = field(default_factory=dict)

    def add(self, *operators: str) -> None:
        self.operators.extend(operators)

    def text(self, x: float, y: float, size: float, runs: Sequence[Run], *, spacing: float = 0.0) -> None:
        """Show runs one after the other from `x` on the baseline `y`; `spacing` in points after each glyph."""
        self.add("BT", f"{spacing:g} Tc")
        for name, part in runs:
            subset = self.subsets.setdefault(name, Subset(faces.face(name)))
            self.add(f"/{name} {size:g} Tf", f"1 0 0 1 {x:.3f} {y:.3f} Tm", f"{subset.show(part)} TJ")
            x += faces.face(name).width(part, size) + spacing * len(part)
        self.add("ET")

    def standard_text(self, x: float, y: float, size: float, font: str, text: str) -> None:
        """Show text of WinAnsiEncoding from `x` on the baseline `y` in a standard font."""
        name = STANDARD + font
        self.standard[name] = font
        shown = text.encode("cp1252").hex()
        self.add("BT", f"/{name} {size:g} Tf", f"1 0 0 1 {x:.3f} {y:.3f} Tm", f"<{shown}> Tj", "ET")

    def image(self, picture: Picture, x: float, y: float, wide: float, high: float) -> None:
        """Lay a picture into a box whose lower left corner is at `x`, `y`."""
        name = f"picture{len(self.pictures)}"
        self.pictures[name] = picture
        self.add("q", f"{wide:.3f} 0 0 {high:.3f} {x:.3f} {y:.3f} cm", f"/{name} Do", "Q")

    @property
    def content(self) -> bytes:
        return "\n".join(self.operators).encode("ascii") + b"\n"


def runs(text: str, preferred: str, fallback: str) -> list[Run]:
    """Give each word to the face that has all of it; what none has is drawn in a simpler form (Ǿ as O).

    From left to right as the line is seen, whatever the directions in which it is read. Whole words, for a word in two
    faces reads as two. Raises NotDrawable: a missing glyph is never drawn as nothing.
    """
    found: list[Run] = []
    for word in _words(_as_seen(text)):
        for name, drawn in _set(word, preferred, fallback):
            before = found.pop()[1] if found and found[-1][0] == name else ""
            found.append((name, before + drawn))
    return found


def _as_seen(text: str) -> str:
    """A line with its letters joined and in the order of their places; most are that already.

    What no face has is written in Latin letters before that: the first letter of Syriac is the one on the right.
    """
    text = re.sub(r"\S+", lambda found: transliterated(found[0]) or found[0], text)
    return text if all(character < _FIRST_TURNED for character in text) else directions.visual(shaping.joined(text))


def drawable(text: str, preferred: str, fallback: str) -> str:
    """Give a name as far as it can be drawn: symbols without a glyph fall away, letters leave an ellipsis.

    Empty where no letter or digit would be left.
    """
    kept = drawable_line(text, preferred, fallback)
    return kept if any(map(str.isalnum, kept)) else ""


def drawable_line(text: str, preferred: str, fallback: str) -> str:
    """Give any text as far as it can be drawn, a rule of dashes or a lone `€` too.

    Empty where nothing of its own could be seen: an ellipsis in place of letters says nothing.
    """
    whole = " ".join(text.split())
    kept = " ".join(" ".join(_legible(word, preferred, fallback) for word in whole.split()).split())
    shown = kept if kept == whole else _LEFT_OUT.sub(ELLIPSIS, kept)  # every ellipsis that was written stays
    seen = [character for character in shown if unicodedata.category(character)[0] not in _WITHOUT_SHAPE]
    return shown if ELLIPSIS in whole or any(character != ELLIPSIS for character in seen) else ""


def width(of: Sequence[Run], size: float) -> float:
    """Width in points."""
    return sum(faces.face(name).width(part, size) for name, part in of)


def wrap(text: str, room: float, size: float, preferred: str, fallback: str) -> list[list[Run]]:
    """Break `text` into lines of `room` points at blanks and hyphens; a word only where it is wider than a line."""
    lines, line = [], ""
    for piece in _pieces(text, room, size, preferred, fallback):
        if line and width(runs((line + piece).rstrip(), preferred, fallback), size) > room:
            lines.append(line.rstrip())
            line = ""
        line += piece
    lines.append(line.rstrip())
    return [runs(each, preferred, fallback) for each in lines if each]


def shorten(text: str, room: float, size: float, face: str) -> list[Run]:
    """Give `text`, or its two ends with an ellipsis between them, so that it fits."""
    kept = len(text)
    shown = runs(text, face, face)
    while width(shown, size) > room and kept > 1:
        kept -= 1
        head = (kept + 1) // 2
        shown = runs(text[:head] + ELLIPSIS + text[len(text) - (kept - head) :], face, face)
    return shown


def _words(text: str) -> Iterator[str]:
    """Words with the blank behind them."""
    start = 0
    for position, character in enumerate(text):
        if character == " ":
            yield text[start : position + 1]
            start = position + 1
    if start < len(text):
        yield text[start:]


def _pieces(text: str, room: float, size: float, preferred: str, fallback: str) -> Iterator[str]:
    for word in _words(text):
        for part in word.replace("-", "-\0").split("\0"):
            rest = part
            while len(rest) > 1 and width(runs(rest.rstrip(), preferred, fallback), size) > room:
                fitting = max(1, int(len(rest) * room / width(runs(rest, preferred, fallback), size)) - 1)
                yield rest[:fitting]
                rest = rest[fitting:]
            yield rest


def _set(word: str, preferred: str, fallback: str) -> list[Run]:
    """A word in one face, or in a simpler form in one; letter by letter where it is written in several scripts."""
    for name in (preferred, fallback):
        if all(map(faces.face(name).has, word)):
            return [(name, word)]
    simple = "".join(map(_simpler, word))
    for names, form in (((preferred, fallback), simple), (FURTHER, word), (FURTHER, simple)):
        for name in names:
            if form.strip() and all(map(faces.face(name).has, form)):
                return [(name, form)]
    latin = romanised(word.strip())
    if latin is not None:
        return [(preferred, latin + word[len(word.rstrip()) :])]
    return [(_face_of(character, (preferred, fallback, *FURTHER)), character) for character in word]


def _face_of(character: str, names: Sequence[str]) -> str:
    for name in names:
        if faces.face(name).has(character):
            return name
    raise NotDrawable(character)


def _legible(word: str, preferred: str, fallback: str) -> str:
    """A word as it is, or what the face that has most of it draws of it."""
    try:
        _set(_as_seen(word), preferred, fallback)
    except NotDrawable:
        every = (preferred, fallback, *FURTHER)
        forms = ["".join(_drawn(character, name) for character in word) for name in every]
        return max(forms, key=lambda form: sum(map(str.isalnum, form)))
    return romanised(word) or transliterated(word) or word


def _drawn(character: str, name: str) -> str:
    has = faces.face(name).has
    for form in (character, _simpler(character)):
        if all(map(has, form)):
            return form
    is_letter = unicodedata.category(character).startswith("L") or is_later_ideograph(character)
    return ELLIPSIS if is_letter else ""


def _simpler(character: str) -> str:
    """A character without what decomposes from it; joiners, which have no shape, fall away."""
    parts = unicodedata.normalize("NFKD", character)
    return "".join(part for part in parts if not unicodedata.combining(part) and unicodedata.category(part) != "Cf")
