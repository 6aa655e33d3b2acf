"""Small PDFs that become very large (each made within some megabytes)."""

from __future__ import annotations

import functools
import zlib

from tests.pdfs import raw

_GIGABYTE = 1024**3


@functools.cache
def _deflated_zeros(size: int) -> bytes:
    engine, piece = zlib.compressobj(9), bytes(1024 * 1024)
    made = [engine.compress(piece) for _ in range(size // len(piece))]
    return b"".join(made) + engine.flush()


def stacked() -> bytes:
    """About a kilobyte that three layers of deflate turn into ten gigabytes."""
    content = zlib.compress(zlib.compress(_deflated_zeros(_GIGABYTE), 9), 9)
    return raw.write(raw.one_page(content=raw.stream(content, b"/Filter [/FlateDecode /FlateDecode /FlateDecode]")))


def single() -> bytes:
    """One megabyte that one layer turns into one gigabyte."""
    return raw.write(raw.one_page(content=raw.stream(_deflated_zeros(_GIGABYTE), b"/Filter /FlateDecode")))


def in_object_stream() -> bytes:
    """An object stream that no reader can open without unpacking all of it."""
    packed = raw.stream(_deflated_zeros(_GIGABYTE), b"/Type /ObjStm /N 1 /First 4 /Filter /FlateDecode")
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


def giant_image() -> bytes:
    entries = b"/Type /XObject /Subtype /Image /Width 100000 /Height 100000 /BitsPerComponent 1 /Filter /CCITTFaxDecode"
    image = raw.stream(b"\x00", entries)
    return raw.write(raw.one_page(more={6: image}))


def image_codec_as_content() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"\xff\xd8", b"/Filter /DCTDecode")))


def unknown_filter() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"\x0b", b"/Filter /BrotliDecode")))


def many_pages(count: int = 1001) -> bytes:
    kids = b" ".join(b"%d 0 R" % n for n in range(10, 10 + count))
    pages = dict.fromkeys(range(10, 10 + count), b"<< " + raw.PAGE_ENTRIES + b" >>")
    tree = b"<< /Type /Pages /Kids [" + kids + b"] /Count %d >>" % count
    return raw.write({**raw.one_page(), **pages, 2: tree})
