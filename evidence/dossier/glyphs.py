"""What the bundled fonts can draw. What they cannot is printed as its number, never left out, never misleading."""

import unicodedata
from functools import lru_cache
from pathlib import Path

from fontTools.ttLib import TTFont

FACES = ("sans", "fallback", "east")
FOLDER = Path(__file__).parent / "fonts"
KEPT = "\t\n\r"


def printable(text: str) -> str:
    """The text with every character that cannot be drawn, or that turns the text around, as `[U+4E2D]`."""
    if text.isascii() and text.isprintable():
        return text
    drawn = _drawn()
    return "".join(each if each in drawn else f"[U+{ord(each):04X}]" for each in text)


@lru_cache(maxsize=1)
def _drawn() -> frozenset[str]:
    """Characters with a glyph, less controls and formats (Cc, Cf): a U+202E in a name would print it backwards.

    Nor the separators of lines and paragraphs (Zl, Zp): they have glyphs, and no face is asked for them.
    """
    codes: set[int] = set()
    for face in FACES:
        with TTFont(FOLDER / f"{face}.ttf", lazy=True) as font:
            codes |= set(font.getBestCmap())
    unseen = ("Cc", "Cf", "Co", "Cn", "Zl", "Zp")
    plain = {chr(code) for code in codes if unicodedata.category(chr(code)) not in unseen}
    return frozenset(plain | set(KEPT))
