"""PDFs that a rewrite mends, and those that nothing mends."""

from __future__ import annotations

import re

from tests.pdfs import raw, sound


def wrong_offsets() -> bytes:
    """Every offset of the table is three bytes off; a search finds all objects."""
    made = raw.write(raw.one_page())
    return re.sub(rb"(\d{10}) 00000 n", lambda found: b"%010d 00000 n" % (int(found[1]) + 3), made)


def odd_first_entry() -> bytes:
    """The first free entry has generation 65536, as a very common generator writes it."""
    return raw.write(raw.one_page(), first_free=b"0000000000 65536 f ")


def small_size() -> bytes:
    """`/Size` below the highest number: new objects would be numbered over existing ones."""
    return raw.write(raw.one_page(), size=3)


def no_size() -> bytes:
    """No `/Size` at all."""
    made = raw.write(raw.one_page())
    return made.replace(b"/Size 6", b"/Siqe 6")


def hybrid() -> bytes:
    """A table for old readers and a cross-reference stream for new ones (7.5.8.4), as word processors export."""
    made = bytearray(raw.write(raw.one_page()))
    table = int(re.findall(rb"startxref\s+(\d+)", made)[-1])
    at = len(made)
    entries = b"\x01" + at.to_bytes(4, "big") + b"\x00"
    made += (
        b"6 0 obj\n" + raw.stream(entries, b"/Type /XRef /Size 7 /W [1 4 1] /Index [6 1] /Root 1 0 R") + b"\nendobj\n"
    )
    start = len(made)
    made += b"xref\n0 0\ntrailer\n<< /Size 7 /Root 1 0 R /Prev %d /XRefStm %d >>\n" % (table, at)
    return bytes(made + b"startxref\n%d\n%%%%EOF\n" % start)


def junk_before() -> bytes:
    return b"HTTP/1.1 200 OK\r\n\r\n" + raw.write(raw.one_page())


def junk_after() -> bytes:
    return raw.write(raw.one_page()) + b"--boundary--\r\n"


def other_file_behind() -> bytes:
    return raw.write(raw.one_page()) + b"PK\x03\x04" + b"A" * 4000


def no_end_marker() -> bytes:
    return raw.write(raw.one_page()).removesuffix(b"%%EOF\n")


def wrong_count() -> bytes:
    """The tree says two pages and has one."""
    return raw.write({**raw.one_page(), 2: raw.TREE.replace(b"/Count 1", b"/Count 2")})


def small_count() -> bytes:
    """The tree says no page and has one: some readers would show nothing."""
    return raw.write({**raw.one_page(), 2: raw.TREE.replace(b"/Count 1", b"/Count 0")})


def twice_in_tree() -> bytes:
    return raw.write({**raw.one_page(), 2: raw.TREE.replace(b"[3 0 R] /Count 1", b"[3 0 R 3 0 R] /Count 2")})


def _two_pages(*, annotations: bytes, catalog: bytes = raw.CATALOG, tree: bytes = b"3 0 R 6 0 R") -> bytes:
    """Two pages with one array of annotations, which the form may have for its fields, too."""
    page = b"<< " + raw.PAGE_ENTRIES + b" /Annots 7 0 R >>"
    kids = raw.TREE.replace(b"[3 0 R] /Count 1", b"[" + tree + b"] /Count 2")
    link = b"<< /Type /Annot /Subtype /Link /Rect [0 0 10 10] /Border [0 0 0] >>"
    more = {1: catalog, 2: kids, 3: page, 6: page, 7: annotations, 8: link}
    return raw.write({**raw.one_page(), **more})


def shared_annotations() -> bytes:
    return _two_pages(annotations=b"[8 0 R]")


def shared_empty_annotations() -> bytes:
    return _two_pages(annotations=b"[]")


def twice_in_tree_annotated() -> bytes:
    return _two_pages(annotations=b"[8 0 R]", tree=b"3 0 R 3 0 R")


