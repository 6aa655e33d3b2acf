"""Lines of text that an integrator lays over the image of a visible signature, and the fonts that he names.

certsign-api.md, linesOptions. A font is drawn with a face of the same widths, cut to the characters used; one named
`…_not_archived` by the standard font that every reader has (ISO 32000-2, 9.6.2.2), where that has the characters.
"""

from dataclasses import dataclass
from functools import cached_property

from signing.engine import faces, typesetting
from signing.engine.typesetting import Drawing, Run

FALLBACK = "sans"
NOT_EMBEDDED = "_not_archived"
Colour = tuple[float, float, float]


@dataclass(frozen=True)
class Font:
    """A face of ours, and the standard font with the same widths; `embedded`: whether the face goes into the file."""

    face: str
    standard: str | None
    embedded: bool = True


_EMBEDDED = {
    "Times_roman": Font("times", "Times-Roman"),
    "Times_Bold": Font("times-bold", "Times-Bold"),
    "Times_Italic": Font("times-italic", "Times-Italic"),
    "Times_Bold_Italic": Font("times-bold-italic", "Times-BoldItalic"),
    "Helvetica": Font("helvetica", "Helvetica"),
    "Helvetica_Bold": Font("helvetica-bold", "Helvetica-Bold"),
    "Helvetica_Oblique": Font("helvetica-italic", "Helvetica-Oblique"),
    "Helvetica_Bold_Oblique": Font("helvetica-bold-italic", "Helvetica-BoldOblique"),
    "Courier": Font("courier", "Courier"),
    "Courier_Bold": Font("courier-bold", "Courier-Bold"),
    "Courier_Italic": Font("courier-italic", "Courier-Oblique"),
    "Courier_Bold_Italic": Font("courier-bold-italic", "Courier-BoldOblique"),
    "Handwriting_Regular": Font("handwriting", None),
    "Handwriting_Callig": Font("calligraphy", None),
}


def _not_embedded(name: str) -> str:
    """How the contract spells a font that is not embedded: Courier's italics are oblique there."""
    return (name.replace("Italic", "Oblique") if name.startswith("Courier") else name) + NOT_EMBEDDED


FONTS: dict[str, Font] = _EMBEDDED | {
    _not_embedded(name): Font(font.face, font.standard, embedded=False)
    for name, font in _EMBEDDED.items()
    if font.standard is not None
}
"""By the names of the contract."""


@dataclass(frozen=True)
class Line:
    """A line: its text, a name of FONTS, size in points, colour (0 to 1), and the start of its baseline in the box."""

    text: str
    font: str = "Helvetica"
    size: float = 10.0
    colour: Colour = (0.0, 0.0, 0.0)
    x: float = 2.0
    y: float = 2.0

    @property
    def is_drawable(self) -> bool:
        """Whether there is anything to be seen of it: one of our faces has a character of it."""
        return bool(self._shown)

    @property
    def extent(self) -> tuple[float, float, float, float]:
        """Left, bottom, right, top of its body and of whatever its letters swing out of it, in the box, in points."""
        left, bottom, right, top = 0.0, 0.0, 0.0, self.size * self._rise
        for name, part in self._runs:
            ink = faces.face(name).ink(part, self.size)
            left, bottom = min(left, right + ink[0]), min(bottom, ink[1])
            end, top = right + faces.face(name).width(part, self.size), max(top, ink[3])
            right = max(end, right + ink[2])
        return self.x + left, self.y + bottom, self.x + right, self.y + top

    def draw(self, drawing: Drawing, *, embed: bool) -> None:
        """Add it to a drawing; `embed`: with the face even where the standard font was asked for."""
        drawing.add(" ".join(f"{part:.4f}" for part in self.colour) + " rg")
        font, text = FONTS[self.font], self._shown
        if font.embedded or embed or font.standard is None or not _is_standard(text):
            drawing.text(self.x, self.y, self.size, self._runs)
        else:
            drawing.standard_text(self.x, self.y, self.size, font.standard, text)

    @cached_property
    def _shown(self) -> str:
        return typesetting.drawable_line(self.text, FONTS[self.font].face, FALLBACK)

    @cached_property
    def _runs(self) -> list[Run]:
        return typesetting.runs(self._shown, FONTS[self.font].face, FALLBACK)

    @property
    def _rise(self) -> float:
        return faces.face(FONTS[self.font].face).metrics.ascent / 1000


def colour(number: int) -> Colour:
    """Take RGB out of one integer, 0xRRGGBB; what stands above (the alpha that some languages add) is left out."""
    red, green, blue = (number >> shift & 0xFF for shift in (16, 8, 0))
    return red / 255, green / 255, blue / 255


def _is_standard(text: str) -> bool:
    """Whether WinAnsiEncoding (ISO 32000-2, Annex D) has every character."""
    try:
        text.encode("cp1252")
    except UnicodeEncodeError:
        return False
    return True
