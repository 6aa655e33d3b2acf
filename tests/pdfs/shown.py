"""Annotations that are on the screen what they are not on paper, and ordinary ones that are not printed."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from tests.pdfs import raw

Maker = Callable[[], bytes]

_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 500 40] "
_WIDE = b"/Rect [60 760 560 800] "
_STATE = b"/Resources << /ExtGState << /G << %s >> >> /XObject << /X 8 0 R >> >>"
_WHITE = b"1 1 1 rg 0 0 500 40 re f"
_THROUGH = b"/G gs 1 1 0 rg 0 0 500 40 re f"


def annotated(entries: bytes, look: bytes | None = None, *, resources: bytes = b"", more: bytes | None = None) -> bytes:
    """A page with one annotation over its text; `look`: what its appearance (object 7) paints, `more`: object 8."""
    shapes = {} if look is None else {7: raw.stream(look, _FORM + resources)}
    further = shapes | ({} if more is None else {8: more})
    appearance = b"" if look is None or b"/AP" in entries else b"/AP << /N 7 0 R >> "
    made = b"<< /Type /Annot %s %s%s>>" % (entries, b"" if b"/Rect" in entries else _WIDE, appearance)
    return raw.write(raw.one_page(page=b"/Annots [6 0 R]", more={6: made, **further}))


def _through(state: bytes) -> Maker:
    return partial(annotated, b"/Subtype /Highlight", _THROUGH, resources=_STATE % state, more=_NESTED)


_PICTURE = raw.stream(
    b"\xff", b"/Type /XObject /Subtype /Image /Width 1 /Height 1 /BitsPerComponent 8 /ColorSpace /DeviceGray"
)
_NESTED = raw.stream(_WHITE, _FORM)
_MARKED = raw.stream(_THROUGH, _FORM + _STATE % b"/BM /Multiply")

COVERING: dict[str, Maker] = {
    "white-square": partial(annotated, b"/Subtype /Square", _WHITE),
    "white-highlight": partial(annotated, b"/Subtype /Highlight", _WHITE),
    "white-link": partial(annotated, b"/Subtype /Link", _WHITE),
    "white-square-real-flags": partial(annotated, b"/Subtype /Square /F 0.0", _WHITE),
    "square-the-reader-fills": partial(annotated, b"/Subtype /Square /IC [1 1 1]"),
    "text-on-ground": partial(annotated, b"/Subtype /FreeText /C [1 1 1] /Contents (x) /DA (/F1 9 Tf)"),
    "field-on-ground": partial(annotated, b"/Subtype /Widget /FT /Tx /Ff 1 /T (a) /MK << /BG [1 1 1] >>"),
    "picture": partial(
        annotated, b"/Subtype /Stamp", b"q 500 0 0 40 0 0 cm /X Do Q", resources=_STATE % b"", more=_PICTURE
    ),
    "form-within": partial(annotated, b"/Subtype /Stamp", b"/X Do", resources=_STATE % b"", more=_NESTED),
    "one-of-two-states": partial(
        annotated,
        b"/Subtype /Widget /FT /Btn /Ff 65537 /AS /On /AP << /N << /On 7 0 R /Off 8 0 R >> >>",
        b"",
        more=_NESTED,
    ),
    "marker-put-away": partial(
        annotated, b"/Subtype /Highlight", b"q " + _THROUGH + b" Q " + _WHITE, resources=_STATE % b"/BM /Multiply"
    ),
    "white-that-lightens": _through(b"/BM /Lighten"),
    "hardly-seen-through": _through(b"/ca 0.99"),
    "looks-otherwise-under-the-mouse": partial(
        annotated, b"/Subtype /Square /F 4 /AP << /N 7 0 R /R 8 0 R >>", b"0 0 500 40 re S", more=_NESTED
    ),
    "looks-otherwise-when-pressed": partial(
        annotated, b"/Subtype /Square /F 4 /AP << /N 7 0 R /D 8 0 R >>", b"0 0 500 40 re S", more=_NESTED
    ),
    "a-button-as-large-as-a-clause": partial(
        annotated,
        b"/Subtype /Widget /FT /Btn /Ff 65537 /F 4 /Rect [60 700 560 800] /AP << /N 7 0 R /R 8 0 R >>",
        b"",
        more=_NESTED,
    ),
    "goes-under-the-mouse": partial(annotated, b"/Subtype /Square /F 260", _WHITE),
    "comes-under-the-mouse": partial(annotated, b"/Subtype /Square /F 288", _WHITE),
}
"""Refused."""

UNPRINTED: dict[str, Maker] = {
    "highlight-multiplied": _through(b"/BM /Multiply"),
    "highlight-by-list": _through(b"/BM [/Darken /Normal]"),
    "highlight-half-seen-through": _through(b"/ca 0.4"),
    "highlight-in-a-form": partial(annotated, b"/Subtype /Highlight", b"/X Do", resources=_STATE % b"", more=_MARKED),
    "highlight-the-reader-draws": partial(
        annotated, b"/Subtype /Highlight /C [1 1 0] /QuadPoints [60 800 560 800 60 760 560 760]"
    ),
    "note": partial(annotated, b"/Subtype /Text /Rect [10 10 30 30] /F 24 /Contents (f)", b"1 1 0 rg 0 0 20 20 re f"),
    "letters": partial(annotated, b"/Subtype /FreeText /DA (/F1 9 Tf)", b"BT /F1 9 Tf (a f \\) f b) Tj ET"),
    "underlined": partial(annotated, b"/Subtype /Underline", b"0 1 m 500 1 l S"),
    "link-with-a-frame": partial(annotated, b"/Subtype /Link", b"0 0 500 40 re S"),
}
"""Taken as they are, and told."""

ALIKE: dict[str, Maker] = {
    "link": partial(annotated, b"/Subtype /Link /Border [0 0 1]"),
    "popup": partial(annotated, b"/Subtype /Popup"),
    "printed-square": partial(annotated, b"/Subtype /Square /F 4", _WHITE),
    "hidden-square": partial(annotated, b"/Subtype /Square /F 2", _WHITE),
    "seen-nowhere": partial(annotated, b"/Subtype /Square /F 32", _WHITE),
    "of-no-size": partial(annotated, b"/Subtype /Square /Rect [5 5 5 5]", _WHITE),
    "of-no-place": partial(annotated, b"/Subtype /Square /Rect [(a) 0 5 5]", _WHITE),
    "button-pressed": partial(
        annotated,
        b"/Subtype /Widget /FT /Btn /Ff 65537 /F 4 /T (b) /Rect [60 760 160 780] /AP << /N 7 0 R /D 8 0 R >>",
        b"",
        more=_NESTED,
    ),
    "one-look-for-all": partial(annotated, b"/Subtype /Square /F 4 /AP << /N 7 0 R /R 7 0 R /D 7 0 R >>", _WHITE),
}
"""Taken as they are, without a word."""
