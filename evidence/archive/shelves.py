"""One copy of the vault: folders of packages, each written whole or not at all, and never again."""

import errno
import hashlib
import os
import re
import shutil
import tempfile
from collections.abc import Iterator
from pathlib import Path

from evidence import disk
from evidence.archive.package import CHUNK, NotKept, Package

MANIFEST, RECEIPT, SEAL = "manifest.json", "receipt.json", "receipt.p7s"
SECTION = re.compile(r"[a-z0-9][a-z0-9-]{0,62}")
IDENTIFIER = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
DIGEST = re.compile(r"[0-9a-f]{64}")


class Shelf:
    """One copy. Nothing here trusts a name that comes from outside: sections, ids and digests have their forms."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def section(self, section: str) -> Path:
        """Where a section is or would be: who reads makes nothing. Raises `NotKept` for a name that can be none."""
        if not SECTION.fullmatch(section):
            raise NotKept(f"no section {section!r}")
        return self.root / section

    def made(self, section: str) -> Path:
        """The folder of a section, made where it is missing. Raises `NotKept` as `section` does."""
        place = self.section(section)
        disk.folder(self.root, mode=0o700)
        return disk.folder(place, mode=0o700)

    def place(self, section: str, identifier: str) -> Path:
        """Where a package is or would be."""
        if not IDENTIFIER.fullmatch(identifier):
            raise NotKept(f"no package {identifier!r}")
        return self.section(section) / identifier[:2] / identifier

    def has(self, section: str, identifier: str) -> bool:
        """Whether the package is here, whole or not."""
        return (self.place(section, identifier) / MANIFEST).is_file()

    def put(self, package: Package) -> None:
        """Write a package that is not here; the bytes are compared with their digests while they are copied.

        Raises `NotKept` where a file is not what the package says, OSError where the disk does not take it.
        """
        section, final = self.made(package.section), self.place(package.section, package.id)
        disk.folder(final.parent, mode=0o700)
        folder = Path(tempfile.mkdtemp(dir=section, prefix=".new-"))
        try:
            # Each file once: the same document may be in it twice, under two names.
            for item in {each.sha256: each for each in package.items}.values():
                if _copied(item.path, folder / item.sha256) != item.sha256:
                    raise NotKept(f"{item.name} is not what it was")
            disk.write(folder / MANIFEST, package.manifest(), mode=0o400)
            _publish(folder, final)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def add(self, section: str, identifier: str, name: str, content: bytes) -> None:
        """Put a receipt or its seal beside a package; what is there stays."""
        place = self.place(section, identifier) / name
        if not place.exists():
            disk.write(place, content, mode=0o400)

    def read(self, section: str, identifier: str, name: str) -> bytes:
        """A small file of a package. Raises `NotKept`."""
        try:
            return (self.place(section, identifier) / name).read_bytes()
        except OSError as error:
            raise NotKept(f"{identifier} has no {name}") from error

    def file(self, section: str, identifier: str, sha256: str) -> Path:
        """A file of a package, read once to see that it has the bytes of its name. Raises `NotKept`."""
        if not DIGEST.fullmatch(sha256):
            raise NotKept(f"no file {sha256!r}")
        place = self.place(section, identifier) / sha256
        try:
            with place.open("rb") as stream:
                found = hashlib.file_digest(stream, "sha256").hexdigest()
        except OSError as error:
            raise NotKept(f"{identifier} has no {sha256}") from error
        if found != sha256:
            raise NotKept(f"{identifier}: the file kept as {sha256} has other bytes")
        return place

    def remove(self, section: str, identifier: str) -> None:
        """Take a package away; one that is not here is no error."""
        place = self.place(section, identifier)
        if place.exists():
            gone = Path(tempfile.mkdtemp(dir=self.made(section), prefix=".old-"))
            place.rename(gone / place.name)  # no reader ever sees half of it
            shutil.rmtree(gone)

    def replace(self, section: str, identifier: str, source: Path) -> None:
        """Write a damaged copy anew from a sound one."""
        folder = Path(tempfile.mkdtemp(dir=self.made(section), prefix=".new-"))
        try:
            for each in source.iterdir():
                _copied(each, folder / each.name)
            self.remove(section, identifier)
            final = self.place(section, identifier)
            disk.folder(final.parent, mode=0o700)
            _publish(folder, final)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    def packages(self, section: str) -> Iterator[str]:
        """The ids of a section, in order."""
        folder = self.section(section)
        yield from sorted(path.parent.name for path in folder.glob(f"[0-9a-f][0-9a-f]/*/{MANIFEST}"))

    def sections(self) -> list[str]:
        """Every section there is."""
        if not self.root.is_dir():
            return []
        return sorted(path.name for path in self.root.iterdir() if path.is_dir() and SECTION.fullmatch(path.name))


def _copied(source: Path, target: Path) -> str:
    digest = hashlib.sha256()
    with source.open("rb") as stream, target.open("xb") as out:
        while piece := stream.read(CHUNK):
            digest.update(piece)
            out.write(piece)
        out.flush()
        os.fsync(out.fileno())
    target.chmod(0o400)
    return digest.hexdigest()


def _publish(folder: Path, final: Path) -> None:
    """Give the folder its name; one that another wrote meanwhile is left as it is."""
    try:
        folder.rename(final)
    except OSError as error:
        if error.errno not in {errno.ENOTEMPTY, errno.EEXIST}:
            raise
    handle = os.open(final.parent, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)
