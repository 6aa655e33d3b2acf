"""What a text costs as an SMS: its alphabet, its length there, and how many parts it is sent in.

The GSM 7 bit default alphabet and its extension (3GPP TS 23.038, sections 6.2.1 and 6.2.1.1), else UCS-2; parts of a
longer text lose 6 octets to the header that joins them (3GPP TS 23.040, section 9.2.3.24.1).
"""

from dataclasses import dataclass
from typing import Literal
from unicodedata import combining, normalize

BASIC = frozenset(
    "@£$¥èéùìòÇ\nØø\rÅåΔ_ΦΓΛΩΠΨΣΘΞÆæßÉ !\"#¤%&'()*+,-./0123456789:;<=>?"
    "¡ABCDEFGHIJKLMNOPQRSTUVWXYZÄÖÑÜ§¿abcdefghijklmnopqrstuvwxyzäöñüà"
)
EXTENDED = frozenset("\f^{}\\[~]|€")  # two septets each, never parted
GSM_ALONE, GSM_PART = 160, 153
UCS2_ALONE, UCS2_PART = 70, 67
FIRST_OF_TWO = 0xFFFF
# What word processors set and the alphabet lacks: one such letter would halve what a part holds.
_PLAIN = str.maketrans({"\u00a0": " ", "\u202f": " ", "’": "'", "‘": "'", "“": '"', "”": '"', "–": "-", "…": "..."})
_JOINED = {"œ": "oe", "Œ": "OE"}


@dataclass(frozen=True)
class Size:
    """`units`: septets of GSM-7, or 16-bit units of UCS-2."""

    alphabet: Literal["GSM-7", "UCS-2"]
    units: int
    parts: int


def plain(text: str) -> str:
    """The text with typographic spaces, quotes and dashes as a telephone writes them; all else as it is."""
    return text.translate(_PLAIN)


def fitting(text: str) -> str:
    """The same without the accents that the alphabet lacks, `ç` as `c`, `œ` as `oe`, where all of it then fits there.

    For words of which nobody has seen beforehand how long they become; those of another script stay as they are.
    """
    bare = "".join(each if _is_there(each) else _bare(each) for each in text)
    return bare if all(_is_there(each) for each in bare) else text


def size(text: str) -> Size:
    """Alphabet, length and number of parts of a text as it goes out."""
    if all(_is_there(letter) for letter in text):
        widths = [2 if letter in EXTENDED else 1 for letter in text]
        return Size("GSM-7", sum(widths), _parts(widths, GSM_ALONE, GSM_PART))
    widths = [2 if ord(letter) > FIRST_OF_TWO else 1 for letter in text]
    return Size("UCS-2", sum(widths), _parts(widths, UCS2_ALONE, UCS2_PART))


def _is_there(letter: str) -> bool:
    return letter in BASIC or letter in EXTENDED


def _bare(letter: str) -> str:
    """A Latin letter without its accents; any other as it is."""
    return _JOINED.get(letter) or "".join(each for each in normalize("NFKD", letter) if not combining(each))


def _parts(widths: list[int], alone: int, part: int) -> int:
    """One where it fits; else as many as it fills, no letter in two of them."""
    if sum(widths) <= alone:
        return 1
    parts, room = 1, part
    for width in widths:
        if width > room:
            parts, room = parts + 1, part
        room -= width
    return parts
