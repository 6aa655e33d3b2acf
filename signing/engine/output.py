"""The file being written: every octet of it passes once, and is hashed as it passes."""

import hashlib
from collections.abc import Iterable
from typing import BinaryIO

from signing.engine.revisions import Written

CHUNK = 1024 * 1024


class Output:
    """A file that grows, and what its digests are by now. `algorithms`: sha256, sha512."""

    def __init__(self, file: BinaryIO, algorithms: Iterable[str]) -> None:
        self._file = file
        self._states = {name: hashlib.new(name) for name in algorithms}
        self.size = 0

    def copy(self, source: BinaryIO) -> int:
        """Write all of a source; give its size."""
        source.seek(0)
        piece = memoryview(bytearray(CHUNK))
        while count := source.readinto(piece):  # type: ignore[attr-defined]  # BinaryIO leaves it out
            self.write(piece[:count])
        return self.size

    def write(self, piece: bytes | memoryview) -> None:
        for state in self._states.values():
            state.update(piece)
        self._file.write(piece)
        self.size += len(piece)

    def digest(self, algorithm: str, written: Written) -> bytes:
        """Give the digest of what is to be signed: everything so far, and what a revision to come covers of itself."""
        state = self._states[algorithm].copy()
        for part in written.covered:
            state.update(part)
        return state.digest()

    def hexdigest(self, algorithm: str) -> str:
        return self._states[algorithm].hexdigest()
