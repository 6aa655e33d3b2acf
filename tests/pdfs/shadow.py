"""Shadow attacks (Mainka, Mladenov, Rohlmann, 2021): prepared before somebody signs, sprung afterwards.

The attacker hands over a document with a second content in it, which nobody sees. What is signed is all of it. After
the signature an incremental update shows the second content. Nothing that the signature covers is changed.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass

from tests.pdfs import raw

_SEEN = b"q 1 1 1 rg 0 0 595 842 re f Q " + raw.TEXT
_UNSEEN = raw.TEXT.replace(b"Contrat de prestation", b"Cession de la maison")
_FORM = b"/Type /XObject /Subtype /Form /BBox [0 0 595 842] /Resources << /Font << /F1 5 0 R >> >>"
_PAGE = raw.PAGE_ENTRIES.replace(b"/Resources <<", b"/Resources << /XObject << /Over 6 0 R >>")
_FIELD = (
    b"<< /Type /Annot /Subtype /Widget /FT /Tx /T (Somme) /Rect [72 700 200 720] /P 3 0 R /DA (/F1 12 Tf 0 g) /F 4"
    b" /V (%s) /AP << /N 7 0 R >> >>"
)
_DIGITS = (
    b"/Encoding << /Type /Encoding /Differences [48 /nine /eight /seven /six /five /four /three /two /one /zero] >>"
)
_MEANS = b"/DA (/F1 12 Tf 0 g) /DR << /Font << /F1 5 0 R >> >> "
_OTHER_FONT = b"/F1 << /Type /Font /Subtype /Type1 /BaseFont /Helvetica " + _DIGITS + b" >>"


@dataclass(frozen=True)
class Shadow:
    """`prepared` is what gets signed; `sprung` makes the file that is passed on of the signed one."""

    prepared: bytes
    sprung: Callable[[bytes], bytes]


def appended(original: bytes, objects: Mapping[int, bytes | int | None], *, root: int = 1) -> bytes:
    """A revision whose table names new objects (bytes), old places in the file (numbers) and freed objects (None)."""
    written = {number: body for number, body in objects.items() if isinstance(body, bytes)}
    bodies = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in sorted(written.items()))
    made, start = original + bodies, len(original) + len(bodies)
    entries = b""
    for number, body in sorted(objects.items()):
        if body is None:
            entries += b"%d 1\n%010d %05d f \n" % (number, 0, 1)
            continue
        place = body if isinstance(body, int) else made.index(b"%d 0 obj\n" % number + body, len(original))
        entries += b"%d 1\n%010d %05d n \n" % (number, place, 0)
    return made + b"xref\n%s%s" % (entries, trailer(original, start, root=root))


def trailer(original: bytes, start: int, *, root: int = 1) -> bytes:
    """The end of a revision that follows all those of `original`."""
    previous = int(re.findall(rb"startxref\s+(\d+)", original)[-1])
    size = max(int(found) for found in re.findall(rb"/Size (\d+)", original))
    told = (size, root, previous, start)
    return b"trailer\n<< /Size %d /Root %d 0 R /Prev %d >>\nstartxref\n%d\n%%%%EOF\n" % told


def _covered() -> bytes:
    """The content nobody shall see, under a form that paints another over it."""
    over = raw.stream(_SEEN, _FORM)
    content = raw.stream(_UNSEEN + b" /Over Do")
    return raw.write({**raw.one_page(content=content), 3: b"<< " + _PAGE + b" >>", 6: over})


def _noted() -> bytes:
    """The same with a stamp, an annotation, as what covers."""
    look = b"<< /Type /Annot /Subtype /Stamp /Rect [0 0 595 842] /F 4 /AP << /N 7 0 R >> >>"
    content = raw.stream(_UNSEEN)
    return raw.write(
        raw.one_page(page=b"/Annots [6 0 R]", content=content, more={6: look, 7: raw.stream(_SEEN, _FORM)})
    )


def _filled() -> bytes:
    """A field that shows one sum and can be given another."""
    form = raw.catalog(b"/AcroForm << /Fields [6 0 R] /DR << /Font << /F1 5 0 R >> >> >>")
    look = raw.stream(b"BT /F1 12 Tf 2 5 Td (100) Tj ET", _FORM.replace(b"595 842", b"128 20"))
    field = _FIELD % b"100"
    return raw.write(raw.one_page(catalog=form, page=b"/Annots [6 0 R]", more={6: field, 7: look}))


def _claimed(form: bytes = _MEANS) -> bytes:
    """A field that nobody can fill in, whose drawing shows another sum than its value."""
    look = raw.stream(b"BT /F1 12 Tf 2 5 Td (100 EUR) Tj ET", _FORM.replace(b"595 842", b"128 20"))
    more = {
        6: (_FIELD % b"100000 EUR").replace(b"/FT /Tx", b"/FT /Tx /Ff 1"),
        7: look,
        8: b"<< /Fields [6 0 R] %s >>" % form,
    }
    return raw.write(raw.one_page(catalog=raw.catalog(b"/AcroForm 8 0 R"), page=b"/Annots [6 0 R]", more=more))


def _redrawn() -> bytes:
    """A form whose fields every reader draws from their values."""
    return _claimed(_MEANS + b"/NeedAppearances true")


def _doubled() -> bytes:
    """Two documents in one file: a second catalog with a page of its own, which nothing leads to."""
    form = b"/AcroForm 10 0 R"
    page = raw.PAGE_ENTRIES.replace(b"/Parent 2 0 R", b"/Parent 12 0 R").replace(
        b"/Contents 4 0 R", b"/Contents 14 0 R"
    )
    hidden = {
        10: b"<< /Fields [] /SigFlags 3 >>",
        11: raw.catalog(form).replace(b"/Pages 2 0 R", b"/Pages 12 0 R"),
        12: b"<< /Type /Pages /Kids [13 0 R] /Count 1 >>",
        13: b"<< " + page + b" >>",
        14: raw.stream(_UNSEEN),
    }
    return raw.write(raw.one_page(catalog=raw.catalog(form), more=hidden))


def _buried() -> bytes:
    """A second object 4 inside a stream: signed, and no object of the document as long as no table says so."""
    buried = b"4 0 obj\n" + raw.stream(_UNSEEN) + b"\nendobj\n"
    return raw.write(raw.one_page(more={6: raw.stream(buried)}))


def _revalued(signed: bytes) -> bytes:
    look = raw.stream(b"BT /F1 12 Tf 2 5 Td (100000) Tj ET", _FORM.replace(b"595 842", b"128 20"))
    return appended(signed, {6: _FIELD % b"100000", 7: look})


def _emptied(signed: bytes) -> bytes:
    return appended(signed, {6: raw.stream(b" ", _FORM)})


def _trailer_alone(signed: bytes) -> bytes:
    return signed + b"xref\n0 0\n" + trailer(signed, len(signed), root=11)


def _page_without(signed: bytes) -> bytes:
    """The page as it stands in the signed revision, without its annotations but those of signatures."""
    number = rb"3 0 obj\s(.*?)endobj"
    page = re.findall(number, signed, re.DOTALL)[-1].strip()
    return appended(signed, {3: re.sub(rb"\b6 0 R\s?", b"", page, count=1)})


def _form_with(entries: bytes) -> Callable[[bytes], bytes]:
    """The form with the fields of the signed revision, and other entries beside them."""

    def sprung(signed: bytes) -> bytes:
        form = re.findall(rb"\b8 0 obj\s(.*?)endobj", signed, re.DOTALL)[-1]
        kept = b" ".join(re.findall(rb"/Fields\s*\[.*?\]|/SigFlags\s+\d", form, re.DOTALL))
        return appended(signed, {8: b"<< %s %s >>" % (kept, entries)})

    return sprung


ATTACKS: dict[str, Shadow] = {
    "hide: the cover is freed": Shadow(_covered(), lambda signed: appended(signed, {6: None})),
    "hide: the cover is emptied": Shadow(_covered(), _emptied),
    "hide: the content goes without the cover": Shadow(
        _covered(), lambda signed: appended(signed, {4: raw.stream(_UNSEEN)})
    ),
    "hide: the cover is another object": Shadow(_covered(), lambda signed: appended(signed, {6: b"<< >>"})),
    "hide: the stamp is freed": Shadow(_noted(), lambda signed: appended(signed, {6: None})),
    "hide: the stamp's look is emptied": Shadow(
        _noted(), lambda signed: appended(signed, {7: raw.stream(b" ", _FORM)})
    ),
    "hide: the page drops the stamp": Shadow(_noted(), _page_without),
    "replace: the figures of a font": Shadow(
        raw.write(raw.one_page()),
        lambda signed: appended(signed, {5: raw.FONT.replace(b" >>", b" " + _DIGITS + b" >>")}),
    ),
    "replace: the value of a field": Shadow(_filled(), _revalued),
    "replace: the value that a reader redraws": Shadow(
        _filled(), lambda signed: appended(signed, {6: _FIELD % b"100000"})
    ),
    "replace: the look of all fields, drawn from their values": Shadow(
        _claimed(), _form_with(_MEANS + b"/NeedAppearances true")
    ),
    "replace: the font that fields are drawn with": Shadow(
        _redrawn(), _form_with(_MEANS.replace(b"/F1 5 0 R", _OTHER_FONT) + b"/NeedAppearances true")
    ),
    "replace: a further font for fields": Shadow(
        _redrawn(), _form_with(_MEANS.replace(b"/F1", b"/F2 5 0 R /F1") + b"/NeedAppearances true")
    ),
    "replace: how the text of fields is set": Shadow(_claimed(), _form_with(_MEANS.replace(b"12 Tf", b"99 Tf"))),
    "replace: the look of a field": Shadow(
        _filled(),
        lambda signed: appended(signed, {7: raw.stream(b"BT /F1 12 Tf 2 5 Td (9) Tj ET", _FORM)}),
    ),
    "hide and replace: another catalog": Shadow(_doubled(), _trailer_alone),
    "hide and replace: another tree of pages": Shadow(
        _doubled(), lambda signed: appended(signed, {2: b"<< /Type /Pages /Kids [13 0 R] /Count 1 >>"})
    ),
    "hide and replace: an object that was inside another": Shadow(
        _buried(), lambda signed: appended(signed, {4: signed.index(b"4 0 obj", signed.index(b"4 0 obj") + 1)})
    ),
}

FONTS_ADDED = Shadow(_claimed(b""), _form_with(_MEANS))
"""No attack: Acrobat gives a form fonts when somebody signs, and no field is drawn with them."""


def retold(signed: bytes) -> bytes:
    """Another title: of the file, not on its pages."""
    made, number = appended(signed, {90: b"<< /Title (Cession de la maison) >>"}), b" /Info 90 0 R /Prev"
    head, end = made[: len(signed)], made[len(signed) :]
    return head + re.sub(rb"/Size \d+", b"/Size 91", end).replace(b" /Prev", number)
