"""Whether what an annotation draws hides the page below it (ISO 32000-2, 8.5.3, 8.9, 11.3).

A surface that is filled hides, a marker does not: the latter multiplies its colour with what is below, or lets most of
it through.
"""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from decimal import Decimal

import pikepdf

_DEEPEST = 16
_SEEN_THROUGH = Decimal("0.5")
"""Opacity of a marker at the most."""
_MARKING = frozenset({"/Multiply", "/Darken"})
"""Blend modes in which a white surface hides nothing."""

_STEP = re.compile(
    rb"\((?:[^()\\]|\\.)*+\)"
    rb"|/(?P<name>[^\x00\s/<>\[\](){}%]+)\s+(?P<use>gs|Do)\b"
    rb"|(?<![^\s\]>)])(?P<step>q|Q|f\*?|F|B\*?|b\*?|sh|BI)(?![^\s/\[(<])",
    re.DOTALL,
)


def hides_what_is_below(form: pikepdf.Object) -> bool:
    """Whether a form fills a surface, itself or by a form or picture that it paints; through a marker's colours it
    may. Text and lines are no surfaces.
    """
    return _Painting().hides(form, marks=False)


@dataclass
class _Painting:
    """One appearance being followed; each of its forms is, once for either way of painting."""

    entered: set[tuple[tuple[int, int], bool]] = field(default_factory=set)

    def hides(self, form: pikepdf.Object, *, marks: bool) -> bool:
        if (form.objgen, marks) in self.entered or len(self.entered) > _DEEPEST:
            return False
        self.entered.add((form.objgen, marks))
        outer: list[bool] = []
        for found in _STEP.finditer(form.read_bytes()):
            step = found["use"] or found["step"]
            if step == b"q":
                outer.append(marks)
            elif step == b"Q":
                marks = outer.pop() if outer else marks
            elif step == b"gs":
                marks = _marks(_named(form, "/ExtGState", found["name"]), marks=marks)
            elif step == b"Do":
                if self._paints(_named(form, "/XObject", found["name"]), marks=marks):
                    return True
            elif step and not marks:
                return True
        return False

    def _paints(self, painted: object, *, marks: bool) -> bool:
        if not isinstance(painted, pikepdf.Stream):
            return False
        if painted.get("/Subtype") == "/Form":
            return self.hides(painted, marks=marks)
        return not marks


def _marks(state: object, *, marks: bool) -> bool:
    """Whether one sees through what is painted from now on; `marks`: up to now."""
    if not isinstance(state, pikepdf.Dictionary) or state.keys().isdisjoint({"/BM", "/ca"}):
        return marks
    mode, opacity = state.get("/BM"), state.get("/ca", 1)
    first = mode[0] if isinstance(mode, pikepdf.Array) and len(mode) else mode
    through = isinstance(opacity, int | Decimal) and opacity <= _SEEN_THROUGH
    return through or (isinstance(first, pikepdf.Name) and str(first) in _MARKING)


def _named(form: pikepdf.Object, kind: str, name: bytes) -> object:
    resources = form.get("/Resources")
    named = resources.get(kind) if isinstance(resources, pikepdf.Dictionary) else None
    return named.get("/" + name.decode("latin-1")) if isinstance(named, pikepdf.Dictionary) else None
