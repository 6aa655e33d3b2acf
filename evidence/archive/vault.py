"""The local vault: two copies on folders of one's own choice, write-once, with the eight functions of NF Z42-020.

Deposit, read, destroy, read technical metadata, check, read the journal, list, count. Designed after NF Z42-013, not
certified. It needs no database: `export` gives everything back from these folders alone.
"""

import hashlib
import json
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from pathlib import Path
from typing import Any

from django.conf import settings

from evidence import chain
from evidence.archive import receipts
from evidence.archive.package import Condition, NotKept, Package, Receipt, Refused, Unavailable, chunks
from evidence.archive.register import Register
from evidence.archive.shelves import MANIFEST, RECEIPT, SEAL, Shelf

MEDIA = "application/json"


class Vault:
    """The adapter over the folders of `VAULT_DIRS`."""

    name = "vault"

    def __init__(self, folders: Sequence[Path] | None = None) -> None:
        self.shelves = [Shelf(Path(each)) for each in folders or settings.VAULT_DIRS]

    def deposit(self, package: Package, *, at: datetime) -> Receipt:
        """Write both copies, read them back, say so under seal. Raises `Refused`, `Unavailable`, what seals raise."""
        try:
            return self._deposit(package, at=at)
        except OSError as error:
            raise Unavailable(f"disk {error.errno}") from error

    def _deposit(self, package: Package, *, at: datetime) -> Receipt:
        for shelf in self.shelves:
            if not shelf.has(package.section, package.id):
                shelf.put(package)
            elif shelf.read(package.section, package.id, MANIFEST) != package.manifest():
                raise Refused(f"{package.id} is kept with other contents")
        known = self._receipt(package.section, package.id)
        if known is not None:
            return known
        broken = self._look(package.section, package.id)
        if broken.damaged:
            raise NotKept(f"{package.id}: copies {broken.damaged} are not what was written")
        content, seal = receipts.sealed(self._said(package, at), at=at)
        for shelf in self.shelves:
            shelf.add(package.section, package.id, SEAL, seal)
            shelf.add(package.section, package.id, RECEIPT, content)
        self._register(package.section).add(
            "deposit", package=package.id, at=at, manifest_sha256=package.sha256, receipt_sha256=_digest(content)
        )
        return Receipt(package.id, content, MEDIA, seal)

    def _said(self, package: Package, at: datetime) -> dict[str, Any]:
        """What the receipt states."""
        return {
            "form": "paraphe-receipt-1",
            "archive": self.name,
            "operator": settings.OPERATOR["name"],
            "package": package.id,
            "section": package.section,
            "manifest_sha256": package.sha256,
            "files": len(package.items),
            "bytes": sum(each.size for each in package.items),
            "copies": len(self.shelves),
            "deposited_at": chain.instant(at),
        }

    def open(self, section: str, archive_id: str, sha256: str) -> Any:
        """Read: the bytes of one file, from the first copy that still has them."""
        return _opened(self.file(section, archive_id, sha256))

    def file(self, section: str, archive_id: str, sha256: str) -> Path:
        """Where a sound copy of one file of a package is. Raises `NotKept`."""
        for shelf in self.shelves:
            try:
                return shelf.file(section, archive_id, sha256)
            except NotKept:
                continue
        raise NotKept(f"{archive_id}: no copy of {sha256} is sound")

    def manifest(self, section: str, archive_id: str) -> bytes:
        """Read technical metadata: the description as it was deposited, as the receipt knows it."""
        for shelf in self.shelves:
            if shelf.has(section, archive_id):
                content = shelf.read(section, archive_id, MANIFEST)
                if _digest(content) == self._promised(section, archive_id, content):
                    return content
        raise NotKept(f"{section} has no {archive_id}")

    def receipt(self, section: str, archive_id: str) -> Receipt:
        """The receipt, verbatim. Raises `NotKept`."""
        found = self._receipt(section, archive_id)
        if found is None:
            raise NotKept(f"{archive_id} has no receipt")
        return found

    def destroy(self, section: str, archive_id: str, *, reason: str, at: datetime) -> None:
        """Remove the package from every copy; the journal says since when and why."""
        if not any(shelf.has(section, archive_id) for shelf in self.shelves):
            return
        for shelf in self.shelves:
            shelf.remove(section, archive_id)
        self._register(section).add("destroy", package=archive_id, at=at, reason=reason)

    def check(self, section: str, archive_id: str, *, at: datetime) -> Condition:
        """Read every byte of every copy; a damaged one is written anew from a sound one, and that is journalled."""
        found = self._look(section, archive_id)
        if found.damaged and not found.lost:
            self._mend(section, archive_id, found)
        if found.damaged:
            damaged = list(found.damaged)
            self._register(section).add("check", package=archive_id, at=at, damaged=damaged, mended=not found.lost)
        return found

    def journal(self, section: str) -> Iterator[dict[str, Any]]:
        """Everything that was done in a section; raises `chain.Broken`."""
        return Register([shelf.section(section) for shelf in self.shelves]).read()

    def packages(self, section: str) -> list[str]:
        """The ids of all packages of a section."""
        return sorted({each for shelf in self.shelves for each in shelf.packages(section)})

    def count(self, section: str) -> int:
        """How many packages a section has."""
        return len(self.packages(section))

    def sections(self) -> list[str]:
        """Every section."""
        return sorted({each for shelf in self.shelves for each in shelf.sections()})

    def _register(self, section: str) -> Register:
        """To write in: its folders are made."""
        return Register([shelf.made(section) for shelf in self.shelves])

    def _receipt(self, section: str, archive_id: str) -> Receipt | None:
        for shelf in self.shelves:
            try:
                content = shelf.read(section, archive_id, RECEIPT)
                return Receipt(archive_id, content, MEDIA, shelf.read(section, archive_id, SEAL))
            except NotKept:
                continue
        return None

    def _promised(self, section: str, archive_id: str, content: bytes) -> str:
        """The digest of the manifest that the receipt names; before there is a receipt, that of the manifest itself."""
        known = self._receipt(section, archive_id)
        return str(json.loads(known.content)["manifest_sha256"]) if known else _digest(content)

    def _look(self, section: str, archive_id: str) -> Condition:
        damaged = tuple(
            n for n, shelf in enumerate(self.shelves, start=1) if not self._whole(shelf, section, archive_id)
        )
        return Condition(archive_id, len(self.shelves), damaged)

    def _whole(self, shelf: Shelf, section: str, archive_id: str) -> bool:
        try:
            content = shelf.read(section, archive_id, MANIFEST)
            if _digest(content) != self._promised(section, archive_id, content):
                return False
            for each in json.loads(content)["files"]:
                shelf.file(section, archive_id, each["sha256"])
        except NotKept:
            return False
        return True

    def _mend(self, section: str, archive_id: str, found: Condition) -> None:
        good = next(shelf for n, shelf in enumerate(self.shelves, start=1) if n not in found.damaged)
        for n in found.damaged:
            self.shelves[n - 1].replace(section, archive_id, good.place(section, archive_id))


@contextmanager
def _opened(path: Path) -> Iterator[Iterator[bytes]]:
    yield chunks(path)


def _digest(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
