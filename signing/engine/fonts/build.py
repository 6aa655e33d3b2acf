"""Builds the faces of visible signatures from the published fonts. People who develop run it and commit its results.

    npm pack @fontsource-variable/newsreader@5.3.0 source-sans@3.52.0
    npm pack @fontsource/caveat@5.3.0 @fontsource/great-vibes@5.3.0
    apt-get download fonts-liberation2 fonts-dejavu-core fonts-noto-core fonts-droid-fallback fonts-hanazono
    for each in *.deb; do dpkg -x $each debian; done    (Debian 12; npm's unpacked beside)
    python -m signing.engine.fonts.build NEWSREADER SOURCE_SANS CAVEAT GREAT_VIBES DEBIAN    (the five folders)

Each result is a TrueType file of 1000 units per em without hints, composites and layout features: simple glyphs, a
character map (format 12), widths and plain kerning pairs. So the engine can read it with `struct` alone and cut a
subset per signature by copying glyphs. The names are our own: the licences reserve the names of the originals.
"""

import sys
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from fontTools.fontBuilder import FontBuilder
from fontTools.pens.recordingPen import DecomposingRecordingPen
from fontTools.pens.transformPen import TransformPen
from fontTools.pens.ttGlyphPen import TTGlyphPen
from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._c_m_a_p import CmapSubtable
from fontTools.varLib.instancer import instantiateVariableFont

from signing.engine.fonts import kerning
from signing.engine.fonts.coverage import EAST, RARE, WORLD, WRITTEN

HERE = Path(__file__).parent
FONTS = "usr/share/fonts"
UNITS = 1000
CAPITAL = 700
NOTO = ("Thai", "Lao", "Ethiopic", "Cherokee")
VERA = "Bitstream Vera, Arev and SIL Open Font License 1.1"
DISPLAY = {"wght": 500, "opsz": 36}
LAST = 0x2FFF
"""Nothing beyond: symbols and private characters of the originals stay out."""
STYLES = {"Regular": "", "Bold": "-bold", "Italic": "-italic", "BoldItalic": "-bold-italic"}
ALIKE = {
    "Serif": ("times", "Paraphe Roman"),
    "Sans": ("helvetica", "Paraphe Grotesque"),
    "Mono": ("courier", "Paraphe Typewriter"),
}
"""The families with the widths of the standard 14 fonts (ISO 32000-2, 9.6.2.2), by their name in Liberation."""


@dataclass(frozen=True)
class Face:
    """One result: its file, names, and the metrics that the PDF's font descriptor wants."""

    file: str
    family: str
    style: str
    sources: tuple[TTFont, ...]
    wanted: frozenset[int] = frozenset(range(LAST + 1))
    is_kerned: bool = True
    licence: str = "SIL Open Font License 1.1"


def main(newsreader: Path, source_sans: Path, caveat: Path, great_vibes: Path, debian: Path) -> None:
    for face in (
        *_standard(debian / FONTS),
        *_further(debian / FONTS),
        Face("handwriting.ttf", "Paraphe Hand", "Regular", _parts(caveat, "caveat"), WRITTEN),
        Face("calligraphy.ttf", "Paraphe Calligraphy", "Regular", _parts(great_vibes, "great-vibes"), WRITTEN),
        Face("serif.ttf", "Paraphe Serif", "Medium", _newsreader(newsreader, "normal")),
        Face("serif-italic.ttf", "Paraphe Serif", "Medium Italic", _newsreader(newsreader, "italic")),
        Face("sans.ttf", "Paraphe Sans", "Regular", (TTFont(source_sans / "TTF" / "SourceSans3-Regular.ttf"),)),
    ):
        build(face).save(HERE / face.file)
    (HERE / "OFL-Newsreader.txt").write_bytes((newsreader / "LICENSE").read_bytes())
    (HERE / "OFL-Source-Sans.txt").write_bytes((source_sans / "LICENSE.md").read_bytes())
    (HERE / "OFL-Caveat.txt").write_bytes((caveat / "LICENSE").read_bytes())
    (HERE / "OFL-Great-Vibes.txt").write_bytes((great_vibes / "LICENSE").read_bytes())
    documents = {"OFL-Liberation": "liberation2", "LICENCE-DejaVu": "dejavu-core", "LICENCE-Droid": "droid-fallback"}
    documents |= {"OFL-Noto": "noto-core", "LICENCE-Hanazono": "hanazono"}
    for licence, package in documents.items():
        (HERE / f"{licence}.txt").write_bytes((debian / f"usr/share/doc/fonts-{package}/copyright").read_bytes())


