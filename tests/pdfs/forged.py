"""What is done to a signed file so that a careless reader takes another content for signed.

Incremental saving, universal signature forgery and signature wrapping (Mladenov, Mainka, zu Selhausen, Grothe, Schwenk,
2019), and signatures made over odd byte ranges in the first place.
"""

from __future__ import annotations

import hashlib
import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from tests.pdfs import raw, shadow, signed

_OTHER = raw.stream(raw.TEXT.replace(b"Contrat", b"Cession"))
_RANGE = re.compile(rb"/ByteRange ?\[[^\]]*\]")
_CONTENTS = re.compile(rb"/Contents <[0-9A-Fa-f]+>")
_GAP, _WIDE = 8192, 60


def one() -> bytes:
    """A page of text, signed by somebody."""
    return signed.sign(raw.write(raw.one_page()))


# Incremental saving ---------------------------------------------------------------------------------------------------


def _with_copied_signature(document: bytes) -> bytes:
    """The revision brings a copy of the signature's dictionary, as if it had been signed with it."""
    objects = re.findall(rb"(\d+) 0 obj\s*(<<(?:(?!endobj).)*?/Contents\s*<.*?>>)\s*endobj", document, re.DOTALL)
    number, dictionary = objects[0]
    return shadow.appended(document, {4: _OTHER, int(number): dictionary})


def _without_table(document: bytes) -> bytes:
    return document + b"4 0 obj\n" + _OTHER + b"\nendobj\n"


def _trailer_without_table(document: bytes) -> bytes:
    return _without_table(document) + b"trailer\n<< /Size 20 /Root 1 0 R >>\n%%EOF\n"


def _before_the_end(document: bytes) -> bytes:
    """New objects between the table and the marker of the end."""
    cut = document.rindex(b"startxref")
    return document[:cut] + b"4 0 obj\n" + _OTHER + b"\nendobj\n" + document[cut:]


INCREMENTS: Mapping[str, Callable[[bytes], bytes]] = {
    "a revision with its table": lambda document: shadow.appended(document, {4: _OTHER}),
    "a revision with a copy of the signature": _with_copied_signature,
    "objects without a table": _without_table,
    "objects and a trailer without a table": _trailer_without_table,
    "objects before the end marker": _before_the_end,
}


# Universal signature forgery ------------------------------------------------------------------------------------------


def _same_length(pattern: re.Pattern[bytes], instead: bytes) -> Callable[[bytes], bytes]:
    """The text of the page is another, and the first match is written over, the rest of its room left blank."""

    def forge(document: bytes) -> bytes:
        other = document.replace(b"Contrat de", b"Cession de", 1)
        return pattern.sub(lambda found: instead.ljust(len(found[0])), other, count=1)

    return forge


FORGERIES: Mapping[str, Callable[[bytes], bytes]] = {
    f"{name} {instead.decode() or 'missing'}": _same_length(pattern, instead)
    for name, pattern, choices in (
        ("contents", _CONTENTS, (b"", b"/Contents null", b"/Contents <>", b"/Contents <00>", b"/Contents 7 0 R")),
        (
            "byte range",
            _RANGE,
            (
                *(b"", b"/ByteRange null", b"/ByteRange []", b"/ByteRange [0 0 0 0]", b"/ByteRange [0 1]"),
                *(
                    b"/ByteRange [0 -1 -1 9]",
                    b"/ByteRange [a b c d]",
                    b"/ByteRange 0",
                    b"/ByteRange [0 1259 3549 null]",
                ),
                *(b"/ByteRange [0 99999999999 0 0]", b"/ByteRange [-1 1 2 3]", b"/ByteRange [0 0 0 9 9 9]"),
            ),
        ),
    )
    for instead in choices
}


# Signatures made over odd ranges, and what they are wrapped in --------------------------------------------------------


@dataclass(frozen=True)
class Gap:
    """Where the contents of a signature begin and end, and how long the file is."""

    first: int
    second: int
    size: int

    @property
    def rest(self) -> int:
        return self.size - self.second


Form = tuple[bytes, bytes, Callable[[bytes], bytes]]
Ranges = Callable[[Gap], tuple[int, ...]]
"""What shall be signed around a gap."""


def _whole(gap: Gap) -> tuple[int, ...]:
    return (0, gap.first, gap.second, gap.rest)


