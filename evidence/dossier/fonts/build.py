"""Makes the fonts of dossier.pdf: one weight each, cut to the scripts that names are written in, without hints.

Where they come from: the npm packages @fontsource-variable/newsreader and @fontsource-variable/source-sans-3 (5.3.0)
and Debian's fonts-dejavu-core and fonts-droid-fallback. Unpack the packages (`npm pack`, `tar xzf`; `apt-get download`,
`dpkg -x`) and run, with the development requirements:

    python -m evidence.dossier.fonts.build NEWSREADER_FOLDER SOURCE_SANS_FOLDER DEJAVU_FOLDER DROID_FOLDER

The families are renamed: "Source" is a reserved font name under the OFL, and a cut font is a modified one.
"""

import sys
from collections.abc import Iterable, Mapping
from io import BytesIO
from pathlib import Path

from fontTools import subset
from fontTools.merge import Merger
from fontTools.ttLib import TTFont
from fontTools.ttLib.scaleUpem import scale_upem
from fontTools.varLib import instancer

HERE = Path(__file__).parent
EM = 1000
LATIN = ("latin", "latin-ext", "vietnamese")
ALL = (*LATIN, "greek", "greek-ext", "cyrillic", "cyrillic-ext")
# What the text faces lack: other scripts of names, arrows, mathematics, geometric and other symbols, U+FFFD.
FALLBACK = (
    *range(0x20, 0x2C0),
    *range(0x2C0, 0x600),
    *range(0x600, 0x700),
    *range(0x10A0, 0x1100),
    *range(0x1E00, 0x2000),
    *range(0x2000, 0x2800),
    *range(0xFB00, 0xFE00),
    *range(0xFE70, 0xFF00),
    0xFFFD,
)
# Names in Chinese, Japanese and Korean, their marks and full-width letters; a blank between them is of the same face.
EAST = (
    0x20,
    *range(0x3000, 0x3130),
    *range(0x4E00, 0xA000),
    *range(0xAC00, 0xD7A4),
    *range(0xF900, 0xFB00),
    *range(0xFF00, 0xFFF0),
)
MONO = (*range(0x20, 0x250), *range(0x370, 0x530), *range(0x2000, 0x2070), 0x20AC, 0x2192, 0xFFFD)


def main(newsreader: Path, source_sans: Path, dejavu: Path, droid: Path) -> None:
    """Write all faces beside this file; the same sources give the same bytes."""
    serif = "newsreader-{}-standard-{}.woff2"
    display = {"wght": 500, "opsz": 36}
    _save(_merged(newsreader, [serif.format(each, "normal") for each in LATIN], display), "serif", "Paraphe Serif")
    _save(_merged(newsreader, [serif.format(each, "italic") for each in LATIN], display), "italic", "Paraphe Italic")
    sans = [f"source-sans-3-{each}-wght-normal.woff2" for each in ALL]
    _save(_merged(source_sans, sans, {"wght": 400}), "sans", "Paraphe Sans")
    _save(_merged(source_sans, sans, {"wght": 600}), "sans-bold", "Paraphe Sans Bold")
    _save(_cut(TTFont(dejavu / "DejaVuSans.ttf"), FALLBACK), "fallback", "Paraphe Fallback")
    _save(_cut(TTFont(droid / "DroidSansFallback.ttf"), EAST), "east", "Paraphe East")
    _save(_cut(TTFont(dejavu / "DejaVuSansMono.ttf"), MONO), "mono", "Paraphe Mono")


def _merged(folder: Path, names: Iterable[str], place: Mapping[str, float]) -> TTFont:
    """One face at one place of its design space, from the pieces it is distributed in."""
    pieces = []
    for name in names:
        font = instancer.instantiateVariableFont(TTFont(folder / name), place)
        if font["head"].unitsPerEm != EM:
            scale_upem(font, EM)
        pieces.append(_cut(font, font.getBestCmap()))
    return Merger().merge([_written(piece) for piece in pieces])


def _cut(font: TTFont, codes: Iterable[int]) -> TTFont:
    options = subset.Options(hinting=False, layout_features=["*"], notdef_outline=True, name_IDs=["*"])
    options.drop_tables += ["FFTM", "STAT", "MVAR", "HVAR", "GDEF"] if "fvar" in font else ["FFTM"]
    cutter = subset.Subsetter(options)
    cutter.populate(unicodes=codes)
    cutter.subset(font)
    return font


def _written(font: TTFont) -> BytesIO:
    written = BytesIO()
    font.save(written)
    written.seek(0)
    return written


def _save(font: TTFont, file: str, family: str) -> None:
    names = font["name"]
    kept = [record for record in names.names if record.nameID in (0, 13, 14)]
    names.names = kept
    for name_id, text in ((1, family), (2, "Regular"), (3, f"{family};1"), (4, family), (6, family.replace(" ", ""))):
        names.setName(text, name_id, 3, 1, 0x409)
    font["head"].created = font["head"].modified = 0
    font.recalcTimestamp = False
    font.save(HERE / f"{file}.ttf")


if __name__ == "__main__":
    main(*(Path(argument) for argument in sys.argv[1:5]))