def build(face: Face) -> TTFont:
    """Put the characters of all sources into one plain font."""
    glyphs: dict[str, Any] = {".notdef": _box()}
    widths: dict[str, tuple[int, int]] = {".notdef": (500, 50)}
    characters: dict[int, str] = {}
    for source in face.sources:
        scale = UNITS / source["head"].unitsPerEm
        for code, name in sorted(source.getBestCmap().items()):
            if code not in face.wanted or code in characters:
                continue
            own = f"u{code:04X}"
            glyphs[own] = _outline(source, name, scale)
            widths[own] = (round(source["hmtx"][name][0] * scale), 0)
            characters[code] = own
    builder = FontBuilder(UNITS, isTTF=True)
    builder.setupGlyphOrder(list(glyphs))
    builder.font["cmap"] = _character_map(characters)
    builder.setupGlyf(glyphs, calcGlyphBounds=True)
    table = builder.font["glyf"]
    bearings = {name: (width, getattr(table[name], "xMin", 0)) for name, (width, _) in widths.items()}
    builder.setupHorizontalMetrics(bearings)
    _describe(builder, face)
    builder.font["kern"] = kerning.table(face.sources if face.is_kerned else (), characters, UNITS)
    builder.font["post"].formatType = 3.0
    # The same sources give the same bytes, whenever they are built.
    builder.font.recalcTimestamp = False
    builder.font["head"].created = builder.font["head"].modified = face.sources[0]["head"].modified
    return builder.font


def _standard(fonts: Path) -> Iterator[Face]:
    """Twelve faces, unkerned as a reader sets the standard fonts."""
    for original, (file, family) in ALIKE.items():
        for style, ending in STYLES.items():
            source = TTFont(fonts / f"truetype/liberation2/Liberation{original}-{style}.ttf")
            yield Face(f"{file}{ending}.ttf", family, style, (source,), WRITTEN, is_kerned=False)


def _further(fonts: Path) -> Iterator[Face]:
    """Three faces for the scripts that the text faces do not have."""
    files = ("dejavu/DejaVuSans", *(f"noto/NotoSans{script}-Regular" for script in NOTO))
    world = tuple(TTFont(fonts / f"truetype/{file}.ttf") for file in files)
    yield Face("world.ttf", "Paraphe World", "Regular", world, WORLD, is_kerned=False, licence=VERA)
    east = TTFont(fonts.parent / "fonts-droid-fallback/truetype/DroidSansFallback.ttf")
    yield Face("east.ttf", "Paraphe East", "Regular", (east,), EAST, is_kerned=False, licence="Apache License 2.0")
    files = ("hanazono/HanaMinA", "noto/NotoSansDeseret-Regular", "noto/NotoSansRunic-Regular")
    rare = tuple(TTFont(fonts / f"truetype/{file}.ttf") for file in files)
    yield Face("rare.ttf", "Paraphe Rare", "Regular", rare, RARE, is_kerned=False)


def _parts(package: Path, name: str) -> tuple[TTFont, ...]:
    """A font that is published in one file for each script."""
    scripts = ("latin", "latin-ext", "cyrillic", "cyrillic-ext", "vietnamese", "greek-ext")
    files = (package / "files" / f"{name}-{script}-400-normal.woff2" for script in scripts)
    return tuple(TTFont(file) for file in files if file.exists())


def _newsreader(package: Path, style: str) -> tuple[TTFont, ...]:
    files = (
        package / "files" / f"newsreader-{part}-standard-{style}.woff2" for part in ("latin", "latin-ext", "vietnamese")
    )
    return tuple(instantiateVariableFont(TTFont(file), DISPLAY) for file in files)


def _outline(font: TTFont, name: str, scale: float) -> Any:
    recording = DecomposingRecordingPen(font.getGlyphSet())
    font.getGlyphSet()[name].draw(recording)
    pen = TTGlyphPen(None)
    recording.replay(TransformPen(pen, (scale, 0, 0, scale, 0, 0)))
    glyph = pen.glyph()
    if glyph.numberOfContours > 0:
        glyph.coordinates.toInt()
    return glyph


def _box() -> Any:
    """The shape of a missing character; the engine never draws it."""
    pen = TTGlyphPen(None)
    for corners in (((50, 0), (50, 700), (450, 700), (450, 0)), ((100, 50), (400, 50), (400, 650), (100, 650))):
        pen.moveTo(corners[0])
        for corner in corners[1:]:
            pen.lineTo(corner)
        pen.closePath()
    return pen.glyph()


def _describe(builder: FontBuilder, face: Face) -> None:
    source = face.sources[0]
    scale = UNITS / source["head"].unitsPerEm
    rise, fall = (round(getattr(source["OS/2"], name) * scale) for name in ("sTypoAscender", "sTypoDescender"))
    builder.setupHorizontalHeader(ascent=rise, descent=fall)
    # Older sources do not say how high a capital is.
    capital = round(getattr(source["OS/2"], "sCapHeight", CAPITAL / scale) * scale)
    weight = source["OS/2"].usWeightClass
    builder.setupOS2(sTypoAscender=rise, sTypoDescender=fall, sCapHeight=capital, usWeightClass=weight)
    postscript = f"{face.family}-{face.style}".replace(" ", "")
    builder.setupNameTable(
        {
            "familyName": face.family,
            "styleName": face.style,
            "psName": postscript,
            "copyright": source["name"].getDebugName(0),
            "licenseDescription": face.licence,
        },
        mac=False,
    )
    builder.setupPost(italicAngle=source["post"].italicAngle)


def _character_map(characters: Mapping[int, str]) -> Any:
    table = newTable("cmap")
    subtable = CmapSubtable.newSubtable(12)
    subtable.platformID, subtable.platEncID, subtable.language = 3, 10, 0
    subtable.cmap = dict(characters)
    table.tableVersion, table.tables = 0, [subtable]
    return table


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:]))
