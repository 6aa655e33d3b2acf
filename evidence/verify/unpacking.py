"""Data that pyHanko does not unpack: LZW, and all rows of PNG. Its files would be called damaged, or altered."""

from __future__ import annotations

from typing import Any

from pyhanko.pdf_utils import filters
from pyhanko.pdf_utils.misc import PdfStreamError

from evidence.sections.data import unpredicted
from evidence.sections.packing import lzw
from evidence.sections.syntax import NotCanonical

_MOST = 64 * 1024 * 1024
_PNG = range(10, 16)


class LzwDecode(filters.Decoder):
    """LZWDecode for pyHanko, of the usual form, up to 64 MB."""

    def decode(self, data: bytes, decode_params: Any) -> bytes:
        return self.decode_bounded(data, decode_params, None)

    def decode_bounded(self, data: bytes, decode_params: Any, max_output_size: int | None) -> bytes:
        told = decode_params if isinstance(decode_params, dict) else {}
        most = min(_MOST, _MOST if max_output_size is None else max_output_size)
        try:
            if told.get("/EarlyChange", 1) != 1:
                raise PdfStreamError("LZW whose codes grow late")
            made = lzw(data, most)
        except ValueError as error:
            raise PdfStreamError(str(error)) from error
        predictor = told.get("/Predictor", 1)
        if predictor == 1:
            return made
        if predictor not in _PNG:
            raise PdfStreamError("rows of no known shape")
        return _rows(made, told.get("/Columns", 1))


def _rows(data: Any, columns: int) -> bytes:
    try:
        return unpredicted(bytes(data), int(columns), 0)
    except NotCanonical as error:
        raise PdfStreamError(str(error)) from error


def unpack_all() -> None:
    """Give these to pyHanko, in this process; calling it again changes nothing."""
    place: Any = filters
    place.DECODERS |= {"/LZWDecode": LzwDecode, "/LZW": LzwDecode}
    place._png_decode = _rows  # noqa: SLF001 - there is no other place where it can be changed
