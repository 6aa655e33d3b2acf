"""Strings in parentheses as ISO 32000-2, 7.3.4.2 has them read; pyHanko stops at some, and the file would be altered.

A backslash before a character that needs none is ignored: TeX writes such in tables of contents. The highest bit of an
octal number above 255 is, too.
"""

from __future__ import annotations

import os
from typing import Any, BinaryIO

from pyhanko.pdf_utils import generic, misc

_OCTAL, _MOST_DIGITS = b"01234567", 3
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


def read_all_strings() -> None:
    """Have pyHanko read strings like this, in this process; calling it again changes nothing."""
    place: Any = generic
    place._read_string_literal_bytes = read_literal  # noqa: SLF001 - there is no other place where it can be changed
