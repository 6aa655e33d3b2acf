"""The stamp: what a reader sees of a signature. It is never the proof, and says where the proof is.

200 x 70 points as drawn in look/stamp.svg: a margin with the signer's initials and a flourish across the rule, then
who, when, which dossier and which digits. Opaque, no transparency, embedded fonts: a PDF/A stays one.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from math import cos, radians, sin
from zoneinfo import ZoneInfo

from signing.engine import marks, names
from signing.engine.pictures import Picture
from signing.engine.typesetting import Drawing, NotDrawable, Run, drawable, runs, shorten, width, wrap

WIDTH, HEIGHT = 200.0, 70.0

_TEXT_LEFT, _ROOM = 52.0, 141.0
_MARGIN = (4.0, 4.0, 40.0, 66.0)
_BODY, _SMALLEST, _LEAST_ROOM = 7.3, 6.5, 12.0
_NAME_SIZES = (14.5, 13.5, 12.5, 11.5, 11.0)
_WRAPPED = ((2, 10.5, 7.25), (3, 7.0, 6.5))
"""Lines that a name may take, and the sizes between which it then is set."""
_LAST_NAME_LINE = 31.8

_INK, _TEXT, _WHITE = "0.14118 0.25098 0.55686", "0.10196 0.12941 0.2", "1"

_MONTHS = {
    "fr": "janvier|février|mars|avril|mai|juin|juillet|août|septembre|octobre|novembre|décembre",
    "en": "January|February|March|April|May|June|July|August|September|October|November|December",
}


@dataclass(frozen=True)
class Stamp:
    """What one stamp says and where it goes.

    `signed_at` is aware; `zone` an IANA name, whose city is shown. `digits`: the first eight of the binding. `page`:
    counted from 1, None for the last. `x`, `y`: lower left corner in displayed points; None: bottom right, `slot` 1,
    2, … above one another.
    """

    name: str
    signed_at: datetime
    zone: str
    reference: str
    digits: str
    language: str = "fr"
    page: int | None = None
    x: float | None = None
    y: float | None = None
    slot: int = 0
    logo: Picture | None = None
    label: str = ""
    test: bool = False
    scale: float = 1.0

    def fitted(self, width: float, height: float) -> "Stamp":
        """The same where `width` and `height` points are all that a page has for it: it knows its `scale` there."""
        return replace(self, scale=min(1.0, width / WIDTH, height / HEIGHT))

    @property
    def box(self) -> tuple[float, float, float, float]:
        """What it takes: left, bottom, right, top in points."""
        return 0.0, 0.0, WIDTH, HEIGHT

    def draw(self, *, embed: bool = True) -> Drawing:  # noqa: ARG002 - its fonts are embedded always
        """Draw it in a box of 200 x 70 points, origin at the lower left."""
        return _draw(self)


@dataclass(frozen=True)
class _Words:
    title: str
    signed_by: str
    signed_by_short: str
    name_elsewhere: str
    dossier: str
    digits: str


_WORDS = {
    "fr": _Words(
        "Signature électronique : {}",
        "Signé électroniquement par",
        "Signé par",
        "Nom porté au certificat",
        "Dossier {}",
        "Empreinte {} · signature simple",
    ),
    "en": _Words(
        "Electronic signature: {}",
        "Electronically signed by",
        "Signed by",
        "Name as in the certificate",
        "File {}",
        "Fingerprint {} · simple signature",
    ),
}


def _draw(stamp: Stamp) -> Drawing:
    drawing = Drawing()
    drawing.add(f"{_WHITE} g", f"{_TEXT} RG", "0.5 w", "0.4 0.4 199.2 69.2 re B", "44 0.4 m 44 69.6 l S")
    if stamp.logo is None:
        _draw_initials(drawing, stamp.name)
    else:
        _draw_logo(drawing, stamp.logo)
    drawing.add(f"{_TEXT} rg")
    words = _WORDS.get(stamp.language, _WORDS["fr"])
    _draw_name(drawing, stamp, words)
    digits = " ".join(stamp.digits[start : start + 4] for start in range(0, len(stamp.digits), 4))
    _draw_line(drawing, 42.0, moment(stamp.signed_at, stamp.zone, stamp.language))
    _draw_line(drawing, 52.0, words.dossier.format(names.clean(stamp.reference)))
    _draw_line(drawing, 62.0, words.digits.format(digits))
    if stamp.test:
        marks.mark_test(drawing, WIDTH, HEIGHT, wide=WIDTH, high=HEIGHT, scale=stamp.scale)
    return drawing


def title(name: str, language: str) -> str:
    """What is read aloud in place of a visible signature; in French where the language is not known here."""
    return _WORDS.get(language, _WORDS["fr"]).title.format(name)


def moment(at: datetime, zone: str, language: str) -> str:
    """Say an instant with its seconds and the city of its zone: le 23 novembre 2026 à 14:29:03 (Paris)."""
    local = at.astimezone(ZoneInfo(zone))
    city = zone.rpartition("/")[2].replace("_", " ")
    month = _MONTHS["en" if language == "en" else "fr"].split("|")[local.month - 1]
    if language == "en":
        return f"on {local.day} {month} {local:%Y} at {local:%H:%M:%S} ({city})"
    day = "1er" if local.day == 1 else str(local.day)
    return f"le {day} {month} {local:%Y} à {local:%H:%M:%S} ({city})"


def _draw_line(drawing: Drawing, from_top: float, text: str, room: float = _ROOM) -> None:
    """One line at 7.3 points, less where it is long, shortened in its middle where 6.5 are still too wide.

    None where a mark leaves it no room, as on a page that is hardly larger than the mark.
    """
    if room < _LEAST_ROOM:
        return
    line, size = _drawable(text, "sans", "sans"), _BODY
    while width(line, size) > room and size > _SMALLEST:
        size = max(_SMALLEST, size - 0.1)
    if width(line, size) > room:
        line = shorten("".join(part for _, part in line), room, size, "sans")
    drawing.text(_TEXT_LEFT, HEIGHT - from_top, size, line)


def _draw_name(drawing: Drawing, stamp: Stamp, words: _Words) -> None:
    name = _legible(stamp.name) or words.name_elsewhere
    label, room = names.clean(stamp.label), _ROOM - (marks.ROOM / stamp.scale if stamp.test else 0)
    whole = runs(name, "serif", "sans")
    for size in _NAME_SIZES:
        if width(whole, size) <= _ROOM:
            _draw_line(drawing, 13.5, label or words.signed_by, room)
            drawing.text(_TEXT_LEFT, HEIGHT - 29.5, size, whole)
            return
    _draw_line(drawing, 10.0, label or words.signed_by_short, room)
    lines, size = _wrapped(name)
    leading = size * 1.06
    for below, line in zip(range(len(lines) - 1, -1, -1), lines, strict=True):
        drawing.text(_TEXT_LEFT, HEIGHT - _LAST_NAME_LINE + leading * below, size, line)


def _legible(declared: str) -> str:
    """What the faces draw of a name: without its emoji, an ellipsis for letters that none has; empty for nothing."""
    return drawable(names.clean(declared), "serif", "sans")


def _wrapped(name: str) -> tuple[list[list[Run]], float]:
    """The largest setting of a long name; the end of one that no setting can hold is cut, and shown to be."""
    for most, largest, smallest in _WRAPPED:
        size = largest
        while size >= smallest:
            lines = wrap(name, _ROOM, size, "serif", "sans")
            if len(lines) <= most:
                return lines, size
            size -= 0.25
    most = _WRAPPED[-1][0]
    kept = wrap(name, _ROOM - 8, _SMALLEST, "serif", "sans")[:most]
    kept[-1].append(("serif", "…"))
    return kept, _SMALLEST


def _draw_logo(drawing: Drawing, logo: Picture) -> None:
    """A logo as large as the margin allows, in its middle."""
    left, bottom, right, top = _MARGIN
    scale = min((right - left) / logo.width, (top - bottom) / logo.height)
    wide, high = logo.width * scale, logo.height * scale
    drawing.image(logo, (left + right - wide) / 2, (bottom + top - high) / 2, wide, high)


def _draw_initials(drawing: Drawing, name: str) -> None:
    """Initials and flourish, turned by six degrees; a name that no face can draw has the flourish alone."""
    turn = radians(6)
    matrix = (cos(turn), sin(turn), -sin(turn), cos(turn), 23.0, HEIGHT - 36.0)
    drawing.add("q", " ".join(f"{value:.5f}" for value in matrix) + " cm", f"{_INK} rg", f"{_INK} RG")
    shown, size = _initials(name), 22.0
    if shown:
        spacing = -0.5
        letters = sum(len(part) for _, part in shown)
        while width(shown, size) + spacing * letters > 38:  # noqa: PLR2004 the margin's width less its air
            size -= 0.5
        drawing.text(-(width(shown, size) + spacing * letters) / 2, 0.0, size, shown, spacing=spacing)
    drawing.add(
        "1.5 w 1 J",
        "-18 -8.5 m -9 -4.2 2 -3.8 18 -5 c 22 -5.4 21.6 -7.6 16.5 -8.1 c 7 -9 -4 -9 -11 -12 c S",
        "Q",
    )


def _initials(name: str) -> list[Run]:
    try:
        return runs(names.initials(_legible(name)), "serif-italic", "sans")
    except NotDrawable:
        return []


def _drawable(text: str, preferred: str, fallback: str) -> Sequence[Run]:
    """A line whose every character is drawn; what no face has is shown as a question mark."""
    try:
        return runs(text, preferred, fallback)
    except NotDrawable:
        ascii_only = text.encode("ascii", "replace").decode()
        return runs(ascii_only, preferred, fallback)
