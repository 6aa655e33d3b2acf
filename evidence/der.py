"""DER (ITU-T X.690) by hand: for the few structures that are made once per signature.

asn1crypto serialises nested values again at each level: some 20 ms for a CMS, and now and then many seconds. Here a
value is bytes from the start, and putting values together is concatenation. Reading what others made stays with
asn1crypto; `elements` is for what this process made, or has read that way before.
"""

from collections.abc import Iterable
from datetime import UTC, datetime
from functools import lru_cache

NULL = b"\x05\x00"
TRUE = b"\x01\x01\xff"


def value(tag: int, *parts: bytes) -> bytes:
    """Give one element: identifier octet, definite length, content."""
    content = b"".join(parts)
    size = len(content)
    if size < 0x80:  # noqa: PLR2004 the short form of a length has seven bits
        return bytes((tag, size)) + content
    length = size.to_bytes((size.bit_length() + 7) // 8, "big")
    return bytes((tag, 0x80 | len(length))) + length + content


def sequence(*parts: bytes) -> bytes:
    return value(0x30, *parts)


def set_of(parts: Iterable[bytes]) -> bytes:
    """SET OF, its elements in the order that DER wants (11.6)."""
    return value(0x31, *sorted(parts))


def explicit(number: int, *parts: bytes) -> bytes:
    """Context tag around a whole element, or an implicit one of a constructed type around its content."""
    return value(0xA0 | number, *parts)


def integer(number: int) -> bytes:
    return value(0x02, number.to_bytes(number.bit_length() // 8 + 1, "big", signed=True))


def octets(content: bytes) -> bytes:
    return value(0x04, content)


def boolean_bits(*positions: int) -> bytes:
    """A named BIT STRING with these bits set, trailing zeros left out (11.2.2)."""
    length = max(positions) + 1
    unused = -length % 8
    bits = sum(1 << (length - 1 - position) for position in positions) << unused
    return value(0x03, bytes((unused,)), bits.to_bytes((length + 7) // 8, "big"))


@lru_cache(maxsize=64)
def identifier(dotted: str) -> bytes:
    """OBJECT IDENTIFIER from its dotted form."""
    first, second, *rest = map(int, dotted.split("."))
    return value(0x06, *(_base128(arc) for arc in (40 * first + second, *rest)))


def generalized_time(at: datetime) -> bytes:
    """GeneralizedTime in UTC, milliseconds without trailing zeros (11.7)."""
    moment = at.astimezone(UTC)
    fraction = f".{moment.microsecond // 1000:03d}".rstrip("0").rstrip(".")
    return value(0x18, f"{moment:%Y%m%d%H%M%S}{fraction}Z".encode("ascii"))


def implicit(number: int, element: bytes) -> bytes:
    """The same constructed element under a context tag instead of its own."""
    return bytes((0xA0 | number,)) + element[1:]


def elements(element: bytes) -> list[bytes]:
    """Give the elements inside a constructed one, each whole. Raises ValueError where its lengths do not add up."""
    at, end = _content(element, 0)
    if end != len(element):
        raise ValueError("an element of another length than it says")
    found = []
    while at < end:
        _, after = _content(element, at)
        found.append(element[at:after])
        at = after
    if at != end:
        raise ValueError("an element that ends after what holds it")
    return found


def content(element: bytes) -> bytes:
    """Give what an element holds, without identifier and length."""
    start, end = _content(element, 0)
    return element[start:end]


def _content(data: bytes, at: int) -> tuple[int, int]:
    """Where the content of the element at a place begins, and where it ends."""
    try:
        size = data[at + 1]
        start = at + 2
        if size >= 0x80:  # noqa: PLR2004 the long form: how many octets of length follow
            start += size & 0x7F
            size = int.from_bytes(data[at + 2 : start], "big")
    except IndexError as error:
        raise ValueError("no element") from error
    return start, start + size


def _base128(arc: int) -> bytes:
    octets_of = [arc & 0x7F]
    while arc := arc >> 7:
        octets_of.append(0x80 | arc & 0x7F)
    return bytes(reversed(octets_of))
