"""How large the streams of a PDF become, found without ever holding the result (ISO 32000-2, 7.4).

Deflate is run through a small window and counted; LZW and run lengths are counted without making bytes; codecs of
images are judged by the size that the image declares. What cannot be bounded is refused.
"""

from __future__ import annotations

import base64
import binascii
import re
import zlib
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pikepdf

from signing.engine.inspection.causes import Objection
from signing.engine.refusals import Label

if TYPE_CHECKING:
    from collections.abc import Iterable, Iterator

MIB = 1024 * 1024
STREAM_BYTES = 512 * MIB
DOCUMENT_BYTES = 1024 * MIB
RATIO = 1100
"""Just above the 1032:1 that one layer of deflate can reach: more is stacked on purpose."""
RATIO_FLOOR = 4 * MIB
LZW_BYTES = 2 * MIB
"""Encoded bytes of LZW that are counted in one document; old text streams have some kilobytes."""
PIXELS = 600_000_000
"""An A0 sheet at 600 dpi."""
MOST_FILTERS = 4
ROW_BYTES = 16 * MIB
"""Of a row that is told by its difference to the one before (7.4.4.4): more than the widest image has."""
_ROWS = {"/Columns": 1, "/Colors": 1, "/BitsPerComponent": 8}
_CHUNK = 256 * 1024
_ZLIB_HEADER = 2

_SHORT = {"Fl": "FlateDecode", "LZW": "LZWDecode", "RL": "RunLengthDecode", "AHx": "ASCIIHexDecode"}
_SHORT |= {"A85": "ASCII85Decode", "DCT": "DCTDecode", "CCF": "CCITTFaxDecode"}
_IMAGE_CODECS = frozenset({"DCTDecode", "JPXDecode", "CCITTFaxDecode", "JBIG2Decode"})
_BYTES = frozenset({"FlateDecode", "RunLengthDecode", "ASCIIHexDecode", "ASCII85Decode", "Crypt"})
KNOWN = _IMAGE_CODECS | _BYTES | {"LZWDecode"}


def filters_of(stream: pikepdf.Object) -> list[str]:
    """Give the full names of a stream's filters, outermost first, without the slash."""
    value = stream.get("/Filter")
    names = [value] if isinstance(value, pikepdf.Name) else list(value) if isinstance(value, pikepdf.Array) else []
    plain = [str(name).removeprefix("/") for name in names]
    return [_SHORT.get(name, name) for name in plain]


@dataclass
class Budget:
    """What is left of the decoded bytes of one document. Raises `Objection`: BOMB, COMPRESSION, DAMAGED."""

    document: int = DOCUMENT_BYTES
    lzw: int = LZW_BYTES
    seen: int = field(default=0, init=False)

    def spend(self, stream: pikepdf.Object, *, is_page_content: bool = False) -> None:
        """Count one stream. A page's content and objects must decode; other damaged streams are the viewer's."""
        filters = filters_of(stream)
        _check_filters(filters, is_program=is_page_content or _is_program(stream))
        _check_declared_size(stream)
        _check_rows(stream)
        if not filters or filters[0] in _IMAGE_CODECS:
            return
        encoded = stream.read_raw_bytes()
        try:
            is_image = "/Width" in stream and not is_page_content
            self._count(encoded, filters, is_image=is_image, early_change=_early_change(stream))
        except (zlib.error, ValueError, binascii.Error) as error:
            if is_page_content or stream.get("/Type") == "/ObjStm":
                raise Objection(Label.DAMAGED, f"content: {error}") from error

    def _count(self, encoded: bytes, filters: list[str], *, is_image: bool, early_change: int) -> None:
        cap = min(STREAM_BYTES, max(RATIO_FLOOR, RATIO * len(encoded)))
        layer: Iterable[bytes] = [encoded]
        for name in filters:
            if name in _IMAGE_CODECS:
                break
            if name == "LZWDecode":
                if not is_image:  # a viewer decodes no more of an image than its declared size
                    self._count_lzw(b"".join(layer), cap, early_change=early_change)
                return
            layer = self._capped(_DECODERS[name](layer), cap)
        for _ in layer:
            pass

    def _capped(self, layer: Iterable[bytes], cap: int) -> Iterator[bytes]:
        made = 0
        for piece in layer:
            made += len(piece)
            self.seen += len(piece)
            if made > cap or self.seen > self.document:
                raise Objection(Label.BOMB, f"{made} bytes of {cap}, {self.seen} in all")
            yield piece

    def _count_lzw(self, encoded: bytes, cap: int, *, early_change: int) -> None:
        self.lzw -= len(encoded)
        if self.lzw < 0:
            raise Objection(Label.BOMB, "too much LZW to count")
        made = lzw_length(encoded, early_change=early_change)
        self.seen += made
        if made > cap or self.seen > self.document:
            raise Objection(Label.BOMB, f"{made} bytes of LZW")


def _is_program(stream: pikepdf.Object) -> bool:
    return stream.get("/Subtype") == "/Form" or stream.get("/Type") in ("/ObjStm", "/XRef")


