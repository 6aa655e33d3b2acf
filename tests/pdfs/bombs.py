"""Small PDFs that become very large (each made within some megabytes)."""

from __future__ import annotations

import zlib

from tests.pdfs import raw

_GIGABYTE = 1024**3
_PIECE = 16 * 1024 * 1024
TEN_GIGABYTES = 10 * _GIGABYTE


def deflated_zeros(size: int) -> bytes:
    """A whole deflate stream (RFC 1950) of `size` zeros: one piece, as often as it takes, and their checksum."""
    engine = zlib.compressobj(9)
    piece = engine.compress(bytes(_PIECE)) + engine.flush(zlib.Z_FULL_FLUSH)
    head, body = piece[:2], piece[2:]
    checksum = (size % 65521) << 16 | 1
    return head + body * (size // _PIECE) + b"\x03\x00" + checksum.to_bytes(4)


def stacked() -> bytes:
    """About a kilobyte that three layers of deflate turn into ten gigabytes."""
    content = zlib.compress(zlib.compress(deflated_zeros(TEN_GIGABYTES), 9), 9)
    return raw.write(raw.one_page(content=raw.stream(content, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")))


def single() -> bytes:
    """One megabyte that one layer turns into one gigabyte."""
    return raw.write(raw.one_page(content=raw.stream(deflated_zeros(_GIGABYTE), b"/Filter /FlateDecode")))


def in_object_stream() -> bytes:
    """An object stream that no reader can open without unpacking all of it."""
    packed = raw.stream(deflated_zeros(_GIGABYTE), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
    return raw.write(raw.one_page(more={6: packed}))


def many_filters() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"", b"/Filter [" + b"/FlateDecode " * 20 + b"]")))


def run_lengths() -> bytes:
    """Run lengths over deflate: 64 times what deflate gives."""
    content = zlib.compress(b"\x81\x00" * (8 * 1024 * 1024), 9)
    return raw.write(raw.one_page(content=raw.stream(content, b"/Filter [/FlateDecode /RunLengthDecode]")))


def lzw() -> bytes:
    """Four megabytes of LZW outside an image: more than is counted."""
    return raw.write(raw.one_page(content=raw.stream(b"\x80" * (4 * 1024 * 1024), b"/Filter /LZWDecode")))


def wide_rows() -> bytes:
    """A thousand bytes of rows of PNG, each of which would be two gigabytes."""
    entries = b"/Filter /FlateDecode /DecodeParms << /Predictor 15 /Columns 2000000000 >>"
    return raw.write(raw.one_page(content=raw.stream(zlib.compress(bytes(1000)), entries)))


def giant_image() -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 1 /Filter /CCITTFaxDecode"
    image = raw.stream(b"\x00", entries)
    return raw.write(raw.one_page(more={6: image}))


def image_codec_as_content() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"\xff\xd8", b"/Filter /DCTDecode")))


def unknown_filter() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"\x0b", b"/Filter /BrotliDecode")))


def deep_nesting() -> bytes:
    """A script in an object too deep for one reader, and not for another."""
    return _script_beside(b"[" * 300 + b"]" * 300)


def wide_nesting() -> bytes:
    """A script in an object that takes more memory to read than there is: three million dictionaries."""
    return _script_beside(b"[" + b"<</A 1>>" * 3_000_000 + b"]")


def wide_catalog() -> bytes:
    """The same in the catalog itself: there is none then."""
    return raw.write(raw.one_page(catalog=raw.catalog(b"/X [" + b"<</A 1>>" * 3_000_000 + b"]")))


def _script_beside(entry: bytes) -> bytes:
    action = b"<< /S /JavaScript /JS (app.alert\\(1\\)) >>"
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A %s /X %s >>" % (action, entry)
    return raw.write(raw.one_page(page=b"/Annots [6 0 R]", more={6: link}))


