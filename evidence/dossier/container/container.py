"""Sealing a container and putting it together: ASiC-E in its CAdES form (EN 319 162-1, 4.4).

What is kept is small: the manifests, the seal, the time stamp over all, and what is this container's alone. Everything
else is among the files, by its digest, so the container is put together whenever somebody wants it, the same to the
last byte.
"""

import hashlib
import io
import zipfile
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import BinaryIO

from evidence import files, seal
from evidence.dossier.container import manifest
from evidence.dossier.container.manifest import Manifest
from evidence.dossier.container.members import Sealed, members
from evidence.dossier.facts import DossierFacts
from evidence.keys import Identity
from evidence.listed import ListedStamper
from evidence.time_tokens import Stamper

MIMETYPE = b"application/vnd.etsi.asic-e+zip"
SEALED, STAMPED = "META-INF/ASiCManifest001.xml", "META-INF/ASiCManifest002.xml"
SIGNATURE, TOKEN = "META-INF/signature001.p7s", "META-INF/timestamp001.tst"
_EPOCH = (1980, 1, 1, 0, 0, 0)  # the earliest that ZIP knows: the container says its times in its tokens
_UNIX = 3
_MODE = 0o100644 << 16
_STORED = (".pdf",)  # compressed inside already


@dataclass(frozen=True)
class Added:
    """What was added to a container: the SHA-256 of its sealing part, and its signature (CMS, DER)."""

    sealing_sha256: str
    signature: bytes


def close(
    told: DossierFacts,
    own: Sealed,
    *,
    identity: Identity,
    stamper: Stamper,
    crls: Sequence[bytes],
    at: datetime,
) -> str:
    """Seal everything that belongs to a dossier; gives the SHA-256 of the sealing part, which is kept among the files.

    Raises `seal.StaleRevocationList`, and what the time stamper raises.
    """
    found = members(told, own, crls=list(crls))
    alone = {name: content for name, content in found.items() if isinstance(content, bytes)}
    covered = {name: content if isinstance(content, str) else _sha256(content) for name, content in found.items()}
    sealed = manifest.write(Manifest(SIGNATURE, covered))
    signature = seal.seal_detached(sealed, identity, stamper, crls=crls, at=at)
    all_of_it = {**covered, SEALED: _sha256(sealed), SIGNATURE: _sha256(signature)}
    stamped = manifest.write(Manifest(TOKEN, all_of_it))
    token = ListedStamper(stamper, crls, issuers=identity.chain, at=at).stamp(hashlib.sha256(stamped).digest())
    parts = {SEALED: sealed, SIGNATURE: signature, STAMPED: stamped, TOKEN: token}
    return _kept(alone | parts)


def write(sealing: str, out: BinaryIO, *, addenda: Sequence[str] = ()) -> None:
    """Put the container together; `sealing` is what `close` gave, `addenda` what `add` gave. Raises `files.Missing`."""
    with zipfile.ZipFile(out, "w") as archive:
        archive.writestr(_info("mimetype", stored=True), MIMETYPE)
        written = {"mimetype"}
        for n, each in enumerate((sealing, *addenda)):
            parts = _parts(each)
            for name, sha256 in manifest.names(parts[added(n)[0] if n else SEALED]):
                if name in written:
                    continue
                written.add(name)
                if name in parts:
                    archive.writestr(_info(name), parts.pop(name))
                    continue
                with files.path_of(sha256).open("rb") as source, archive.open(_info(name), "w") as target:
                    while chunk := source.read(files.CHUNK):
                        target.write(chunk)
            for name, content in parts.items():
                archive.writestr(_info(name), content)
            written |= parts.keys()


def held(sealing: str) -> list[str]:
    """The SHA-256 of everything that a container is put together from, its sealing part first."""
    parts = _parts(sealing)
    return [sealing, *(sha256 for name, sha256 in manifest.names(parts[SEALED]) if name not in parts)]


def held_by_addendum(sealing: str, n: int) -> list[str]:
    """The SHA-256 of everything that the addendum `n` adds to a container, its sealing part first."""
    parts = _parts(sealing)
    own = ((name, sha256) for name, sha256 in manifest.names(parts[added(n)[0]]) if name.startswith(f"addenda/{n:03d}"))
    return [sealing, *(sha256 for name, sha256 in own if name not in parts)]


def content(sealing: str, name: str) -> bytes:
    """One member that a sealing part has itself. Raises `files.Missing`."""
    return _parts(sealing)[name]


def added(n: int) -> tuple[str, str]:
    """The names of manifest and signature of the addendum `n`, from 1."""
    return f"META-INF/ASiCManifest{100 + n}.xml", f"META-INF/signature{100 + n}.p7s"


def add(
    sealings: Sequence[str],
    content: Mapping[str, bytes | str],
    *,
    identity: Identity,
    stamper: Stamper,
    crls: Sequence[bytes],
    at: datetime,
) -> Added:
    """Seal what is added to a container, over everything that is in it before; kept among the files.

    `sealings`: its sealing part and those of the addenda before this one. `content`: by name, bytes, or the SHA-256 of
    what is among the files. Raises as `close` does, and `files.Missing`.
    """
    last, n = _parts(sealings[-1]), len(sealings)
    by, over = (added(n - 1)[0], added(n - 1)[1]) if n > 1 else (STAMPED, TOKEN)
    covered = dict(manifest.names(last[by])) | {by: _sha256(last[by]), over: _sha256(last[over])}
    covered |= {name: each if isinstance(each, str) else _sha256(each) for name, each in content.items()}
    name, signature = added(n)
    sealed = manifest.write(Manifest(signature, covered))
    value = seal.seal_detached(sealed, identity, stamper, crls=crls, at=at)
    own = {each: octets for each, octets in content.items() if isinstance(octets, bytes)}
    return Added(_kept({**own, name: sealed, signature: value}), value)


def _parts(sealing: str) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(files.read(sealing))) as kept:
        return {name: kept.read(name) for name in kept.namelist()}


def _kept(parts: Mapping[str, bytes]) -> str:
    kept = io.BytesIO()
    with zipfile.ZipFile(kept, "w") as archive:
        for name, content in parts.items():
            archive.writestr(_info(name), content)
    return files.put_bytes(kept.getvalue())


def _info(name: str, *, stored: bool = False) -> zipfile.ZipInfo:
    info = zipfile.ZipInfo(name, _EPOCH)
    info.create_system, info.external_attr = _UNIX, _MODE
    is_stored = stored or name.endswith(_STORED)
    info.compress_type = zipfile.ZIP_STORED if is_stored else zipfile.ZIP_DEFLATED
    return info


def _sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()
