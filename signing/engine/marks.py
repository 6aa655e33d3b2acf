"""What a visible signature of the sandbox says: TEST."""

from signing.engine.typesetting import Drawing, runs, width

WORD = "TEST"
_RED, _WHITE = "0.70196 0 0.10588", "1"
_LARGEST, _SMALLEST = 7.0, 3.0
ROOM = 26.0
"""Points that the largest mark takes of a line."""


def mark_test(drawing: Drawing, wide: float, high: float) -> None:
    """Lay a red label with TEST into the upper right corner of a box, smaller where the box is small."""
    size = max(_SMALLEST, min(_LARGEST, high / 2, wide / 5))
    word = runs(WORD, "sans", "sans")
    room, tall = width(word, size) + size * 0.8, size * 1.3
    left, bottom = wide - room - size * 0.4, high - tall - size * 0.4
    drawing.add("q", f"{_RED} rg", f"{left:.3f} {bottom:.3f} {room:.3f} {tall:.3f} re f", f"{_WHITE} g")
    drawing.text(left + size * 0.4, bottom + size * 0.33, size, word)
    drawing.add("Q")
