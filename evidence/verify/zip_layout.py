"""The octets of a ZIP archive: members one behind the other, their directory, its end, and nothing else.

Programs that read an archive go by its directory, so what no entry of it points at is seen by none of them, and by no
manifest: a file between two members, behind the packed data of one, in an extra field, in a comment.
"""

from __future__ import annotations

import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evidence.verify.claims import need

if TYPE_CHECKING:
    import zipfile

_PIECE = 1 << 20
_LOCAL = 30  # APPNOTE 4.3.7, without the name
_ENTRY, _END, _END_OF_MANY = 46, 22, 98  # APPNOTE 4.3.12, 4.3.16; with 4.3.14 and 4.3.15
_COUNTED = 0xFFFF
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8


def check(archive: zipfile.ZipFile, path: Path) -> None:
    """Hold the whole file against what its directory says. Raises `NotSound` (`gap`)."""
    at = directory = 0
    infos = archive.infolist()
    with path.open("rb") as file:
        for info in infos:
            head = info.FileHeader()
            file.seek(at)
            odd = info.extra or info.comment or info.volume or info.internal_attr or info.flag_bits & ~_UTF8
            here = info.header_offset == at and file.read(len(head)) == head
            need(here and not odd, "gap", info.filename)
            at += len(head) + info.compress_size
            directory += _ENTRY + len(head) - _LOCAL
    end = _END if len(infos) <= _COUNTED else _END_OF_MANY
    need(archive.start_dir == at and not archive.comment and path.stat().st_size == at + directory + end, "gap")


def unpacked(file: BinaryIO, info: zipfile.ZipInfo) -> Iterator[bytes]:
    """The content of a member whose header was checked, by pieces. Raises `NotSound` (`gap`, `file`), `zlib.error`.

    All of its packed octets are unpacked: what follows the end of the data belongs to nobody.
    """
    file.seek(info.header_offset + len(info.FileHeader()))
    packed = _Packed() if info.compress_type == _DEFLATED else None
    need(packed is not None or info.compress_type == _STORED, "layout")
    left, size, crc = info.compress_size, 0, 0
    while left:
        piece = file.read(min(left, _PIECE))
        need(bool(piece), "layout")
        left -= len(piece)
        for each in packed.pieces(piece) if packed else [piece]:
            size, crc = size + len(each), zlib.crc32(each, crc)
            need(size <= info.file_size, "layout")
            yield each
    need(packed is None or packed.is_whole(), "gap", info.filename)
    need((size, crc) == (info.file_size, info.CRC), "file", info.filename)


class _Packed:
    """Deflated data (RFC 1951), unpacked by no more than a piece at once."""

    def __init__(self) -> None:
        self._stream = zlib.decompressobj(-zlib.MAX_WBITS)
        self._followed = False

    def pieces(self, octets: bytes) -> Iterator[bytes]:
        self._followed = self._followed or (self._stream.eof and bool(octets))
        full = True
        while full and not self._stream.eof:
            made = self._stream.decompress(octets, _PIECE)
            octets, full = self._stream.unconsumed_tail, len(made) == _PIECE
            yield made

    def is_whole(self) -> bool:
        return self._stream.eof and not self._stream.unused_data and not self._followed
