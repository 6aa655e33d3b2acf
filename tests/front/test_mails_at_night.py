"""Mails where the reader's program is dark: every colour of theirs has its own, and stays readable.

The palette is that of `../shared/look` (issue 8, 5: mail that reads well).
"""

import re
from pathlib import Path

import pytest
from django.conf import settings

from signing.clients import inks

MAILS = Path(settings.BASE_DIR) / "templates" / "mail"
INLINE = re.compile(r'style="([^"]*)"')
COLOUR = re.compile(r"(background|color|solid)[: ](#[0-9a-f]{6})")
RULE = re.compile(r'\[style\*="([^"]+)"\](?=[^{}]*\{ (?:background|color|border-color): (#[0-9a-f]{6}) !important; \})')
READABLE = 4.5  # WCAG 2.2, 1.4.3


def text_of(file: Path) -> str:
    """A template, in our own ink."""
    return re.sub(r"{{ (?:ink\.)?(day|night) }}", lambda told: getattr(inks.OURS, told[1]), file.read_text())


def at_night() -> dict[str, str]:
    """The dark colour, by what stands in the style of the elements that have it."""
    return dict(RULE.findall(text_of(MAILS / "_layout.html")))


def test_every_colour_has_its_own_at_night() -> None:
    styles = [style for file in MAILS.rglob("*.html") for style in INLINE.findall(text_of(file))]
    used = {
        f"{what}{' ' if what == 'solid' else ':'}{colour}" for each in styles for what, colour in COLOUR.findall(each)
    }
    assert len(used) > 8
    assert used == set(at_night())


@pytest.mark.parametrize("ground", ["background:#ffffff", "background:#eceee9"])
def test_what_is_read_is_readable_at_night(ground: str) -> None:
    colours = at_night()
    for text in ("color:#1a2133", "color:#4b5468", "color:#24408e"):
        assert contrast(colours[text], colours[ground]) >= READABLE, text
    assert contrast(colours["color:#ffffff"], colours["background:#24408e"]) >= READABLE


def contrast(one: str, other: str) -> float:
    """WCAG 2.2, "contrast ratio"."""
    dark, light = sorted(map(luminance, (one, other)))
    return (light + 0.05) / (dark + 0.05)


def luminance(colour: str) -> float:
    parts = [int(colour[n : n + 2], 16) / 255 for n in (1, 3, 5)]
    linear = [each / 12.92 if each <= 0.04045 else ((each + 0.055) / 1.055) ** 2.4 for each in parts]
    return sum(share * each for share, each in zip((0.2126, 0.7152, 0.0722), linear, strict=True))
