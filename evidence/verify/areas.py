"""Rectangles in a page's user space (ISO 32000-2, 7.9.5), and how much of it several of them cover together."""

from __future__ import annotations

from collections.abc import Sequence
from itertools import pairwise
from typing import Any

Rect = tuple[float, float, float, float]
"""Left, low, right, high, in points of user space."""
NOWHERE: Rect = (0.0, 0.0, 0.0, 0.0)


def rect_of(numbers: Any) -> Rect:
    """A rectangle of a file, whichever corners it names; `NOWHERE` of what is none. More numbers than four: the first.

    Readers that draw such a thing at all take the first four.
    """
    try:
        one, two, three, four = (
            float(numbers[place]) for place in range(4)
        )  # by their places: references are followed
    except (ValueError, TypeError, LookupError):
        return NOWHERE
    return min(one, three), min(two, four), max(one, three), max(two, four)


def area(rect: Rect) -> float:
    left, low, right, high = rect
    return (right - left) * (high - low)


def inside(rect: Rect, box: Rect) -> Rect:
    """What of a rectangle lies in a box."""
    left, low, right, high = (max(rect[0], box[0]), max(rect[1], box[1]), min(rect[2], box[2]), min(rect[3], box[3]))
    return (left, low, right, high) if right > left and high > low else NOWHERE


def union(rects: Sequence[Rect]) -> float:
    """The area that they cover together; where they lie above one another it is counted once."""
    edges = sorted({edge for left, _low, right, _high in rects for edge in (left, right)})
    return sum(
        (right - left) * _length([(low, high) for from_, low, to, high in rects if from_ <= left and right <= to])
        for left, right in pairwise(edges)
    )


def _length(spans: list[tuple[float, float]]) -> float:
    """The length that spans of a line cover together."""
    total, reached = 0.0, float("-inf")
    for low, high in sorted(spans):
        total += max(0.0, high - max(low, reached))
        reached = max(reached, high)
    return total
