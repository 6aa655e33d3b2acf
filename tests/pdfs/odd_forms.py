"""Documents that are odd, as programs write them or nearly, and that nobody changes when somebody signs."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from typing import Any

from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from tests.pdfs import raw

_NUMBER: Any = generic.NumberObject
_LINK = b"<< /Type /Annot /Subtype /Link /Rect [10 10 50 50] /Border [0 0 0] %s >>"
_URI = _LINK % b"/A << /S /URI /URI (http://example.org) >>"
_WIDGET = b"<< /Type /Annot /Subtype /Widget /Rect [9 9 90 90] /FT /Tx /T (x) /Ff 1 /V (a) /AP null >>"


def direct_annotations() -> bytes:
    """As jsPDF and FPDF write links."""
    return raw.write(raw.one_page(page=b"/Annots [" + _URI + b"]"))


def _form(fields: bytes, more: dict[int, bytes], page: bytes = b"") -> bytes:
    form = raw.catalog(b"/AcroForm << /Fields [" + fields + b"] >>")
    return raw.write(raw.one_page(catalog=form, more=more, page=page))


def _field(name: bytes, kind: bytes = b"/FT /Tx /Ff 1") -> bytes:
    return b"<< %s /T %s /V (a) >>" % (kind, name)


DOCUMENTS: dict[str, bytes] = {
    "direct-annots": direct_annotations(),
    "indirect-array-of-direct-annots": raw.write(raw.one_page(page=b"/Annots 6 0 R", more={6: b"[" + _URI + b"]"})),
    "two-fields-one-name": _form(b"6 0 R 7 0 R", {6: _field(b"(a)"), 7: _field(b"(a)")}),
    "field-without-FT": _form(b"6 0 R", {6: _field(b"(a)", b"")}),
    "dotted-name": _form(b"6 0 R", {6: _field(b"(a.b)")}),
    "name-for-a-name": _form(b"6 0 R", {6: _field(b"/a")}),
    "direct-field": _form(_field(b"(x)"), {}),
    "widget-AP-null": _form(b"6 0 R", {6: _WIDGET}, page=b"/Annots [6 0 R]"),
    "odd-DSS": raw.write(raw.one_page(catalog=raw.catalog(b"/DSS << /VRI << >> /Foo 1 >>"))),
}

VALUES: dict[str, tuple[bytes, bytes]] = {
    "two-fields-one-name": (b"/V (a)", b"/V (b)"),
    "field-without-FT": (b"/V (a)", b"/V (b)"),
    "dotted-name": (b"/V (a)", b"/V (b)"),
    "name-for-a-name": (b"/V (a)", b"/V (b)"),
    "widget-AP-null": (b"/AP null", b"/AP << /N 4 0 R >>"),
}
"""Of a document: what stands in an object that signing does not write anew, and what a revision puts there instead."""


def revalued(signed: bytes, name: str) -> bytes:
    there, instead = VALUES[name]
    objects = {int(one): body for one, body in re.findall(rb"(?<!\d)(\d+) 0 obj\n(.*?)\nendobj", signed, re.DOTALL)}
    number, body = next((number, body) for number, body in sorted(objects.items()) if there in body)
    return raw.update(signed, {number: body.replace(there, instead)})


def _moved(annotations: Any, _root: Any) -> None:
    annotations[0]["/Rect"] = generic.ArrayObject(map(_NUMBER, (0, 0, 595, 842)))


def _led_elsewhere(annotations: Any, _root: Any) -> None:
    annotations[0]["/A"]["/URI"] = generic.TextStringObject("http://example.com")


def _doubled(annotations: Any, _root: Any) -> None:
    annotations.append(annotations[0])


def _taken_away(annotations: Any, _root: Any) -> None:
    del annotations[0]


def _refilled(_annotations: Any, root: Any) -> None:
    root["/AcroForm"]["/Fields"][0]["/V"] = generic.TextStringObject("b")


def _restored(_annotations: Any, root: Any) -> None:
    root["/DSS"]["/Foo"] = _NUMBER(2)


REVISIONS: dict[str, tuple[str, Callable[[Any, Any], None]]] = {
    "a direct annotation moves": ("direct-annots", _moved),
    "a direct annotation leads elsewhere": ("direct-annots", _led_elsewhere),
    "a direct annotation comes twice": ("direct-annots", _doubled),
    "a direct annotation is gone": ("direct-annots", _taken_away),
    "one of an indirect array leads elsewhere": ("indirect-array-of-direct-annots", _led_elsewhere),
    "a direct field has another value": ("direct-field", _refilled),
    "an entry of others in the store": ("odd-DSS", _restored),
}
"""A document, and what a revision makes of the annotations of its page, or of what hangs on its catalog."""


def revised(signed: bytes, change: Callable[[Any, Any], None]) -> bytes:
    writer: Any = IncrementalPdfFileWriter(io.BytesIO(signed))
    page = writer.root["/Pages"]["/Kids"][0]
    change(page["/Annots"], writer.root)
    touched = (page, page["/Annots"], writer.root, writer.root["/AcroForm"], writer.root["/DSS"])
    for each in touched:
        writer.update_container(each)
    written = io.BytesIO()
    writer.write(written)
    return written.getvalue()
