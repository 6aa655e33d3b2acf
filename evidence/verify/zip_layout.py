"""The octets of a ZIP archive: members one behind the other, their directory, its end, and nothing else.

Programs that read an archive go by its directory, so what no entry of it points at is seen by none of them, and by no
manifest: a file between two members, behind the packed data of one, in an extra field, in a comment.
"""

from __future__ import annotations

import re
import zlib
from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING, BinaryIO

from evidence.verify.claims import need

if TYPE_CHECKING:
    import zipfile

_PIECE = 1 << 20
_LOCAL = 30  # APPNOTE 4.3.7, without the name
_ENTRY, _END, _LOCATOR = 46, 22, 20  # APPNOTE 4.3.12, 4.3.16, 4.3.15
_DIRECTORY = re.compile(rb"(?<!PK\x06\x07.{16})PK\x05\x06.{8}(.{4}).{4}\0\0\Z", re.DOTALL)
"""What ends an archive that is no ZIP64 and has no comment; in it the size of the directory."""
_MOST_DIRECTORY = 8 << 20
_UTF8 = 0x800
_STORED, _DEFLATED = 0, 8


def check_end(path: Path) -> None:
    """Check that a directory of no more than 8 MB ends a file, before anything reads it. Raises `NotSound` (`gap`)."""
    with path.open("rb") as file:
        file.seek(max(0, path.stat().st_size - _LOCATOR - _END))
        end = _DIRECTORY.search(file.read())
    need(end is not None and int.from_bytes(end[1], "little") <= _MOST_DIRECTORY, "gap")


def check(archive: zipfile.ZipFile, path: Path) -> None:
    """Hold the whole file, whose end was checked, against what its directory says. Raises `NotSound` (`gap`)."""
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
    need(archive.start_dir == at and path.stat().st_size == at + directory + _END, "gap")


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
