"""What an archive takes, what it answers, and what every adapter can do. Words of NF Z42-020: deposit, read, destroy…

A package is never changed: what comes later (an addendum, a roll-up) is another package that names the first.
"""

import hashlib
from collections.abc import Iterator, Mapping
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Literal, Protocol

import rfc8785

CHUNK = 1024 * 1024
FORM = "paraphe-package-1"
Kind = Literal["dossier", "roll_up", "addendum", "log", "elimination"]
Role = Literal[
    "container",
    "dossier_pdf",
    "dossier_xml",
    "attestation",
    "presented",
    "signed",
    "roll_up",
    "addendum",
    "log",
    "certificate",
]


class Unavailable(Exception):
    """The archive did not answer, or said that it cannot now: to be tried again. `reason`: a label, no address."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


class Refused(Exception):
    """The archive has this id with something else in it, or takes no such package; trying again changes nothing."""


class NotKept(Exception):
    """No such package or file is kept, or what is kept is no longer what was deposited."""


@dataclass(frozen=True)
class Item:
    """One file of a package: its name there (with folders), what it is, and where its bytes are now."""

    name: str
    role: Role
    sha256: str
    size: int
    path: Path

    @classmethod
    def of(cls, name: str, role: Any, path: Path) -> "Item":
        """The item of a file, its digest read from it."""
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        return cls(name, role, sha256, path.stat().st_size, path)


@dataclass(frozen=True)
class Package:
    """What is deposited in one go. `section`: whose it is; `metadata`: plain JSON, by which it is found again."""

    id: str
    section: str
    kind: Kind
    metadata: Mapping[str, Any]
    items: tuple[Item, ...]

    def manifest(self) -> bytes:
        """The description of the package, canonical JSON (RFC 8785): what a receipt is about."""
        files: Any = [
            {"name": each.name, "role": each.role, "sha256": each.sha256, "bytes": each.size} for each in self.items
        ]
        members: dict[str, Any] = {"form": FORM, "id": self.id, "section": self.section, "kind": self.kind}
        return rfc8785.dumps({**members, "metadata": dict(self.metadata), "files": files})

    @property
    def sha256(self) -> str:
        """Of the manifest."""
        return hashlib.sha256(self.manifest()).hexdigest()


@dataclass(frozen=True)
class Receipt:
    """What an archive answered, verbatim. `archive_id`: by which it gives the package back.

    `seal`: a detached signature over `content` (CMS, DER), where the archive makes one.
    """

    archive_id: str
    content: bytes
    media_type: str
    seal: bytes | None = None


@dataclass(frozen=True)
class Condition:
    """What a check found: the copies (counted from 1) that are no longer whole; `lost` where none is."""

    package: str
    copies: int
    damaged: tuple[int, ...]

    @property
    def lost(self) -> bool:
        return len(self.damaged) == self.copies


class Archive(Protocol):
    """An adapter. All of it is idempotent by the package's id; every call may raise `Unavailable`."""

    name: str

    def deposit(self, package: Package, *, at: datetime) -> Receipt:
        """Keep the package; the same once more gives the same receipt. Raises `Refused`."""

    def manifest(self, section: str, archive_id: str) -> bytes:
        """The description as it was deposited. Raises `NotKept`."""

    def open(self, section: str, archive_id: str, sha256: str) -> AbstractContextManager[Iterator[bytes]]:
        """The bytes of one file of a package, in chunks. Raises `NotKept`."""

    def check(self, section: str, archive_id: str, *, at: datetime) -> Condition:
        """Whether every copy is still what was deposited; one that is not is mended where that can be done."""

    def destroy(self, section: str, archive_id: str, *, reason: str, at: datetime) -> None:
        """Remove the package for good; one that is not there is no error. Raises `Refused` where it must be kept."""


def chunks(path: Path) -> Iterator[bytes]:
    """A file's bytes, a piece at a time."""
    with path.open("rb") as stream:
        while piece := stream.read(CHUNK):
            yield piece
