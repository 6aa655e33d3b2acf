"""What the streams of cross-references and of objects hold: as it is or deflated, in rows of PNG or not.

Other filters are legal there, and no program uses them; a stream that says how long it is cannot be a bomb either.
"""

from __future__ import annotations

import zlib
from collections.abc import Callable
from typing import Any

from evidence.sections.syntax import Body, Content, Name, NotCanonical


def read_data(content: Content, body: Body, length: int) -> bytes:
    """The data of a stream, of which there are as many bytes as `length`. Raises `NotCanonical`."""
    data = _read(content, body, length)
    if len(data) != length:
        raise NotCanonical(body.start, "more data than are told, or less")
    return data


def read_all(content: Content, body: Body) -> bytes:
    """The data of a stream that does not tell how many they are. Raises `NotCanonical`, of too many, too."""
    return _read(content, body, _MOST)


def _read(content: Content, body: Body, most: int) -> bytes:
    raw = bytes(content[body.begin : body.begin + (body.length or 0)])
    filters, parameters = (_single(body.value.get(name), body.start) for name in (b"Filter", b"DecodeParms"))
    columns = _columns(parameters or {}, body.start)
    if filters == Name(b"FlateDecode"):
        raw = _inflated(raw, most + most // columns if columns else most, body.start)
    elif filters is not None or columns:
        raise NotCanonical(body.start, "a stream that is packed in another way")
    return _unpredicted(raw, columns, body.start) if columns else raw


def _inflated(raw: bytes, most: int, at: int) -> bytes:
    engine = zlib.decompressobj()
    try:
        data = engine.decompress(raw, most + 1)
    except zlib.error as error:
        raise NotCanonical(at, "damaged data") from error
    if len(data) > most or not engine.eof:
        raise NotCanonical(at, "more data than are told, or no end")
    return data


def _single(value: Any, at: int) -> Any:
    if isinstance(value, list):
        if len(value) > 1:
            raise NotCanonical(at, "several filters")
        return value[0] if value else None
    return value


def _columns(parameters: Any, at: int) -> int:
    """Bytes of a row where each is told by the one above; 0 where rows stand for themselves."""
    predictor = parameters.get(b"Predictor", 1) if isinstance(parameters, dict) else 0
    if predictor == 1:
        return 0
    columns, colors, bits = (parameters.get(name, or_) for name, or_ in _SHAPE) if predictor else (0, 0, 0)
    if predictor not in _PNG or type(columns) is not int or columns < 1 or (colors, bits) != (1, 8):
        raise NotCanonical(at, "rows of no known shape")
    return int(columns)


_MOST = 64 * 1024 * 1024
_PNG = range(10, 16)
_SHAPE = ((b"Columns", 1), (b"Colors", 1), (b"BitsPerComponent", 8))


def _unpredicted(data: bytes, columns: int, at: int) -> bytes:
    """Rows of PNG (ISO 32000-2, 7.4.4.4), of one byte a sample."""
    above, made = bytearray(columns), bytearray()
    for start in range(0, len(data), columns + 1):
        row = bytearray(data[start + 1 : start + 1 + columns])
        if data[start] not in _UNDONE or len(row) != columns:
            raise NotCanonical(at, "a row of no known kind")
        undo = _UNDONE[data[start]]
        for place in range(columns):
            left, corner = (row[place - 1], above[place - 1]) if place else (0, 0)
            row[place] = (row[place] + undo(left, above[place], corner)) & 0xFF
        made += row
        above = row
    return bytes(made)


def _paeth(left: int, above: int, corner: int) -> int:
    guess = left + above - corner
    return min((left, above, corner), key=lambda each: abs(guess - each))


_UNDONE: dict[int, Callable[[int, int, int], int]] = {
    0: lambda _left, _above, _corner: 0,
    1: lambda left, _above, _corner: left,
    2: lambda _left, above, _corner: above,
    3: lambda left, above, _corner: (left + above) // 2,
    4: _paeth,
}
