"""Revisions that readers read differently: object 4, the text of the page, stands there anew behind what was signed.

Each makes a file of one whose newest section is a table, as `tests.pdfs.raw` writes it, and as the engine signs it.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from functools import partial

from tests.pdfs import raw

Maker = Callable[[bytes], bytes]
CHANGED_TEXT = b"4 0 obj\n%s\nendobj\n" % raw.stream(raw.TEXT.replace(b"Contrat", b"Fraude!"))
"""Object 4 anew."""
_LISTED = b"4 1\n%010d 00000 n \n"


def by_table(
    before: bytes,
    table: bytes = b"xref\n0 0\n",
    *,
    body: bytes = CHANGED_TEXT,
    size: bytes = b"",
    root: bytes = b"/Root 1 0 R ",
    start: bytes = b"%d",
    more: bytes = b"",
    end: bytes = b"\n%%EOF\n",
) -> bytes:
    """A revision with a table, which lists what the caller says: by itself, nothing."""
    offset = len(before) + len(body)
    told = (size or b"%d" % _size(before), root, _previous(before), more)
    trailer = b"trailer\n<< /Size %s %s/Prev %d %s>>\nstartxref\n" % told
    return before + body + table + trailer + start % offset + end


def by_stream(
    before: bytes, rows: Sequence[tuple[int, int, int, int]], *, body: bytes = CHANGED_TEXT, number: int = 0
) -> bytes:
    """A revision with a stream; `rows`: number, type, and the two fields after it. `number`: of the stream."""
    number, start = number or _size(before), len(before) + len(body)
    listed = [*rows, (number, 1, start, 0)]
    data = b"".join(bytes([kind]) + place.to_bytes(4) + rank.to_bytes(2) for _, kind, place, rank in listed)
    index = b" ".join(b"%d 1" % row[0] for row in listed)
    told = (number, number + 1, index, _previous(before), len(data), data, start)
    return (
        before + body + b"%d 0 obj\n<< /Type /XRef /Size %d /W [1 4 2] /Index [%s] /Prev %d /Root 1 0 R /Length %d >>\n"
        b"stream\n%s\nendstream\nendobj\nstartxref\n%d\n%%%%EOF\n" % told
    )


def in_object_stream(
    before: bytes,
    *,
    inside: bytes = b"91 0 92 3 (a) (b)",
    first: int = 10,
    ranks: Sequence[int] = (0, 1),
    count: int = 2,
) -> bytes:
    """A revision with objects 91 and 92 in a stream of objects, 90, as programs write them that save step by step."""
    told = (count, first, len(inside), inside)
    body = b"90 0 obj\n<< /Type /ObjStm /N %d /First %d /Length %d >>\nstream\n%s\nendstream\nendobj\n" % told
    rows = [(90, 1, len(before), 0), *((91 + place, 2, 90, rank) for place, rank in enumerate(ranks))]
    return by_stream(before, rows, body=body, number=93)


def hybrid(
    before: bytes, *, table: bytes = b"xref\n0 0\n", body: bytes = b"90 0 obj\n(a)\nendobj\n", more: bytes = b""
) -> bytes:
    """A revision with an object that the stream beside its table lists; in the one way that all readers take.

    `table`: what the table says besides. `more`: in the dictionary of the stream.
    """
    start, number = len(before) + len(body), int(body.split()[0])
    data = b"\1" + len(before).to_bytes(4) + b"\0"
    told = (number, more, len(data), data)
    stream = (
        b"91 0 obj\n<< /Type /XRef /Size 92 /W [1 4 1] /Index [%d 1] /Root 1 0 R %s/Length %d >>\nstream\n%s\n" % told
    )
    means = {"body": body + stream + b"endstream\nendobj\n", "size": b"92"}
    return by_table(before, table, more=b"/XRefStm %d " % start, **means)


def text_of(before: bytes) -> int:
    """Where the text of the page stands in the newest revision."""
    return [found.start() for found in re.finditer(rb"(?<!\d)4 0 obj", before)][-1]


def _previous(before: bytes) -> int:
    return int(re.findall(rb"startxref\s+(\d+)", before)[-1])


def _size(before: bytes) -> int:
    return max(int(found) for found in re.findall(rb"/Size (\d+)", before))


def _listed_twice(before: bytes) -> bytes:
    return by_table(before, b"xref\n" + _LISTED % len(before) + _LISTED % text_of(before))


def _listed_twice_otherwise(before: bytes) -> bytes:
    return by_table(before, b"xref\n" + _LISTED % text_of(before) + _LISTED % len(before))


def _overlapping(before: bytes) -> bytes:
    page = before.rindex(b"3 0 obj")
    entries = b"%010d 00000 n \n%010d 00000 n \n" % (page, len(before))
    return by_table(before, b"xref\n3 2\n" + entries + _LISTED % text_of(before))


def _short_entries(before: bytes) -> bytes:
    """Entries of nineteen bytes: a reader that counts twenty takes the 1 away from the 14 that follows."""
    old = (len(before), text_of(before))
    return by_table(before, b"xref\n90 1\n%010d 00000 n\n14 1\n%010d 00000 n\n" % old, size=b"91")


def _type_3(before: bytes) -> bytes:
    return by_stream(before, [(4, 3, len(before), 0)])


def _stream_twice(before: bytes) -> bytes:
    return by_stream(before, [(4, 1, len(before), 0), (4, 1, text_of(before), 0)])


SECTIONS: dict[str, Maker] = {
    "listed-twice": _listed_twice,
    "listed-twice-otherwise": _listed_twice_otherwise,
    "overlapping": _overlapping,
    "short-entries": _short_entries,
    "type-3-entry": _type_3,
    "listed-twice-in-a-stream": _stream_twice,
    "no-root": partial(by_table, root=b""),
    "direct-root": partial(by_table, root=b"/Root << /Type /Catalog /Pages 2 0 R >> "),
    "xref-negative": partial(by_table, table=b"xref\n-1 0\n"),
    "xref-large": partial(by_table, table=b"xref\n99999999999 0\n"),
    "xref-comment": partial(by_table, table=b"xref\n%x\n0 0\n"),
    "size-huge": partial(by_table, size=b"99999999999"),
    "size-31-bits": partial(by_table, size=b"2147483648"),
    "size-real": partial(by_table, size=b"60.5"),
    "size-twice": partial(by_table, more=b"/Size 7 "),
    "startxref-plus": partial(by_table, start=b"+%d"),
    "end-far": partial(by_table, end=b"\n%%EOF" + b"\n" * 3000),
    "startxref-far": partial(by_table, end=b"\n" * 3000 + b"%%EOF\n"),
}
"""What is odd is the section itself: of a file that is not signed, too, it leaves open what the file shows."""


def _unused(before: bytes, entries: bytes, *, data: bytes = b"", more: bytes = b"") -> bytes:
    """A new object that is listed, and that nothing refers to; `data`: of its stream. `more`: object 91."""
    body = b"90 0 obj\n%s\nendobj\n" % (raw.stream(data, entries) if data else b"<< %s >>" % entries)
    table = b"xref\n" + b"90 1\n%010d 00000 n \n" % len(before)
    if more:
        table += b"91 1\n%010d 00000 n \n" % (len(before) + len(body))
        body += b"91 0 obj\n%s\nendobj\n" % more
    return by_table(before, table, body=body, size=b"92")


_OTHER_TEXT = b"4 0 " + raw.FONT
_HOLDING = b"/N 1 /First 4 "

UNUSED: dict[str, Maker] = {
    "a-stream-of-objects": partial(_unused, entries=b"/Type /ObjStm " + _HOLDING, data=_OTHER_TEXT),
    "a-stream-of-a-kind-told-elsewhere": partial(
        _unused, entries=b"/Type 91 0 R " + _HOLDING, data=_OTHER_TEXT, more=b"/ObjStm"
    ),
    "an-object-in-a-used-stream-of-objects": partial(
        in_object_stream, inside=b"91 0 92 3 4 7 (a) (b) (c)", first=14, count=3
    ),
    "a-section": partial(_unused, entries=b"/Type /XRef /Size 92 /W [1 2 1] /Root 91 0 R ", data=b"\0\0\0\0"),
    "a-section-without-a-stream": partial(_unused, entries=b"/Type /XRef /Root 1 0 R"),
    "a-catalog": partial(_unused, entries=b"/Type /Catalog /Pages 2 0 R"),
    "an-object-in-a-stream": partial(_unused, entries=b"", data=b"\n" + CHANGED_TEXT),
    "an-object-in-a-string": partial(_unused, entries=b"/A (\n4 0 obj null endobj)"),
    "a-trailer-in-a-stream": partial(_unused, entries=b"", data=b"\ntrailer\n<< /Root 91 0 R >>\n"),
    "a-trailer-in-a-trailer": partial(by_table, body=b"", more=b"/A (trailer << /Root 9 0 R >>) "),
    "an-end-in-a-stream": partial(_unused, entries=b"", data=b"\nstartxref\n15\n%%EOF\n"),
}
"""What no reader looks at, but for those that build the tables anew: they take it in the place of what was signed."""

BODIES: dict[str, Maker] = {
    **UNUSED,
    "size-that-leaves-out": partial(by_table, body=b"", size=b"3"),
    "hybrid-that-names-a-key": partial(hybrid, more=b"/Encrypt 5 0 R "),
    "hybrid-with-other-information": partial(hybrid, more=b"/Info 5 0 R "),
    "unlisted-body": by_table,
    "unlisted-body-in-a-stream": partial(by_stream, rows=[]),
    "between-objects": partial(by_table, body=b"4 0 obj\n", table=b"xref\n0 0\n"),
    "one-number-twice-in-an-object-stream": partial(in_object_stream, inside=b"91 0 91 3 (a) (b)", ranks=[0]),
    "another-object-in-that-place": partial(in_object_stream, ranks=[1, 0]),
    "hybrid-and-free": partial(hybrid, table=b"xref\n4 1\n0000000000 65535 f \n", body=CHANGED_TEXT),
    "new-hybrid-and-free": partial(hybrid, table=b"xref\n90 1\n0000000000 65535 f \n"),
    "hybrid-to-elsewhere": partial(hybrid, more=b"/Prev 15 "),
    "end-marker-in-a-comment": partial(by_table, body=b"% startxref 15 %%EOF\n"),
}
"""What is odd stands beside a section that is plain."""
