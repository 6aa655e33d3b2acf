"""What the streams of cross-references and of objects hold: as it is or packed, in rows of PNG or not.

A stream that says how long it is cannot be a bomb; no other becomes one, as there are as many bytes at each step as
are told here.
"""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evidence.sections.packing import PACKINGS
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
    data = bytes(content[body.begin : body.begin + (body.length or 0)])
    for place, (name, parameters) in enumerate(steps := _steps(body)):
        columns = _columns(parameters, body.start) if name in _IN_ROWS else 0
        at_most = most + (most // columns if columns else 0) if place == len(steps) - 1 else _MOST
        try:
            data = PACKINGS[name](data, at_most)
        except ValueError as error:
            raise NotCanonical(body.start, f"data that are not plain: {error}") from error
        data = unpredicted(data, columns, body.start) if columns else data
    return data


def _steps(body: Body) -> list[tuple[bytes, Any]]:
    """The filters of a stream and what is told of each, in their order (ISO 32000-2, 7.3.8.2, table 5)."""
    names, parameters = (_list(body.value.get(key)) for key in (b"Filter", b"DecodeParms"))
    parameters += [None] * (len(names) - len(parameters))
    plain = all(isinstance(each, Name) and each in PACKINGS for each in names)
    told = all(each is None or isinstance(each, dict) for each in parameters)
    early = all(each.get(b"EarlyChange", 1) == 1 for each in parameters if isinstance(each, dict))
    if not plain or not told or not early or len(parameters) != len(names) or len(names) > _MOST_STEPS:
        raise NotCanonical(body.start, "a stream that is packed in another way")
    return list(zip(names, (each or {} for each in parameters), strict=True))


def _list(value: Any) -> list[Any]:
    return list(value) if isinstance(value, list) else [] if value is None else [value]


def _columns(parameters: Any, at: int) -> int:
    """Bytes of a row where each is told by the one above; 0 where rows stand for themselves."""
    predictor = parameters.get(b"Predictor", 1)
    if predictor == 1:
        return 0
    columns, colors, bits = (parameters.get(name, or_) for name, or_ in _SHAPE)
    if predictor not in _PNG or type(columns) is not int or columns < 1 or (colors, bits) != (1, 8):
        raise NotCanonical(at, "rows of no known shape")
    return int(columns)


_MOST_STEPS = 4
_IN_ROWS = {b"FlateDecode", b"LZWDecode"}
_MOST = 64 * 1024 * 1024
_PNG = range(10, 16)
_SHAPE = ((b"Columns", 1), (b"Colors", 1), (b"BitsPerComponent", 8))


def unpredicted(data: bytes, columns: int, at: int) -> bytes:
    """Rows of PNG (ISO 32000-2, 7.4.4.4), of one byte a sample."""
    if data and columns >= len(data):  # before room is made for it
        raise NotCanonical(at, "a row that is longer than the data")
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