def annotations_for_fields() -> bytes:
    """One page; what is on it and what is in the form is one and the same array."""
    field = b"<< /FT /Tx /Ff 1 /T (Nom) /Type /Annot /Subtype /Widget /F 4 /Rect [72 700 200 720] /P 3 0 R >>"
    form = raw.catalog(b"/AcroForm << /Fields 7 0 R >>")
    return raw.write(raw.one_page(catalog=form, page=b"/Annots 7 0 R", more={7: b"[8 0 R]", 8: field}))


def lost_page() -> bytes:
    """The tree names a second page that is nowhere in the file."""
    return raw.write({**raw.one_page(), 2: raw.TREE.replace(b"[3 0 R] /Count 1", b"[3 0 R 9 0 R] /Count 2")})


def lost_content() -> bytes:
    objects = raw.one_page()
    del objects[4]
    return raw.write(objects)


def damaged_content() -> bytes:
    return raw.write(raw.one_page(content=raw.stream(b"x\x9c" + b"\xff" * 40, b"/Filter /FlateDecode")))


def metadata_that_do_not_decode() -> bytes:
    """ASCII base 85 without its end: the signer's reader cannot decode them."""
    packet = raw.stream(b"03!0=6;", b"/Type /Metadata /Subtype /XML /Filter /ASCII85Decode")
    return raw.write(raw.one_page(catalog=raw.catalog(b"/Metadata 6 0 R"), more={6: packet}))


def with_entries(entries: bytes, *, archival: bool = False, size: int = 0) -> bytes:
    """Entries of the catalogue that a signature extends or asks for, and that are not what they should be."""
    metadata = raw.stream(b"pdfaid:part", b"/Type /Metadata /Subtype /XML")
    more, named = ({6: metadata}, b" /Metadata 6 0 R") if archival else ({}, b"")
    return raw.write(raw.one_page(catalog=raw.catalog(entries + named), more=more), size=size)


def zero_pages() -> bytes:
    return raw.write({**raw.one_page(), 2: b"<< /Type /Pages /Kids [] /Count 0 >>"})


def page_loop() -> bytes:
    return raw.write({**raw.one_page(), 2: b"<< /Type /Pages /Kids [3 0 R 2 0 R] /Count 2 >>"})


def missing_page(kids: bytes, count: int) -> bytes:
    """Pages 3 and 7, of which the tree names some, and what is not there."""
    tree = b"<< /Type /Pages /Kids [%s] /Count %d >>" % (kids, count)
    return raw.write(raw.one_page(more={6: b"null", 7: b"<< " + raw.PAGE_ENTRIES + b" >>"}) | {2: tree})


def deep_tree() -> bytes:
    """A hundred nested nodes above one page."""
    nodes = {n: b"<< /Type /Pages /Kids [%d 0 R] /Count 1 >>" % (n + 1) for n in range(10, 110)}
    top = b"<< /Type /Pages /Kids [10 0 R] /Count 1 >>"
    return raw.write({**raw.one_page(), **nodes, 2: top, 110: b"<< " + raw.PAGE_ENTRIES + b" >>"})


def fan() -> bytes:
    """Sixty nodes, each the parent of the next one twice over: a tree of 2^60 branches and no page."""
    nodes = {n: b"<< /Type /Pages /Kids [%d 0 R %d 0 R] /Count 1 >>" % (n + 1, n + 1) for n in range(10, 70)}
    top = b"<< /Type /Pages /Kids [10 0 R 3 0 R] /Count 2 >>"
    return raw.write({**raw.one_page(), **nodes, 2: top, 70: b"<< /Type /Pages /Kids [] /Count 0 >>"})


def truncated() -> bytes:
    made = sound.contract()
    return made[: len(made) * 6 // 10]


def truncated_linearised() -> bytes:
    """Cut after the first section, whose end marker then stands at the end."""
    made = sound.linearised()
    return made[: made.index(b"%%EOF") + 6]


def truncated_update() -> bytes:
    original = raw.write(raw.one_page())
    return raw.update(original, {4: raw.stream(raw.TEXT * 40)})[:-900]


def zero_bytes() -> bytes:
    return b""


def renamed_png() -> bytes:
    return b"\x89PNG\r\n\x1a\n" + bytes(200)


def renamed_html() -> bytes:
    return b"<!doctype html><script>alert(1)</script>\n"
