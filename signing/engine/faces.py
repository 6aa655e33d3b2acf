"""The typefaces of the stamp: which characters they have, how wide text is, and a subset with just the glyphs used.

The files in `fonts/` are made by `fonts/build.py` in a shape that needs no font library here: 1000 units per em,
simple glyphs, one character map of format 12, kerning of format 0. A subset numbers its glyphs from 0 on, so glyph
number and CID are one and every glyph present is used: what PDF/A-1 (ISO 19005-1, 6.3.5) and -2 ask of a CIDSet.
"""

import struct
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache
from itertools import pairwise
from pathlib import Path

from signing.engine import shaping

FOLDER = Path(__file__).with_name("fonts")


@dataclass(frozen=True)
class Metrics:
    """For the font descriptor, in thousandths of the size."""

    name: str
    ascent: int
    descent: int
    capital: int
    angle: float
    weight: int
    box: tuple[int, int, int, int]


class Face:
    """One face. Widths and kerning in thousandths of the size."""

    def __init__(self, path: Path) -> None:
        data = path.read_bytes()
        (count,) = struct.unpack_from(">H", data, 4)
        records = (struct.unpack_from(">4s4xII", data, 12 + 16 * n) for n in range(count))
        self._tables = {tag.decode(): data[start : start + length] for tag, start, length in records}
        self._glyph_of = dict(_character_map(self._tables["cmap"]))
        self._horizontal = list(_horizontal_metrics(self._tables))
        self._kerning = dict(_kern_pairs(self._tables["kern"]))
        self.metrics = self._metrics()

    def has(self, character: str) -> bool:
        return ord(character) in self._glyph_of

    def glyphs(self, text: str) -> list[int]:
        """Numbers of the glyphs of `text`; KeyError for a character the face lacks."""
        return [self._glyph_of[ord(character)] for character in text]

    def advance(self, glyph: int) -> int:
        return self._horizontal[glyph][0]

    def kern(self, left: int, right: int) -> int:
        return self._kerning.get((left, right), 0)

    def width(self, text: str, size: float) -> float:
        """Width of `text` in points, kerning included."""
        glyphs = self.glyphs(text)
        kerned = sum(self.kern(left, right) for left, right in pairwise(glyphs))
        return (sum(map(self.advance, glyphs)) + kerned) * size / 1000

    def ink(self, text: str, size: float) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of what `text` paints, from the start of its baseline, in points."""
        pen, boxes, previous = 0, [(0, 0, 0, 0)], None
        for glyph in self.glyphs(text):
            pen += 0 if previous is None else self.kern(previous, glyph)
            outline = self._outline(glyph)
            if outline:
                left, bottom, right, top = struct.unpack_from(">4h", outline, 2)
                boxes.append((pen + left, bottom, pen + right, top))
            pen, previous = pen + self.advance(glyph), glyph
        lefts, bottoms, rights, tops = zip(*boxes, strict=True)
        return tuple(edge * size / 1000 for edge in (min(lefts), min(bottoms), max(rights), max(tops)))

    def program(self, glyphs: list[int]) -> bytes:
        """A TrueType file of these glyphs in this order; the first must be 0 (.notdef)."""
        count = len(glyphs)
        outlines = [self._outline(glyph) for glyph in glyphs]
        offsets = [0]
        for outline in outlines:
            offsets.append(offsets[-1] + len(outline))
        head = bytearray(self._tables["head"])
        struct.pack_into(">I", head, 8, 0)
        struct.pack_into(">h", head, 50, 1)
        widths = b"".join(struct.pack(">Hh", *self._horizontal[glyph]) for glyph in glyphs)
        return _font_file(
            {
                "head": bytes(head),
                "hhea": self._tables["hhea"][:34] + struct.pack(">H", count),
                "maxp": self._tables["maxp"][:4] + struct.pack(">H", count) + self._tables["maxp"][6:],
                "hmtx": widths,
                "loca": struct.pack(f">{count + 1}I", *offsets),
                "glyf": b"".join(outlines) or b"\0",
            }
        )

    def _outline(self, glyph: int) -> bytes:
        (long_offsets,) = struct.unpack_from(">h", self._tables["head"], 50)
        form, scale = (">2I", 1) if long_offsets else (">2H", 2)
        start, end = struct.unpack_from(form, self._tables["loca"], glyph * struct.calcsize(form) // 2)
        outline = self._tables["glyf"][start * scale : end * scale]
        return outline + bytes(-len(outline) % 4)

    def _metrics(self) -> Metrics:
        box = struct.unpack_from(">4h", self._tables["head"], 36)
        ascent, descent = struct.unpack_from(">2h", self._tables["hhea"], 4)
        (weight,) = struct.unpack_from(">H", self._tables["OS/2"], 4)
        (capital,) = struct.unpack_from(">h", self._tables["OS/2"], 88)
        (angle,) = struct.unpack_from(">i", self._tables["post"], 4)
        return Metrics(_postscript_name(self._tables["name"]), ascent, descent, capital, angle / 65536, weight, box)


@dataclass
class Subset:
    """The glyphs of one face that a drawing uses, numbered in order of appearance."""

    face: Face
    numbers: dict[int, int] = field(default_factory=lambda: {0: 0})
    text: dict[int, str] = field(default_factory=dict)

    def show(self, text: str) -> str:
        """The operand of TJ that shows `text`: glyph numbers in hex, kerning between them (ISO 32000-2, 9.4.3)."""
        shown = ["[<"]
        previous: int | None = None
        for character, glyph in zip(text, self.face.glyphs(text), strict=True):
            kern = 0 if previous is None else self.face.kern(previous, glyph)
            if kern:
                shown.append(f">{-kern}<")
            number = self.numbers.setdefault(glyph, len(self.numbers))
            self.text[number] = shaping.plain(character)
            shown.append(f"{number:04X}")
            previous = glyph
        return "".join([*shown, ">]"])

    @property
    def widths(self) -> list[int]:
        return [self.face.advance(glyph) for glyph in self.numbers]

    @property
    def program(self) -> bytes:
        return self.face.program(list(self.numbers))


@cache
def face(name: str) -> Face:
    """Open a face by its name: serif, serif-italic, sans, those of the contract (`signing.engine.lines`)."""
    return Face(FOLDER / f"{name}.ttf")


def _character_map(table: bytes) -> Iterator[tuple[int, int]]:
    """Format 12 (OpenType, cmap): groups of characters with glyphs in a row."""
    (start,) = struct.unpack_from(">I", table, 8)
    (groups,) = struct.unpack_from(">I", table, start + 12)
    for n in range(groups):
        first, last, glyph = struct.unpack_from(">3I", table, start + 16 + 12 * n)
        yield from zip(range(first, last + 1), range(glyph, glyph + last - first + 1), strict=True)


def _horizontal_metrics(tables: Mapping[str, bytes]) -> Iterator[tuple[int, int]]:
    """Advance and left bearing of each glyph; the last ones of a typewriter share one advance (OpenType, hmtx)."""
    (whole,) = struct.unpack_from(">H", tables["hhea"], 34)
    (glyphs,) = struct.unpack_from(">H", tables["maxp"], 4)
    pairs = list(struct.iter_unpack(">Hh", tables["hmtx"][: 4 * whole]))
    yield from pairs
    for (bearing,) in struct.iter_unpack(">h", tables["hmtx"][4 * whole : 4 * whole + 2 * (glyphs - whole)]):
        yield pairs[-1][0], bearing


def _kern_pairs(table: bytes) -> Iterator[tuple[tuple[int, int], int]]:
    (count,) = struct.unpack_from(">H", table, 10)
    for left, right, value in struct.iter_unpack(">HHh", table[18 : 18 + 6 * count]):
        yield (left, right), value


def _postscript_name(table: bytes) -> str:
    count, start = struct.unpack_from(">2H", table, 2)
    for n in range(count):
        identifier, length, offset = struct.unpack_from(">3H", table, 6 + 12 * n + 6)
        if identifier == 6:  # noqa: PLR2004 name ID 6 is the PostScript name
            return table[start + offset : start + offset + length].decode("utf-16-be")
    raise ValueError("a face without a PostScript name")


def _font_file(tables: Mapping[str, bytes]) -> bytes:
    count = len(tables)
    power = count.bit_length() - 1
    directory = struct.pack(">IHHHH", 0x00010000, count, 16 << power, power, 16 * count - (16 << power))
    body, offset = b"", 12 + 16 * count
    for tag, table in sorted(tables.items()):
        directory += struct.pack(">4sIII", tag.encode(), _checksum(table), offset + len(body), len(table))
        body += table + bytes(-len(table) % 4)
    file = directory + body
    # head.checkSumAdjustment, at 8 in the table, makes the sum of the whole file 0xB1B0AFBA.
    head = 12 + 16 * sorted(tables).index("head")
    (start,) = struct.unpack_from(">I", file, head + 8)
    adjustment = (0xB1B0AFBA - _checksum(file)) & 0xFFFFFFFF
    return file[: start + 8] + struct.pack(">I", adjustment) + file[start + 12 :]


def _checksum(table: bytes) -> int:
    padded = table + bytes(-len(table) % 4)
    words: tuple[int, ...] = struct.unpack(f">{len(padded) // 4}I", padded)
    return sum(words) & 0xFFFFFFFF
