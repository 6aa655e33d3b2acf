"""Giving back everything that an archive keeps of a client: a folder a package, and one manifest over all of it."""

import hashlib
import json
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path, PurePosixPath
from typing import Any

from evidence import disk
from evidence.archive import seda
from evidence.archive.package import Archive, NotKept
from evidence.archive.shelves import MANIFEST
from evidence.archive.vault import Vault

FORM = "paraphe-export-1"


@dataclass(frozen=True)
class Held:
    """Where one package is: the archive, the section in it, its id there, and the receipt where it is known."""

    archive: Archive
    section: str
    archive_id: str
    receipt: tuple[bytes, bytes | None] | None = None


def of_vault(vault: Vault, code: str) -> Iterator[Held]:
    """All packages of a client in a vault, found by the code in their descriptions: no database is asked."""
    for section in vault.sections():
        for identifier in vault.packages(section):
            if json.loads(vault.manifest(section, identifier))["metadata"].get("client_code") == code:
                receipt = vault.receipt(section, identifier)
                yield Held(vault, section, identifier, (receipt.content, receipt.seal))


def write(held: Iterable[Held], out: Path, *, code: str, at: datetime) -> dict[str, Any]:
    """Write every package into a folder of its own and `manifest.json`, `SHA256SUMS` beside them; gives the manifest.

    A dossier also has `seda.xml`, which hands it over to another archive.

    Every file is compared with its digest while it is written. Raises `NotKept`, FileExistsError where `out` has files.
    """
    out.mkdir(parents=True, exist_ok=True)
    if any(out.iterdir()):
        raise FileExistsError(out)
    packages = [_package(each, out, at) for each in held]
    said = {"form": FORM, "client_code": code, "packages": packages}
    disk.write(out / "manifest.json", json.dumps(said, ensure_ascii=False, indent=1).encode() + b"\n", mode=0o640)
    sums = [f"{file['sha256']}  {each['folder']}/{file['name']}\n" for each in packages for file in each["files"]]
    disk.write(out / "SHA256SUMS", "".join(sums).encode(), mode=0o640)
    return said


def _package(held: Held, out: Path, at: datetime) -> dict[str, Any]:
    content = held.archive.manifest(held.section, held.archive_id)
    said = json.loads(content)
    name = PurePosixPath(str(said["metadata"].get("reference", said["kind"]))).name
    folder = out / f"{name}-{said['id']}"
    folder.mkdir()
    for file in said["files"]:
        _write(held, file["sha256"], _inside(folder, file["name"]))
    disk.write(folder / MANIFEST, content, mode=0o640)
    if said["kind"] == "dossier":
        disk.write(folder / "seda.xml", seda.transfer(content, at=at), mode=0o640)
    for part, ending in zip(held.receipt or (), ("json", "p7s"), strict=False):
        if part is not None:
            disk.write(folder / f"receipt.{ending}", part, mode=0o640)
    return {"folder": folder.name, **said, "manifest_sha256": hashlib.sha256(content).hexdigest()}


def _inside(folder: Path, name: str) -> Path:
    """The place of a file of a package: below its folder, whatever its name says."""
    target = folder.joinpath(*(part for part in PurePosixPath(name).parts if part not in {"/", ".."}))
    target.parent.mkdir(parents=True, exist_ok=True)
    return target


def _write(held: Held, sha256: str, target: Path) -> None:
    digest = hashlib.sha256()
    with held.archive.open(held.section, held.archive_id, sha256) as pieces, target.open("xb") as out:
        for piece in pieces:
            digest.update(piece)
            out.write(piece)
    if digest.hexdigest() != sha256:
        raise NotKept(f"{held.archive_id}: what came as {sha256} has other bytes")
