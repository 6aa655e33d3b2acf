"""PDFs written byte by byte, where a library would not let the fault through."""

from __future__ import annotations

import re
from collections.abc import Mapping

HEADER = b"%PDF-1.7\n%\xe2\xe3\xcf\xd3\n"
CATALOG = b"<< /Type /Catalog /Pages 2 0 R >>"
TREE = b"<< /Type /Pages /Kids [3 0 R] /Count 1 >>"
FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>"
PAGE_ENTRIES = (
    b"/Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << /F1 5 0 R >> >>"
)
TEXT = b"BT /F1 12 Tf 72 770 Td (Contrat de prestation, exemplaire de test) Tj ET"


def stream(content: bytes, entries: bytes = b"") -> bytes:
    return b"<< /Length %d %s >>\nstream\n%s\nendstream" % (len(content), entries, content)


def one_page(
    *,
    catalog: bytes = CATALOG,
    page: bytes = b"",
    content: bytes | None = None,
    more: Mapping[int, bytes] | None = None,
) -> dict[int, bytes]:
    """Objects of a document of one page; `page` are further entries of it, `more` further objects (6 and up)."""
    return {
        1: catalog,
        2: TREE,
        3: b"<< " + PAGE_ENTRIES + b" " + page + b" >>",
        4: stream(TEXT) if content is None else content,
        5: FONT,
        **(more or {}),
    }


def catalog(entries: bytes) -> bytes:
    return CATALOG.replace(b" >>", b" " + entries + b" >>")


def write(
    objects: Mapping[int, bytes], *, first_free: bytes = b"0000000000 65535 f ", trailer: bytes = b"", size: int = 0
) -> bytes:
    """Lay the objects out with a classic cross-reference table whose offsets are right."""
    made, offsets = bytearray(HEADER), {}
    for number, body in sorted(objects.items()):
        offsets[number] = len(made)
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(made), max(objects) + 1
    made += b"xref\n0 %d\n%s\n" % (count, first_free)
    for number in range(1, count):
        made += b"%010d 00000 n \n" % offsets[number] if number in offsets else b"0000000000 00000 f \n"
    made += b"trailer\n<< /Size %d /Root 1 0 R %s >>\nstartxref\n%d\n%%%%EOF\n" % (size or count, trailer, start)
    return bytes(made)


def write_packed(
    objects: Mapping[int, bytes], held: Mapping[int, bytes], *, entries: bytes = b"", trailer: bytes = b""
) -> bytes:
    """Lay the objects out with a stream of cross-references, and those `held` in a stream of objects.

    `entries`: further ones of that stream, which is the object behind all others; the cross-references follow it.
    """
    container, last = max([*objects, *held]) + 1, max([*objects, *held]) + 2
    places, text = b"", b""
    for number, body in held.items():
        places += b"%d %d " % (number, len(text))
        text += body + b"\n"
    head = b"/Type /ObjStm /N %d /First %d " % (len(held), len(places)) + entries
    made, table = bytearray(HEADER), {0: b"\x00\x00\x00\x00\x00\x00"}
    for number, body in sorted({**objects, container: stream(places + text, head)}.items()):
        table[number] = b"\x01" + len(made).to_bytes(4) + b"\x00"
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    table |= {number: b"\x02" + container.to_bytes(4) + bytes([rank]) for rank, number in enumerate(held)}
    start = len(made)
    table[last] = b"\x01" + start.to_bytes(4) + b"\x00"
    rows = b"".join(table.get(number, table[0]) for number in range(last + 1))
    head = b"/Type /XRef /Size %d /W [1 4 1] /Root 1 0 R %s" % (last + 1, trailer)
    made += b"%d 0 obj\n%s\nendobj\nstartxref\n%d\n%%%%EOF\n" % (last, stream(rows, head), start)
    return bytes(made)


def update(original: bytes, objects: Mapping[int, bytes], *, root: int = 1, trailer: bytes = b"") -> bytes:
    """Append a revision: an incremental update with its own table (ISO 32000-2, 7.5.6).

    `trailer`: what its trailer says besides; nothing of older ones is in it by itself.
    """
    previous = int(re.findall(rb"startxref\s+(\d+)", original)[-1])
    size = max(int(re.findall(rb"/Size (\d+)", original)[-1]), max(objects) + 1)
    made, entries = bytearray(original), bytearray()
    for number, body in sorted(objects.items()):
        entries += b"%d 1\n%010d 00000 n \n" % (number, len(made))
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    told = (bytes(entries), size, root, previous, trailer)
    made += b"xref\n%strailer\n<< /Size %d /Root %d 0 R /Prev %d %s>>\n" % told
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def outlined(count: int) -> bytes:
    """A page with as many entries beside one another in its table of contents (ISO 32000-2, 12.3.3)."""
    more = {6: b"<< /Type /Outlines /First 10 0 R /Last %d 0 R /Count %d >>" % (9 + count, count)}
    for number in range(10, 10 + count):
        near = b"/Next %d 0 R " % (number + 1) if number < 9 + count else b""
        near += b"/Prev %d 0 R " % (number - 1) if number > 10 else b""
        more[number] = b"<< /Title (Article) /Parent 6 0 R /Dest [3 0 R /Fit] %s>>" % near
    return write(one_page(catalog=catalog(b"/Outlines 6 0 R"), more=more))


def shared_fonts(*, pages: int, fonts: int) -> bytes:
    """Pages that all have the same fonts (10 and up) in resources of their own, each with a description."""
    numbers, first = range(10, 10 + fonts), 10 + 2 * fonts
    named = b" ".join(b"/F%d %d 0 R" % (each, each) for each in numbers)
    page = b"<< /Type /Page /Parent 2 0 R /MediaBox [0 0 595 842] /Contents 4 0 R /Resources << /Font << %s >> >> >>"
    more = {each: FONT.replace(b" >>", b" /FontDescriptor %d 0 R >>" % (each + fonts)) for each in numbers}
    more |= {each + fonts: b"<< /Type /FontDescriptor /FontName /Helvetica /Flags 4 >>" for each in numbers}
    others = range(first, first + pages - 1)
    more |= dict.fromkeys(others, page % named)
    kids = b" ".join(b"%d 0 R" % each for each in others)
    tree = b"<< /Type /Pages /Kids [3 0 R %s] /Count %d >>" % (kids, pages)
    return write(one_page(more=more) | {2: tree, 3: page % named})
