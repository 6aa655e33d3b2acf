"""The ways in which the data of a stream are packed (ISO 32000-2, 7.4), each read where it is whole and plain.

All give at most as many bytes as they are told and raise `ValueError` for more, for what is damaged, and for data
without the end that each of them has: what readers make of those differs.
"""

from __future__ import annotations

import base64
import re
import zlib
from collections.abc import Callable

_WHITE = b"\x00\t\n\x0c\r "
_HEX = re.compile(rb"([0-9A-Fa-f\x00\t\n\x0c\r ]*+)>[\x00\t\n\x0c\r ]*+")
_CLEAR, _END, _FIRST = 256, 257, 258
_LARGEST, _WIDEST = 4096, 12


def inflated(raw: bytes, most: int) -> bytes:
    """FlateDecode, 7.4.4."""
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(raw, most + 1)
    except zlib.error as error:
        raise ValueError("damaged data") from error
    if len(data) > most or not engine.eof:
        raise ValueError("more data than are told, or no end")
    return data


def hexadecimal(raw: bytes, most: int) -> bytes:
    """ASCIIHexDecode, 7.4.2; of digits in pairs, as readers end an odd one in two ways."""
    found = _HEX.fullmatch(raw)
    digits = found[1].translate(None, _WHITE) if found else b""
    if not found or len(digits) % 2 or len(digits) // 2 > most:
        raise ValueError("no pairs of digits up to an end")
    return bytes.fromhex(digits.decode("ascii"))


def base_85(raw: bytes, most: int) -> bytes:
    """ASCII85Decode, 7.4.3."""
    body, end, rest = raw.partition(b"~>")
    if not end or rest.strip(_WHITE) or b"~" in body:
        raise ValueError("no end, or something behind it")
    data = base64.a85decode(body, ignorechars=_WHITE)
    if len(data) > most:
        raise ValueError("more data than are told")
    return data


def lzw(raw: bytes, most: int) -> bytes:
    """LZWDecode, 7.4.4.2; of the usual form, whose codes grow one early (EarlyChange 1)."""
    made = bytearray()
    table: list[bytes] = []
    before, width, bits, held = b"", 9, 0, 0
    for place, byte in enumerate(raw):
        held, bits = held << 8 | byte, bits + 8
        if bits < width:
            continue
        bits -= width
        code, held = held >> bits, held & (1 << bits) - 1
        if code == _END:
            if held or raw[place + 1 :].strip(_WHITE):
                raise ValueError("something behind the end")
            return bytes(made)
        if code == _CLEAR:
            table, before, width = [], b"", 9
            continue
        entry = _entry(code, table, before)
        if before:
            table.append(before + entry[:1])
        before = entry
        made += entry
        if len(made) > most or _FIRST + len(table) >= _LARGEST:
            raise ValueError("more data than are told, or more codes than there are")
        width = min(max(9, (_FIRST + len(table) + 1).bit_length()), _WIDEST)
    raise ValueError("no end")


def _entry(code: int, table: list[bytes], before: bytes) -> bytes:
    if code < _CLEAR:
        return bytes([code])
    if code - _FIRST < len(table):
        return table[code - _FIRST]
    if code - _FIRST == len(table) and before:
        return before + before[:1]
    raise ValueError("a code that is not there yet")


PACKINGS: dict[bytes, Callable[[bytes, int], bytes]] = {
    b"FlateDecode": inflated,
    b"ASCIIHexDecode": hexadecimal,
    b"ASCII85Decode": base_85,
    b"LZWDecode": lzw,
}
