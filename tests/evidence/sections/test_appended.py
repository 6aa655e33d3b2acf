"""Every byte behind a revision belongs to one that all readers find (ISO 32000-2, 7.5.6)."""

from __future__ import annotations

import re
from collections.abc import Callable
from functools import partial

import pytest

from evidence.sections import signposts
from evidence.sections.appended import check_appended
from evidence.sections.syntax import NotCanonical
from tests.pdfs import ambiguous, raw, shadow, signed, sound

_NEW = b"90 0 obj\n<< /A [(a\\)b) <00 ff> 1.5 -2 /N#20m true null 4 0 R] >>\nendobj\n"
_LISTED = b"xref\n90 1\n%010d 00000 n \n"


def _saved(before: bytes, *, body: bytes = _NEW, table: bytes = b"", **other: bytes) -> bytes:
    """A revision with a new object, as programs save them."""
    return ambiguous.by_table(before, table or _LISTED % len(before), body=body, size=b"91", **other)


def _with_length_elsewhere(before: bytes) -> bytes:
    stream = b"90 0 obj\n<< /Length 91 0 R >>\nstream\r\nendobj\nendstream\nendobj\n"
    length = b"91 0 obj\n6\nendobj\n"
    entries = b"%010d 00000 n \n" * 2 % (len(before), len(before) + len(stream))
    return ambiguous.by_table(before, b"xref\n90 2\n" + entries, body=stream + length, size=b"92")


def _listing_all(before: bytes) -> bytes:
    """Some programs list again what is where it was."""
    old = [before.rindex(b"\n%d 0 obj" % number) + 1 for number in range(1, 6)]
    entries = b"".join(b"%010d 00000 n \n" % place for place in old)
    table = b"xref\n0 6\n0000000000 65535 f \n" + entries + b"90 1\n%010d 00000 n \n" % len(before)
    return _saved(before, table=table)


def _by_a_program(before: bytes) -> bytes:
    """As iText writes its name."""
    return before + _saved(before)[len(before) :].replace(b"startxref", b"%iText-5.5.13\nstartxref")


def _stream(before: bytes) -> bytes:
    return ambiguous.by_stream(before, [(90, 1, len(before), 0), (91, 0, 0, 65535)], body=_NEW, number=92)


SAVED: dict[str, Callable[[bytes], bytes]] = {
    "a table": _saved,
    "a table without entries": partial(ambiguous.by_table, body=b""),
    "two revisions": lambda before: ambiguous.by_stream(_saved(before), [], body=b"", number=95),
    "a name of the program before startxref": _by_a_program,
    "a comment between the objects": lambda before: _saved(before, body=_NEW + b"%% Contents of a page\n\n"),
    "lines that end in CR LF": lambda before: _saved(before, end=b"\r\n%%EOF\r\n"),
    "no line end at the end": partial(_saved, end=b"\n%%EOF"),
    "some blanks at the end": partial(_saved, end=b"\n%%EOF\n\n  \n\0\0"),
    "a freed object": lambda before: _saved(before, table=_LISTED % len(before) + b"0 1\n0000000005 65535 f \n"),
    "another freed object": lambda before: _saved(before, table=_LISTED % len(before) + b"5 1\n0000000000 00001 f \n"),
    "what is where it was": _listing_all,
    "a stream": _stream,
    "a stream of objects": ambiguous.in_object_stream,
    "a table and a stream beside it": ambiguous.hybrid,
    "a length in another object": _with_length_elsewhere,
}


@pytest.mark.parametrize("name", SAVED)
def test_a_revision_as_programs_save_it_is_read_in_one_way(name: str) -> None:
    before = raw.write(raw.one_page())
    check_appended(SAVED[name](before), len(before))


@pytest.mark.parametrize("name", ambiguous.SECTIONS | ambiguous.BODIES)
def test_what_readers_may_read_differently_is_told(name: str) -> None:
    before = raw.write(raw.one_page())
    with pytest.raises(NotCanonical) as found:
        check_appended((ambiguous.SECTIONS | ambiguous.BODIES)[name](before), len(before))
    assert found.value.at >= len(before)


@pytest.mark.parametrize("make", [sound.contract, sound.object_streams, sound.linearised, sound.closed_form])
def test_signatures_of_others_one_after_the_other_are_read_in_one_way(make: Callable[[], bytes]) -> None:
    one = signed.sign(make())
    check_appended(signed.sign(one, field="Second"), len(one))


def test_what_stands_before_may_be_anything() -> None:
    """It is signed as it is."""
    before = ambiguous.SECTIONS["listed-twice"](raw.write(raw.one_page()))
    check_appended(_saved(before), len(before))
    check_appended(before, len(before))


@pytest.mark.parametrize(
    ("there", "instead"),
    [
        (b"endobj\nxref", b"endobj\n90 0 obj\n(b)\nendobj\nxref"),  # a second object of that number
        (b"startxref\n", b"startxref\n1"),
        (b"%%EOF", b"%%EOF\nmore"),
        (b"/Prev ", b"/Prev 1"),
        (b"/A [", b"/A [<<"),
        (b"(a", b"((a"),
        (b"#20", b"#0"),
        (b"#20", b"#00"),
        (b"/A [", b"/A 1 /A ["),
        (b"-2", b"99999999999999999999"),
        (b"4 0 R", b"-4 0 R"),
        (b"00 ff", b"00 fg"),
        (b" true", b" True"),
        (b"90 0 obj", b"90 1 obj"),
        (b"[(a", b"[" * 200 + b"(a"),
    ],
)
def test_a_revision_that_is_not_plain_is_told(there: bytes, instead: bytes) -> None:
    before = raw.write(raw.one_page())
    after = _saved(before)[len(before) :]
    assert there in after
    changed = after.replace(there, instead, 1)
    start = len(before) + changed.index(b"xref\n90")
    if b"startxref\n1" not in changed:
        changed = re.sub(rb"startxref\n\d+", b"startxref\n%d" % start, changed)
    with pytest.raises(NotCanonical):
        check_appended(before + changed, len(before))


def test_an_entry_leads_to_the_object_it_names() -> None:
    """Not into another object, not to one that is not there, not between two."""
    before = shadow.ATTACKS["hide and replace: an object that was inside another"].prepared
    inside = before.index(b"4 0 obj", before.index(b"4 0 obj") + 1)
    for table in (b"4 1\n%010d 00000 n \n" % (inside + 2), b"7 1\n%010d 00000 n \n" % inside):
        with pytest.raises(NotCanonical):
            check_appended(_saved(before, table=_LISTED % len(before) + table), len(before))


@pytest.mark.parametrize("length", [b"7", b"-1", b"1.0", b"9 0 R", b"91 0 R"])
def test_a_stream_ends_where_it_says(length: bytes) -> None:
    before = raw.write(raw.one_page())
    body = b"90 0 obj\n<< /Length %s >>\nstream\n90 0 obj\n\nendstream\nendobj\n" % length
    with pytest.raises(NotCanonical):
        check_appended(_saved(before, body=body), len(before))


def test_what_looks_like_an_object_is_looked_for_from_the_first_digit_of_a_number() -> None:
    """The padding of a signature is thousands of zeros: from each of them on would be the square of it."""
    assert signposts._SIGNS.search(b"x 112 0 obj", 0)
    assert not signposts._SIGNS.search(b"x 112 0 obj", 3)
