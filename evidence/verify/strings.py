"""Strings in parentheses as ISO 32000-2, 7.3.4.2 has them read; pyHanko stops at some, and the file would be altered.

A backslash before a character that needs none is ignored: TeX writes such in tables of contents. The highest bit of an
octal number above 255 is, too.

Strings of digits (7.3.4.3) are read at once: pyHanko takes each octet from the stream, and a signature has thirty
thousand. Those with blanks between, or half an octet at the end, it reads itself.
"""

from __future__ import annotations

import os
import re
from binascii import unhexlify
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic, misc

_OCTAL, _MOST_DIGITS = b"01234567", 3
_DIGITS = re.compile(rb"<((?:[0-9A-Fa-f]{2})*+)>")
_SHORT, _LONG = 128, 128 * 1024
"""Octets that are looked at: nearly all strings are short, and a signature is long."""
_octet_by_octet: Any = generic.read_hex_string_from_stream
_MEANT = {b"n": b"\n", b"r": b"\r", b"t": b"\t", b"b": b"\b", b"f": b"\f", b"\n": b""}


def read_literal(stream: BinaryIO) -> bytes:
    """The bytes of a string; the stream stands at its parenthesis, and then behind the one that closes it."""
    stream.read(1)
    depth, made = 1, bytearray()
    while depth:
        token = stream.read(1)
        if not token:
            raise misc.PdfStreamError("a string without an end")
        if token == b"\\":
            made += _escaped(stream)
            continue
        depth += (token == b"(") - (token == b")")
        made += token if depth else b""
    return bytes(made)


def _escaped(stream: BinaryIO) -> bytes:
    token = stream.read(1)
    if token and token in _OCTAL:
        return bytes([int(token + _further_digits(stream), base=8) & 0xFF])
    if token == b"\r":
        _back_unless(stream, stream.read(1), b"\n")
        return b""
    return _MEANT.get(token, token)


def _further_digits(stream: BinaryIO) -> bytes:
    digits = b""
    while len(digits) < _MOST_DIGITS - 1:
        token = stream.read(1)
        if not _back_unless(stream, token, _OCTAL):
            break
        digits += token
    return digits


def _back_unless(stream: BinaryIO, token: bytes, wanted: bytes) -> bool:
    found = bool(token) and token in wanted
    if token and not found:
        stream.seek(-1, os.SEEK_CUR)
    return found


def read_digits(stream: BinaryIO) -> Any:
    """The string of digits that the stream stands at; it stands behind it then. Raises what pyHanko raises."""
    for most in (_SHORT, _LONG):
        ahead = stream.read(most)
        found = _DIGITS.match(ahead)
        stream.seek((found.end() if found else 0) - len(ahead), os.SEEK_CUR)
        if found:
            return generic.pdf_string(unhexlify(found[1]))
        if b">" in ahead:
            break
    return _octet_by_octet(stream)


def read_all_strings() -> None:
    """Have pyHanko read strings like this, in this process; calling it again changes nothing."""
    place: Any = generic
    place.read_hex_string_from_stream = read_digits
    place._read_string_literal_bytes = read_literal  # noqa: SLF001 - there is no other place where it can be changed
