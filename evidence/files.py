"""Content-addressed files: a blob's name is its SHA-256, written whole or not at all, never changed."""

import errno
import hashlib
import os
import shutil
import tempfile
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import BinaryIO

from django.conf import settings

CHUNK = 1024 * 1024


class Missing(Exception):
    """No blob of that digest is stored, or its bytes are no longer those of its name."""


def path_of(sha256: str) -> Path:
    """Where the blob of that digest is kept; raises `Missing` where it is not."""
    path = _place(sha256)
    if not path.is_file():
        raise Missing(f"no file with SHA-256 {sha256}")
    return path


def put(source: Path) -> str:
    """Store a copy of a file, flushed to disk before this returns; gives its SHA-256 in hex."""
    with source.open("rb") as stream:
        return put_stream(stream)


def take(source: Path) -> str:
    """Store a file that nobody needs where it is, flushed to disk before this returns; gives its SHA-256 in hex.

    It goes from its place: moved, or copied where that is another file system.
    """
    with source.open("rb") as stream:
        sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        os.fsync(stream.fileno())
    try:
        return _settle(source, sha256)
    except OSError as error:
        if error.errno != errno.EXDEV:
            raise
    stored = put(source)
    source.unlink()
    return stored


@contextmanager
def flushing(path: Path) -> Iterator[None]:
    """Have a file that is written flushed to disk while the caller does something else with it.

    Raises OSError at the end, where the disk does not take it.
    """
    with path.open("rb") as stream, ThreadPoolExecutor(1) as flusher:
        flushed = flusher.submit(os.fsync, stream.fileno())
        yield
        flushed.result()


def put_bytes(content: bytes) -> str:
    """Store bytes, flushed to disk before this returns; gives their SHA-256 in hex."""
    sha256 = hashlib.sha256(content).hexdigest()
    if _place(sha256).is_file():
        return sha256
    folder = _folder()
    handle, name = tempfile.mkstemp(dir=folder, prefix=".new-")
    with os.fdopen(handle, "wb") as target:
        target.write(content)
        _flush(target)
    return _settle(Path(name), sha256)


def put_stream(stream: BinaryIO) -> str:
    """Store what a binary stream gives, in chunks of 1 MiB; gives its SHA-256 in hex."""
    digest = hashlib.sha256()
    handle, name = tempfile.mkstemp(dir=_folder(), prefix=".new-")
    with os.fdopen(handle, "wb") as target:
        while chunk := stream.read(CHUNK):
            digest.update(chunk)
            target.write(chunk)
        _flush(target)
    return _settle(Path(name), digest.hexdigest())


def read(sha256: str) -> bytes:
    """The bytes of a blob, checked against its name; raises `Missing`."""
    content = path_of(sha256).read_bytes()
    if hashlib.sha256(content).hexdigest() != sha256:
        raise Missing(f"the file kept as {sha256} has other bytes")
    return content


def intact(sha256: str) -> bool:
    """Whether the stored bytes still have the digest of their name."""
    with path_of(sha256).open("rb") as stream:
        return hashlib.file_digest(stream, "sha256").hexdigest() == sha256


def prefix_digest(path: Path, length: int) -> str:
    """SHA-256 in hex of the first `length` octets of a file."""
    digest, left = hashlib.sha256(), length
    with path.open("rb") as stream:
        while left and (chunk := stream.read(min(CHUNK, left))):
            digest.update(chunk)
            left -= len(chunk)
    return digest.hexdigest()


def discard(sha256: str) -> None:
    """Remove a blob that this process stored and that no row names; one that is not there is no error."""
    _place(sha256).unlink(missing_ok=True)


def drop_unfinished(*, before: float) -> None:
    """Remove what a process that died left of a blob it was writing, untouched since `before` (seconds since 1970)."""
    for left in _folder().glob(".new-*"):
        with suppress(FileNotFoundError):  # its writer has just given it its name
            if left.stat().st_mtime < before:
                left.unlink()


def copy(sha256: str, target: Path) -> None:
    """Copy a blob out to a path."""
    shutil.copyfile(path_of(sha256), target)


def _folder() -> Path:
    folder = Path(settings.FILES_DIR)
    folder.mkdir(mode=0o750, parents=True, exist_ok=True)
    return folder


def _place(sha256: str) -> Path:
    return Path(settings.FILES_DIR) / sha256[:2] / sha256


def _flush(target: BinaryIO) -> None:
    target.flush()
    os.fsync(target.fileno())


def _settle(temporary: Path, sha256: str) -> str:
    """Rename to the digest and flush the folder, so that a commit never points to a file that a power cut loses."""
    place = _place(sha256)
    if place.is_file():
        temporary.unlink()
        return sha256
    place.parent.mkdir(mode=0o750, parents=True, exist_ok=True)
    temporary.chmod(0o440)
    temporary.rename(place)
    for folder in (place.parent, place.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)
    return sha256
