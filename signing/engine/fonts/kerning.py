"""Kerning pairs of the published fonts, flattened into the plain table that the engine reads."""

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from fontTools.ttLib import TTFont, newTable
from fontTools.ttLib.tables._k_e_r_n import KernTable_format_0

KERNED = [*range(0x20, 0x7F), *range(0xC0, 0x180), 0x2019, 0x2010, 0x2013]
SMALLEST_KERN = 4
MOST_KERNS = 10_900
"""What fits into one subtable of format 0, whose length has 16 bits; the weakest pairs give way."""


def table(sources: Iterable[TTFont], characters: Mapping[int, str], units: int) -> Any:
    """A `kern` table of format 0 with the strongest pairs of some fonts, in `units` per em, by the new glyph names."""
    pairs = dict(_flattened(sources, characters, units))
    strongest = sorted(pairs, key=lambda pair: (-abs(pairs[pair]), pair))[:MOST_KERNS]
    subtable = KernTable_format_0()
    subtable.kernTable = {pair: pairs[pair] for pair in strongest}
    subtable.coverage, subtable.apple, subtable.tupleIndex = 1, False, None
    made = newTable("kern")
    made.version, made.kernTables = 0, [subtable]
    return made


def _flattened(
    sources: Iterable[TTFont], characters: Mapping[int, str], units: int
) -> Iterator[tuple[tuple[str, str], int]]:
    """Class and pair kerning of the letters that names are made of."""
    for source in sources:
        scale = units / source["head"].unitsPerEm
        cmap = source.getBestCmap()
        here = {cmap[code]: characters[code] for code in KERNED if code in cmap}
        for left, right, value in _pairs(source, set(here)):
            kern = round(value * scale)
            if abs(kern) >= SMALLEST_KERN:
                yield (here[left], here[right]), kern


def _pairs(font: TTFont, wanted: set[str]) -> Iterator[tuple[str, str, int]]:
    """Adjustments of the first glyph's advance; where two lookups speak, the first one counts."""
    layout = font["GPOS"].table
    features = layout.FeatureList.FeatureRecord
    lookups = sorted(
        {index for record in features if record.FeatureTag == "kern" for index in record.Feature.LookupListIndex}
    )
    seen: set[tuple[str, str]] = set()
    for index in lookups:
        for subtable in layout.LookupList.Lookup[index].SubTable:
            positions = getattr(subtable, "ExtSubTable", subtable)
            if type(positions).__name__ != "PairPos":
                continue
            for left, right, value in _subtable(positions, wanted):
                if (left, right) not in seen:
                    seen.add((left, right))
                    yield left, right, value


def _subtable(positions: Any, wanted: set[str]) -> Iterator[tuple[str, str, int]]:
    firsts = [name for name in positions.Coverage.glyphs if name in wanted]
    if positions.Format == 1:
        sets = dict(zip(positions.Coverage.glyphs, positions.PairSet, strict=True))
        for left in firsts:
            for record in sets[left].PairValueRecord:
                if record.SecondGlyph in wanted:
                    yield left, record.SecondGlyph, _advance(record.Value1)
        return
    for left in firsts:
        row = positions.Class1Record[positions.ClassDef1.classDefs.get(left, 0)]
        for right in wanted:
            record = row.Class2Record[positions.ClassDef2.classDefs.get(right, 0)]
            yield left, right, _advance(record.Value1)


def _advance(value: Any) -> int:
    return 0 if value is None else int(getattr(value, "XAdvance", 0) or 0)