def built(ranges: Ranges = _whole, *, room: int = 0, **layout: Any) -> bytes:
    """A page of text, signed in its first revision over `ranges`, digest and all; `room`: bytes before its table.

    `layout`: as `raw.write` takes it; `end`: what follows its end marker, which is signed, too; `form`: sub-filter,
    further entries and what makes the contents; `fields`: what the form lists, and `more`: further objects; `in_place`:
    the signature stands in its field, and is no object of its own.
    """
    end: bytes = layout.pop("end", b"")
    form: Form = layout.pop("form", (b"/adbe.pkcs7.detached", b"", detached))
    fields: bytes = layout.pop("fields", b"6 0 R")
    more: dict[int, bytes] = layout.pop("more", {})
    kind: bytes = layout.pop("kind", b"/FT /Sig")
    in_place: bool = layout.pop("in_place", False)
    sub_filter, cert, sign = form
    dictionary = (
        b"<< /Type /Sig /Filter /Adobe.PPKLite /SubFilter %s %s"
        b" /Contents <%s> /ByteRange [%s] /M (D:20260101000000Z) >>" % (sub_filter, cert, b"0" * _GAP, b" " * _WIDE)
    )
    value = dictionary if in_place else b"7 0 R"
    field = b"<< /Type /Annot /Subtype /Widget %s /T (Signature) /Rect [0 0 0 0] /F 132 /P 3 0 R /V %s >>"
    document = (
        raw.write(
            raw.one_page(
                catalog=raw.catalog(b"/AcroForm << /Fields [%s] /SigFlags 3 >>" % fields),
                page=b"/Annots [6 0 R]",
                more={
                    6: field % (kind, value),
                    7: b"null" if in_place else dictionary,
                    8: raw.stream(b" " * room),
                    **more,
                },
            ),
            **layout,
        ).removesuffix(b"\n" if end else b"")
        + end
    )
    first = document.index(b"/Contents <0") + len(b"/Contents ")
    second = first + _GAP + 2
    covered = ranges(Gap(first, second, len(document)))
    document = document.replace(b"[%s]" % (b" " * _WIDE), _written(covered))
    signed_bytes = b"".join(document[start:][:length] for start, length in zip(*_pairs(covered), strict=True))
    contents = sign(signed_bytes).hex().encode().ljust(_GAP, b"0")
    return document[: first + 1] + contents + document[second - 1 :]


def _pairs(covered: tuple[int, ...]) -> tuple[tuple[int, ...], tuple[int, ...]]:
    return covered[::2], covered[1::2]


def detached(content: bytes) -> bytes:
    return signed.message(hashlib.sha256(content).digest())


def _written(ranges: tuple[int, ...]) -> bytes:
    return b"[%s]" % b" ".join(b"%d" % each for each in ranges).ljust(_WIDE)


ODD: Mapping[str, Ranges] = {
    "one pair": lambda gap: (0, gap.first),
    "the end alone": lambda gap: (0, 0, gap.second, gap.rest),
    "not from the first byte": lambda gap: (9, gap.first - 9, gap.second, gap.rest),
    "a hole in the beginning": lambda gap: (0, 100, 150, gap.first - 150, gap.second, gap.rest),
    "a gap that begins too early": lambda gap: (0, gap.first - 20, gap.second, gap.rest),
    "a gap that ends too late": lambda gap: (0, gap.first, gap.second + 20, gap.rest - 20),
    "the delimiters of the gap": lambda gap: (0, gap.first + 1, gap.second - 1, gap.rest + 1),
    "not to the end": lambda gap: (0, gap.first, gap.second, gap.rest - 40),
    "nothing after the gap": lambda gap: (0, gap.first, gap.second, 0),
    "the end before the beginning": lambda gap: (gap.second, gap.rest, 0, gap.first),
    "the beginning twice": lambda gap: (0, gap.first, 0, gap.first),
    "overlapping parts": lambda gap: (0, gap.second + 10, gap.second, gap.rest),
    "more than there is": lambda gap: (0, gap.first, gap.second, gap.rest + 1000),
}


def _copy_of_signature(document: bytes) -> bytes:
    found = re.search(rb"7 0 obj\n.*?\nendobj\n", document, re.DOTALL)
    assert found
    return found[0]


def wrapped(more: Mapping[int, bytes]) -> Callable[[bytes], bytes]:
    """Move the second signed part to the end, and put `more` before it, with a table where the end says that it is.

    What was signed is still there to the byte, and digests right over the byte range of a copied dictionary.
    """

    def wrap(document: bytes) -> bytes:
        first = document.index(b"/Contents <") + len(b"/Contents ")
        second = document.index(b">", first) + 1
        table = int(re.findall(rb"startxref\s+(\d+)", document)[-1])
        objects = b"".join(b"%d 0 obj\n%s\nendobj\n" % each for each in sorted(more.items()))
        objects = b"\n" + objects + _copy_of_signature(document)
        grown = document[:second] + objects
        places = {
            int(number): grown.rindex(b"\n%s 0 obj" % number) + 1 for number in re.findall(rb"\n(\d+) 0 obj", grown)
        }
        entries = b"".join(b"%d 1\n%010d 00000 n \n" % each for each in sorted(places.items()))
        grown = grown.ljust(table)
        assert len(grown) == table
        grown += b"xref\n0 1\n0000000000 65535 f \n" + entries
        grown += b"trailer\n<< /Size 20 /Root 1 0 R >>\nstartxref\n%d\n%%%%EOF\n" % table
        ranges = _written((0, first, len(grown), len(document) - second))
        at = grown.index(b"/ByteRange [", second) + len(b"/ByteRange ")
        return grown[:at] + ranges + grown[at + len(ranges) :] + document[second:]

    return wrap


WRAPPINGS: Mapping[str, Callable[[bytes], bytes]] = {
    "another text": wrapped({4: _OTHER}),
    "another page": wrapped({3: b"<< " + raw.PAGE_ENTRIES + b" >>", 4: _OTHER}),
    "another catalog": wrapped({1: raw.catalog(b"/AcroForm << /Fields [6 0 R] /SigFlags 3 >>"), 4: _OTHER}),
    "the copy alone": wrapped({}),
}
ROOM = 3 * _GAP