def objects_behind_blanks(megabytes: int = 200, *, cut: int = 0) -> bytes:
    """A script in an object stream with so many blanks behind it that one reader does not unpack it.

    `cut`: bytes that are missing at its end; some readers take what there is.
    """
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 9 9] /A << /S /JavaScript /JS (app.alert\\(1\\)) >> >>"
    engine, blanks = zlib.compressobj(9), b" " * 1_000_000
    packed = (
        engine.compress(b"20 0 " + link) + b"".join(engine.compress(blanks) for _ in range(megabytes)) + engine.flush()
    )
    entries = b"/Type /ObjStm /N 1 /First 5 /Filter /FlateDecode"
    objects = raw.one_page(page=b"/Annots [20 0 R]", more={10: raw.stream(packed[: len(packed) - cut], entries)})
    made, places = bytearray(raw.HEADER), {0: b"\x00\x00\x00\x00\x00", 20: b"\x02\x00\x00\x00\x0a"}
    for number, body in sorted(objects.items()):
        places[number] = b"\x01" + len(made).to_bytes(4, "big")
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start = len(made)
    places[21] = b"\x01" + start.to_bytes(4, "big")
    table = b"".join(places.get(number, places[0]) + b"\x00" for number in range(22))
    made += b"21 0 obj\n" + raw.stream(table, b"/Type /XRef /Size 22 /W [1 4 1] /Root 1 0 R") + b"\nendobj\n"
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def cross_references() -> bytes:
    """A hundred and fifty kilobytes that declare fifteen million objects."""
    made, entry = bytearray(raw.HEADER), b"\x01\x00\x00\x00\x09\x00\x00"
    for number, body in sorted(raw.one_page().items()):
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    start, count = len(made), 15_000_000
    engine = zlib.compressobj(9)
    packed = b"".join(engine.compress(entry * 100_000) for _ in range(count // 100_000)) + engine.flush()
    entries = b"/Type /XRef /Size %d /W [1 4 2] /Root 1 0 R /Filter /FlateDecode" % count
    made += b"6 0 obj\n" + raw.stream(packed, entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start
    return bytes(made)


def entries_of_no_width() -> bytes:
    """Two thousand million objects, of which each takes no byte of the table."""
    made, start = _objects()
    entries = b"/Type /XRef /Size 2000000000 /W [0 0 0] /Root 1 0 R"
    return made + b"6 0 obj\n" + raw.stream(bytes(8), entries) + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def table_of_wide_rows() -> bytes:
    """Cross-references in rows of two gigabytes."""
    made, start = _objects()
    rows = b"/Filter /FlateDecode /DecodeParms << /Predictor 12 /Columns 2000000000 >>"
    stream = raw.stream(zlib.compress(b"\x02" * 100), b"/Type /XRef /Size 7 /W [1 4 2] /Root 1 0 R " + rows)
    return made + b"6 0 obj\n" + stream + b"\nendobj\nstartxref\n%d\n%%%%EOF\n" % start


def _objects() -> tuple[bytes, int]:
    made = bytearray(raw.HEADER)
    for number, body in sorted(raw.one_page().items()):
        made += b"%d 0 obj\n%s\nendobj\n" % (number, body)
    return bytes(made), len(made)


def many_references() -> bytes:
    """A page tree that names its one page a million times."""
    tree = b"<< /Type /Pages /Kids [" + b"3 0 R " * 1_000_000 + b"] /Count 1000000 >>"
    return raw.write({**raw.one_page(), 2: tree})


def forms(levels: int, times: int = 2, *, loop: bool = False) -> bytes:
    """A form that paints another so many times, which paints another, and so on; `loop`: the last paints the first."""
    box = b"/Type /XObject /Subtype /Form /BBox [0 0 9 9] "
    more = {
        n: raw.stream(b"/X Do " * times, box + b"/Resources << /XObject << /X %d 0 R >> >>" % (n + 1))
        for n in range(6, 6 + levels)
    }
    more[6 + levels] = raw.stream(b"0 0 1 1 re f", box)
    if loop:
        more[6 + levels] = raw.stream(b"/X Do", box + b"/Resources << /XObject << /X 6 0 R >> >>")
    objects = raw.one_page(content=raw.stream(b"/#58 Do"), more=more)
    objects[3] = objects[3].replace(b"/Resources <<", b"/Resources << /XObject << /X 6 0 R >>")
    return raw.write(objects)


def many_pages(count: int = 1001) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10 + count))
    pages = dict.fromkeys(range(10, 10 + count), b"<< " + raw.PAGE_ENTRIES + b" >>")
    tree = b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count
    return raw.write({**raw.one_page(), **pages, 2: tree})
