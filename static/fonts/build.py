"""Cuts the web fonts out of the published packages; run by people who develop, its results are committed.

    npm pack @fontsource-variable/newsreader@5.3.0 @fontsource-variable/source-sans-3@5.3.0    (then unpack each)
    python static/fonts/build.py NEWSREADER_PACKAGE SOURCE_SANS_PACKAGE

Newsreader is pinned to one instance (weight 500, optical size 36): only titles and initials are set in it. Source Sans
3 keeps its weight axis from 400 to 650. Each face has a Latin file, and an "ext" file with the letters of the other
European languages, fetched only where a name needs it (`unicode-range` in css/tokens.css repeats the ranges below).
The italic draws initials: capitals only. The names are our own, for the licence reserves "Source" to the original; the
makers' copyright stays in each file and in the licences beside it.
"""

# ruff: noqa: INP001 - a script beside what it makes, not a module

import sys
from pathlib import Path

from fontTools.subset import Options, Subsetter
from fontTools.ttLib import TTFont
from fontTools.varLib.instancer import instantiateVariableFont

HERE = Path(__file__).parent
FEATURES = ["kern", "liga", "ccmp", "locl", "mark", "mkmk", "lnum", "tnum", "case", "calt"]
LATIN = [*range(0x20, 0x7F), *range(0xA0, 0x100), 0x152, 0x153, 0x178, 0x2C6, 0x2DA, 0x2DC, 0x20AC, 0x2212, 0x2193]
PUNCTUATION = [0x2009, 0x200A, 0x202F, 0x2010, 0x2011, 0x2013, 0x2014, 0x2018, 0x2019, 0x201C, 0x201D, 0x2022, 0x2026]
EXTENDED = [*range(0x100, 0x180), *range(0x218, 0x21C), 0x1E9E]
DISPLAY = {"wght": 500, "opsz": 36}
TEXT = {"wght": (400, 650)}
COPYRIGHT, LICENCE = 0, (13, 14)


def main(newsreader: Path, source_sans: Path) -> None:
    """Write the woff2 files and the licences beside this script."""
    capitals = [code for code in [*range(0x41, 0x5B), *range(0xC0, 0xDF), 0x152, 0x178] if chr(code).isupper()]
    extended_capitals = [code for code in EXTENDED if chr(code).isupper()]
    titles, initials = "newsreader-latin{}-standard-normal.woff2", "newsreader-latin{}-standard-italic.woff2"
    text = "source-sans-3-latin{}-wght-normal.woff2"
    for package, source, axes, family, style, latin, extended in (
        (newsreader, titles, DISPLAY, "Paraphe Serif", "Medium", LATIN + PUNCTUATION, EXTENDED),
        (newsreader, initials, DISPLAY, "Paraphe Serif", "Medium Italic", capitals, extended_capitals),
        (source_sans, text, TEXT, "Paraphe Sans", "Regular", LATIN + PUNCTUATION, EXTENDED),
    ):
        for suffix, codes in (("", latin), ("-ext", extended)):
            font = cut(package / "files" / source.format(suffix), axes, codes)
            rename(font, family, style)
            stem = family.lower().replace(" ", "-") + ("-italic" if "Italic" in style else "")
            font.save(HERE / f"{stem}{suffix}.woff2")
    for package, source, target in (
        (newsreader, titles, "OFL-Newsreader.txt"),
        (source_sans, text, "OFL-Source-Sans.txt"),
    ):
        copyright_line = TTFont(package / "files" / source.format(""))["name"].getDebugName(COPYRIGHT)
        licence = (package / "LICENSE").read_text().split("\n", 1)[1]
        (HERE / target).write_text(f"{copyright_line}\n{licence}")


def cut(source: Path, axes: dict[str, int | tuple[int, int]], codes: list[int]) -> TTFont:
    """The font of `source` with its axes limited to `axes` and only the characters of `codes`."""
    font = TTFont(source)
    subsetter = Subsetter(Options(layout_features=FEATURES, hinting=False, desubroutinize=True, name_IDs=["*"]))
    subsetter.populate(unicodes=codes)
    subsetter.subset(font)
    # The packages leave glyphs without variation out of gvar; the instancer wants an entry for each.
    for glyph in font.getGlyphOrder():
        font["gvar"].variations.setdefault(glyph, [])
    instantiateVariableFont(font, axes, inplace=True)
    font.flavor = "woff2"
    return font


def rename(font: TTFont, family: str, style: str) -> None:
    """Give the font a name of ours and leave the makers' copyright and licence in it."""
    for name_id, words in ((1, family), (2, style), (3, f"{family} {style}"), (4, f"{family} {style}")):
        font["name"].setName(words, name_id, 3, 1, 0x409)
    font["name"].setName(f"{family} {style}".replace(" ", "-"), 6, 3, 1, 0x409)
    kept = {COPYRIGHT, 1, 2, 3, 4, 5, 6, *LICENCE}
    font["name"].names = [each for each in font["name"].names if each.nameID in kept]


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
