"""Signature fields that are added after somebody signed, and are something else besides: no key is needed for it.

`prepared` is a page with two stamps over each other, as large as it, and numbers and a drawing that a field may use;
`replaced` needs no preparation at all.
"""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from functools import partial

import pikepdf

from tests.pdfs import raw

_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >>"
_OVER = b"q 1 1 1 rg 0 0 595 842 re f Q "
_STAMP = b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /F 4 /AP << /N %d 0 R >> >>"
_FIELD = b"<< /Type /Annot /Subtype /%s /FT /Sig /T (Z) /F 132 /Rect %s /P 3 0 R %s >>"
_LOOK = b"/AP << /N 6 0 R >>"
_INDIRECT, _NOWHERE = b"[7 0 R 7 0 R 8 0 R 9 0 R]", b"[0 0 0 0]"
_NEW = 200

FIELDS: dict[str, bytes] = {
    "indirect-rect": _FIELD % (b"Widget", _INDIRECT, _LOOK),
    "rect-strings": _FIELD % (b"Widget", b"[(a) 0 595 842]", _LOOK),
    "five-rect": _FIELD % (b"Widget", b"[0 0 595 842 0]", _LOOK),
    "no-rect": b"<< /Type /Annot /Subtype /Widget /FT /Sig /T (Z) /F 132 /P 3 0 R " + _LOOK + b" >>",
    "square": _FIELD % (b"Square", _INDIRECT, b"/IC [1 1 1] /C [1 0 0]"),
    "ink": _FIELD % (b"Ink", _NOWHERE, b"/InkList [[0 400 595 400]] /BS << /W 900 >> /C [1 1 1]"),
    "line": _FIELD % (b"Line", _NOWHERE, b"/L [0 400 595 400] /BS << /W 900 >> /C [1 1 1]"),
    "highlight": _FIELD % (b"Highlight", _NOWHERE, b"/QuadPoints [0 842 595 842 0 0 595 0] /C [1 0 0]"),
    "polygon": _FIELD % (b"Polygon", _NOWHERE, b"/Vertices [0 0 595 0 595 842 0 842] /IC [1 1 1] /C [1 1 1]"),
    "free-text": _FIELD % (b"FreeText", _NOWHERE, b"/DA (/Helv 20 Tf 1 0 0 rg) /Contents (FRAUDE)"),
    "text-note": _FIELD % (b"Text", b"[300 400 300 400]", b"/Contents (Avenant: 1000000 EUR) /Open true"),
    "popup-js": _FIELD % (b"Widget", _NOWHERE, b"/AA << /PV << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"),
    "link": _FIELD % (b"Widget", _NOWHERE, b"/A << /S /URI /URI (http://example.org) >>"),
    "colours": _FIELD % (b"Widget", _INDIRECT, b"/MK << /BG [1 1 1] /CA (Fraude) >> /DA (/F1 20 Tf 0 g)"),
    "unsigned": _FIELD % (b"Widget", _NOWHERE, b""),
}
"""The bodies of fields that a revision adds: by pyHanko's measure, none of them is seen."""


def prepared() -> bytes:
    """What intake takes and everybody signs in good faith."""
    fake, true = (raw.stream(_OVER + text, _FORM) for text in (raw.TEXT.replace(b"Contrat", b"Fraude!"), raw.TEXT))
    more = {6: fake, 7: b"0", 8: b"595", 9: b"842", 10: _STAMP % 6, 11: _STAMP % 12, 12: true}
    return raw.write(raw.one_page(page=b"/Annots [10 0 R 11 0 R]", more=more))


def with_field(signed: bytes, body: bytes, annotations: Callable[[bytes], bytes] = lambda there: there) -> bytes:
    """One revision with a field more, on the page and in the form; `annotations`: what becomes of those there."""
    page, form = _newest(signed, 3), int(re.findall(rb"/AcroForm (\d+) 0 R", signed)[-1])
    page = re.sub(rb"/Annots\s*\[(.*?)\]", lambda there: _with(b"Annots", annotations(there[1])), page, flags=re.DOTALL)
    fields = re.sub(rb"/Fields\s*\[(.*?)\]", lambda there: _with(b"Fields", there[1]), _newest(signed, form))
    return raw.update(signed, {_NEW: body, 3: page, form: fields})


def _with(name: bytes, there: bytes) -> bytes:
    return b"/%s [%s %d 0 R]" % (name, there, _NEW)


def _newest(signed: bytes, number: int) -> bytes:
    found: list[bytes] = re.findall(rb"(?<!\d)%d 0 obj\s(.*?)endobj" % number, signed, re.DOTALL)
    return found[-1].strip()


def _turned(there: bytes) -> bytes:
    assert b"10 0 R 11 0 R" in there
    return there.replace(b"10 0 R 11 0 R", b"11 0 R 10 0 R")


ORDERS: dict[str, Callable[[bytes], bytes]] = {
    "turned": _turned,
    "repeated": lambda there: there + b" 10 0 R",
    "dropped": lambda there: there.replace(b"11 0 R", b""),
    "direct": lambda there: there + b" << /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /AP << /N 6 0 R >> >>",
}
"""What a revision makes of the annotations that were there, as it adds a field that is none of these."""

EMPTY = FIELDS["unsigned"]


def replaced(signed: bytes, *, as_stamp: bool = False) -> bytes:
    """Two revisions after which readers show another first page; of any signed file, and nothing of it is prepared.

    The first leaves a drawing that nothing leads to; the second adds a field with that drawing.
    """
    font = b"/Resources << /Font << /F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >> >> >>"
    text = _OVER + b"BT /F1 24 Tf 0 g 60 700 Td (Cession de la maison pour 1 EUR) Tj ET"
    look = raw.stream(text, b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] " + font)
    with pikepdf.open(io.BytesIO(signed)) as pdf:
        page, form, number = pdf.pages[0].obj, pdf.Root.AcroForm, int(pdf.trailer.Size)
        kind, place = (b"Stamp", b"[%d 0 R %d 0 R %d 0 R %d 0 R]") if as_stamp else (b"Widget", b"[(a) 0 595 842]")
        if as_stamp:
            place %= (number + 2, number + 2, number + 3, number + 4)
        field = b"<< /Type /Annot /Subtype /%s /FT /Sig /T (Z) /F 132 /Rect %s /P %d 0 R /AP << /N %d 0 R >> >>"
        bodies = {number + 1: field % (kind, place, page.objgen[0], number)}
        bodies |= {page.objgen[0]: _joined(page, "/Annots", number + 1)}
        bodies |= {form.objgen[0]: _joined(form, "/Fields", number + 1)}
        root = pdf.Root.objgen[0]
    before = raw.update(signed, {number: look, number + 2: b"0", number + 3: b"595", number + 4: b"842"}, root=root)
    return raw.update(before, bodies, root=root)


def _joined(holder: pikepdf.Object, name: str, number: int) -> bytes:
    """A dictionary with one reference more in one of its arrays."""
    references = [b"%d %d R" % each.objgen for each in holder.get(name, pikepdf.Array())]
    body = holder.unparse(resolved=True)
    body = re.sub(rb"%s (\[.*?\]|\d+ \d+ R)" % name.encode(), b"", body, flags=re.DOTALL).rstrip()
    return body[:-2] + b" %s [%s %d 0 R] >>" % (name.encode(), b" ".join(references), number)


REPLACED: dict[str, Callable[[bytes], bytes]] = {"widget": replaced, "stamp": partial(replaced, as_stamp=True)}
