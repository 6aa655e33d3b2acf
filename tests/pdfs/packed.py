"""Streams of cross-references that are packed as few programs pack them, and every reader reads."""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable, Sequence

CHAINS: tuple[tuple[str, ...], ...] = (
    ("FlateDecode",),
    ("ASCIIHexDecode",),
    ("ASCII85Decode",),
    ("LZWDecode",),
    ("ASCIIHexDecode", "FlateDecode"),
    ("ASCII85Decode", "LZWDecode"),
)


def lzw(data: bytes) -> bytes:
    """Packed as PDF does (7.4.4.2): codes from 9 to 12 bits that grow one early, a clear code first, an end."""
    codes, table, word = [(256, 9)], {bytes([each]): each for each in range(256)}, b""
    width, following = 9, 258
    for byte in data:
        longer = word + bytes([byte])
        if longer in table:
            word = longer
            continue
        codes.append((table[word], width))
        table[longer], following, word = following, following + 1, bytes([byte])
        width = min(max(9, following.bit_length()), 12)
        if following == 4094:
            codes.append((256, width))
            table = {bytes([each]): each for each in range(256)}
            width, following = 9, 258
    if word:
        codes.append((table[word], width))
        width = max(9, (following + 1).bit_length())
    codes.append((257, width))
    bits = "".join(f"{code:0{width}b}" for code, width in codes)
    bits += "0" * (-len(bits) % 8)
    return int(bits, 2).to_bytes(len(bits) // 8)


_PACK: dict[str, Callable[[bytes], bytes]] = {
    "FlateDecode": lambda data: zlib.compress(data),  # noqa: PLW0108 - it takes more
    "ASCIIHexDecode": lambda data: data.hex().encode("ascii") + b">",
    "ASCII85Decode": lambda data: base64.a85encode(data) + b"~>",
    "LZWDecode": lzw,
}
_PLAIN = re.compile(rb"/Length (\d+) >>\nstream\n")


def repacked(file: bytes, steps: Sequence[str], *, more: bytes = b"") -> bytes:
    """A file of `tests.pdfs.ambiguous` whose last stream, its cross-references, is packed; `steps`: its filters."""
    found = list(_PLAIN.finditer(file))[-1]
    end = found.end() + int(found[1])
    data = file[found.end() : end]
    for step in reversed(steps):
        data = _PACK[step](data)
    filters = b"/Filter [%s] " % " ".join(f"/{step}" for step in steps).encode("ascii") if steps else b""
    told = (filters, more, len(data), data)
    return file[: found.start()] + b"%s%s/Length %d >>\nstream\n%s" % told + file[end:]


def in_rows(file: bytes, kind: int, *, columns: int) -> bytes:
    """The same in rows of PNG of one kind (0 to 4: plain, left, above, average, Paeth), of which there is one.

    Nothing is above it: the last two come to half of what is to the left, and to what is there.
    """
    found = list(_PLAIN.finditer(file))[-1]
    end = found.end() + int(found[1])
    row = file[found.end() : end]
    assert len(row) == columns
    left = (0, *row[:-1])
    less = {0: [0] * columns, 1: left, 2: [0] * columns, 3: [each // 2 for each in left], 4: left}[kind]
    data = zlib.compress(bytes([kind, *((byte - by) & 255 for byte, by in zip(row, less, strict=True))]))
    told = (10 + kind, columns, len(data), data)
    head = b"/Filter /FlateDecode /DecodeParms << /Predictor %d /Columns %d >> /Length %d >>\nstream\n%s" % told
    return file[: found.start()] + head + file[end:]
