"""A client's own ink on the pages and in the letters of its signers (look/README, Palette): one colour, judged.

By night the colour is made lighter until it is read there. WCAG 2.2, 1.4.3: 4.5:1 at least.
"""

import re
from itertools import count
from typing import NamedTuple

from django.core.exceptions import ValidationError
from django.utils.translation import gettext

Colour = tuple[int, int, int]


class Inks(NamedTuple):
    """An ink by day, and by night."""

    day: str
    night: str


OURS = Inks("#24408e", "#a9bdf7")

BLACK, WHITE = (0, 0, 0), (255, 255, 255)
# Ground and paper of static/css/tokens.css, by day and by night; what stands on the ink.
DAY, NIGHT = ("#eceee9", "#fbfcfa"), ("#141922", "#1c222d")
ON_INK = {"day": "#ffffff", "night": "#10151f"}
LEAST = 4.5
STEP = 0.05
LINEAR = 0.04045  # below it sRGB is a straight line


def check(ink: str) -> None:
    """Raise ValidationError for what is no colour, or is not read on ground and paper or under its label."""
    if not re.fullmatch(r"#[0-9a-f]{6}", ink):
        raise ValidationError(gettext("Écrivez la couleur en six chiffres hexadécimaux minuscules : #24408e."))
    if not _is_read(_parsed(ink), *DAY, ON_INK["day"]):
        raise ValidationError(gettext("Cette couleur est trop claire : il faut un contraste de 4,5 au moins."))


def sheet(ink: str) -> str:
    """Give the style sheet that replaces the three tokens of the ink; `ink` has been checked."""
    day, night = map(_parsed, pair(ink))
    pairs = {
        "encre": (_told(day), _told(night)),
        "encre-fort": (_told(_mixed(day, BLACK, 0.3)), _told(_mixed(night, WHITE, 0.4))),
        "sur-encre": (ON_INK["day"], ON_INK["night"]),
    }
    both = _rules({name: f"light-dark({by_day}, {by_night})" for name, (by_day, by_night) in pairs.items()})
    by_day = _rules({name: each for name, (each, _) in pairs.items()})
    by_night = _rules({name: each for name, (_, each) in pairs.items()})
    older = f"{by_day} @media (prefers-color-scheme: dark) {{ {by_night} }}"
    return f"@layer tokens {{ {both} @supports not (color: light-dark(#000, #fff)) {{ {older} }} }}\n"


def pair(ink: str) -> Inks:
    """Give the ink by day, and by night the nearest lighter one that is read there; `ink` has been checked."""
    lighter = (_mixed(_parsed(ink), WHITE, n * STEP) for n in count())
    return Inks(ink, _told(next(each for each in lighter if _is_read(each, *NIGHT, ON_INK["night"]))))


def contrast(one: Colour, other: Colour) -> float:
    """The contrast ratio of two colours, 1 to 21 (WCAG 2.2)."""
    light, dark = sorted((_luminance(one), _luminance(other)), reverse=True)
    return (light + 0.05) / (dark + 0.05)


def _is_read(ink: Colour, *beside: str) -> bool:
    return all(contrast(ink, _parsed(each)) >= LEAST for each in beside)


def _luminance(colour: Colour) -> float:
    parts = (part / 255 for part in colour)
    red, green, blue = (part / 12.92 if part <= LINEAR else ((part + 0.055) / 1.055) ** 2.4 for part in parts)
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue


def _parsed(ink: str) -> Colour:
    red, green, blue = bytes.fromhex(ink[1:])
    return red, green, blue


def _told(colour: Colour) -> str:
    return "#" + bytes(colour).hex()


def _mixed(one: Colour, other: Colour, share: float) -> Colour:
    red, green, blue = (round(a + (b - a) * min(share, 1)) for a, b in zip(one, other, strict=True))
    return red, green, blue


def _rules(tokens: dict[str, str]) -> str:
    return ":root { " + " ".join(f"--{name}: {value};" for name, value in tokens.items()) + " }"