def _check_filters(filters: list[str], *, is_program: bool) -> None:
    unknown = [name for name in filters if name not in KNOWN]
    if unknown:
        raise Objection(Label.COMPRESSION, f"filters {unknown}")
    if len(filters) > MOST_FILTERS:
        raise Objection(Label.BOMB, f"{len(filters)} filters")
    if _IMAGE_CODECS & set(filters[:-1]) or "LZWDecode" in filters[:-1]:
        raise Objection(Label.COMPRESSION, f"order of {filters}")
    if is_program and _IMAGE_CODECS & set(filters):
        raise Objection(Label.COMPRESSION, f"{filters} outside an image")


def _check_declared_size(stream: pikepdf.Object) -> None:
    width, height = stream.get("/Width"), stream.get("/Height")
    if isinstance(width, int) and isinstance(height, int) and width * height > PIXELS:
        raise Objection(Label.BOMB, f"image of {width} x {height}")


def _check_rows(stream: pikepdf.Object) -> None:
    """A reader makes room for a row before it has seen one."""
    told = stream.get("/DecodeParms")
    for each in [*told] if isinstance(told, pikepdf.Array) else [told]:
        if not isinstance(each, pikepdf.Dictionary) or each.get("/Predictor", 1) == 1:
            continue
        columns, colors, bits = (each.get(key, usual) for key, usual in _ROWS.items())
        told_plainly = all(isinstance(number, int) and number > 0 for number in (columns, colors, bits))
        if told_plainly and columns * colors * bits > ROW_BYTES * 8:
            raise Objection(Label.BOMB, f"a row of {columns} times {colors} times {bits} bits")


def _inflate(layer: Iterable[bytes]) -> Iterator[bytes]:
    """Deflate without its zlib frame: a wrong checksum is no loss, a missing last block is one. Nothing is nothing."""
    engine, header = zlib.decompressobj(-zlib.MAX_WBITS), b""
    for piece in layer:
        waiting = piece
        if len(header) < _ZLIB_HEADER:
            header, waiting = (header + piece)[:_ZLIB_HEADER], (header + piece)[_ZLIB_HEADER:]
        while waiting and not engine.eof:
            yield engine.decompress(waiting, _CHUNK)
            waiting = engine.unconsumed_tail
    while len(header) == _ZLIB_HEADER and not engine.eof:
        made = engine.decompress(b"", _CHUNK)
        if not made:
            raise ValueError("the compressed data end too early")
        yield made


def _run_lengths(layer: Iterable[bytes]) -> Iterator[bytes]:
    encoded = b"".join(layer)
    at, ready = 0, bytearray()
    while at < len(encoded) and encoded[at] != 128:  # noqa: PLR2004 128 ends the data (7.4.5)
        count = encoded[at]
        if count < 128:  # noqa: PLR2004 literal bytes
            ready += encoded[at + 1 : at + 2 + count]
            at += count + 2
        else:
            ready += encoded[at + 1 : at + 2] * (257 - count)
            at += 2
        if len(ready) >= _CHUNK:
            yield bytes(ready)
            ready.clear()
    yield bytes(ready)


def _ascii_hex(layer: Iterable[bytes]) -> Iterator[bytes]:
    digits = re.sub(rb"\s", b"", b"".join(layer).split(b">")[0])
    yield bytes.fromhex((digits + b"0" * (len(digits) % 2)).decode("ascii"))


def _ascii85(layer: Iterable[bytes]) -> Iterator[bytes]:
    text = b"".join(layer).strip().removeprefix(b"<~").split(b"~")[0]
    yield base64.a85decode(text, ignorechars=b" \t\n\r\v\f\x00")


def _as_it_is(layer: Iterable[bytes]) -> Iterator[bytes]:
    yield from layer


_DECODERS = {
    "FlateDecode": _inflate,
    "RunLengthDecode": _run_lengths,
    "ASCIIHexDecode": _ascii_hex,
    "ASCII85Decode": _ascii85,
    "Crypt": _as_it_is,
}


def _early_change(stream: pikepdf.Object) -> int:
    """Entry of the parameters of LZW (Table 8), 1 where absent; LZW is the last filter, and so are its parameters."""
    parameters = stream.get("/DecodeParms")
    if isinstance(parameters, pikepdf.Array) and len(parameters):
        parameters = parameters[-1]
    return 0 if isinstance(parameters, pikepdf.Dictionary) and parameters.get("/EarlyChange") == 0 else 1


def lzw_length(encoded: bytes, *, early_change: int = 1) -> int:
    """Count the bytes that LZW data decodes to (7.4.4), holding lengths instead of strings. Raises ValueError."""
    clear, end, full = 256, 257, 4096
    lengths = [1] * 258
    made = at = pending = previous = 0
    width = 9
    for byte in encoded:
        pending, at = (pending << 8 | byte), at + 8
        if at < width:
            continue
        at -= width
        code, pending = pending >> at, pending & ((1 << at) - 1)
        if code == clear:
            del lengths[258:]
            width, previous = 9, 0
            continue
        if code == end:
            break
        if code > len(lengths):
            raise ValueError("LZW code that was never defined")
        length = lengths[code] if code < len(lengths) else previous + 1
        if previous and len(lengths) < full:
            lengths.append(previous + 1)
            width = min(12, (len(lengths) + early_change).bit_length())
        made, previous = made + length, length
    return made
