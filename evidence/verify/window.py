"""The first bytes of a file, seen as a file of their own without being copied."""

from __future__ import annotations

import io
import os
from typing import BinaryIO


class Window(io.RawIOBase):
    """A read-only view of the first `length` bytes of `file`, which stays open and may be moved by others."""

    def __init__(self, file: BinaryIO, length: int) -> None:
        self._file = file
        self._length = length
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def tell(self) -> int:
        return self._at

    def seek(self, offset: int, whence: int = os.SEEK_SET) -> int:
        base = {os.SEEK_SET: 0, os.SEEK_CUR: self._at, os.SEEK_END: self._length}[whence]
        self._at = max(0, base + offset)
        return self._at

    def readinto(self, buffer: memoryview | bytearray) -> int:  # type: ignore[override] # narrower than Buffer
        wanted = min(len(buffer), max(0, self._length - self._at))
        self._file.seek(self._at)
        piece = self._file.read(wanted)
        buffer[: len(piece)] = piece
        self._at += len(piece)
        return len(piece)
