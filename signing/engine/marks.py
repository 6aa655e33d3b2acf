"""What a visible signature of the sandbox says: TEST."""

from signing.engine.typesetting import Drawing, runs, width

WORD = "TEST"
_RED, _WHITE = "0.70196 0 0.10588", "1"
_LARGEST, _SMALLEST = 7.0, 3.0
_AIR, _TALL = 0.8, 1.3
"""How much wider than the word its label is, and how tall that is, in parts of the size of the letters."""
_WIDE = width(runs(WORD, "sans", "sans"), 1.0) + _AIR
ROOM = 26.0
"""Points on the page that the largest mark takes of a line."""
SMALLEST_BOX = _SMALLEST * (_WIDE + _AIR), _SMALLEST * (_TALL + _AIR)
"""Width and height on the page below which a box does not hold the smallest mark that can be read."""


def mark_test(drawing: Drawing, right: float, top: float, *, wide: float, high: float, scale: float = 1.0) -> None:
    """Lay a red label with TEST into the upper right corner of a box of `wide` by `high`, which is at `right`, `top`.

    All in the box's own units, of which one is `scale` points on the page: the letters have 7 points there, fewer in a
    small box, and never less than 3 (`SMALLEST_BOX`).
    """
    size = max(_SMALLEST, min(_LARGEST, high * scale / 2, wide * scale / 5)) / scale
    room, tall, edge = size * _WIDE, size * _TALL, size * _AIR / 2
    left, bottom = right - room - edge, top - tall - edge
    drawing.add("q", f"{_RED} rg", f"{left:.3f} {bottom:.3f} {room:.3f} {tall:.3f} re f", f"{_WHITE} g")
    drawing.text(left + edge, bottom + size * 0.33, size, runs(WORD, "sans", "sans"))
    drawing.add("Q")
