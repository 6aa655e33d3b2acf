"""The client's ZIP of proofs: its files are read under limits, named and counted; never written under their names."""

import hashlib
import io
import stat
import zipfile
import zlib
from dataclasses import dataclass
from http import HTTPStatus

from evidence import files
from signing.backend import opening
from signing.backend.api.errors import Label, Refused
from signing.engine import names

FILES, ONE_FILE, ALL_FILES, NAME_LENGTH = 200, 50_000_000, 100_000_000, 200
RATIO, RATIO_FROM = 200, 1_000_000
CHUNK = 64 * 1024
_LINK = stat.S_IFLNK
BROKEN = (zipfile.BadZipFile, zlib.error, EOFError, NotImplementedError, RuntimeError, OSError, ValueError)


@dataclass
class _Budget:
    """What may still be unpacked of one ZIP, over all its files."""

    left: int = ALL_FILES


def taken(content: bytes) -> opening.Proof:
    """Keep a ZIP as it is, with what is in it, file by file. Raises `Refused` (422) in words; nothing is left behind.

    Names are what the client wrote: they are told, cut at 200 characters, and lead nowhere. A ZIP in it is one file.
    """
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            found = _files(archive)
    except BROKEN as error:
        raise _refused("n'est pas un ZIP lisible.") from error
    return opening.Proof(files.put_bytes(content), len(content), found)


def _files(archive: zipfile.ZipFile) -> tuple[opening.ProofFile, ...]:
    members = [each for each in archive.infolist() if not each.filename.endswith("/")]  # is_dir() needs a name
    if len(members) > FILES:
        raise _refused(f"contient plus de {FILES} fichiers.")
    if len({each.filename for each in members}) != len(members):
        raise _refused("contient deux fichiers du même nom.")
    budget = _Budget()
    return tuple(_file(archive, each, budget) for each in members)


def _file(archive: zipfile.ZipFile, member: zipfile.ZipInfo, budget: _Budget) -> opening.ProofFile:
    """Read one file to its end, counting what comes out, whatever its header says."""
    if member.flag_bits & 1:
        raise _refused("contient un fichier chiffré.")
    if stat.S_IFMT(member.external_attr >> 16) == _LINK:
        raise _refused("contient un lien.")
    digest, size = hashlib.sha256(), 0
    with archive.open(member) as stream:
        while piece := stream.read(CHUNK):
            size += len(piece)
            budget.left -= len(piece)
            if size > ONE_FILE or budget.left < 0 or (size > RATIO_FROM and size > RATIO * member.compress_size):
                raise _refused("est trop grand une fois ouvert.")
            digest.update(piece)
    shown = names.clean(member.filename.replace("\\", "/"))[:NAME_LENGTH].strip() or "?"
    return opening.ProofFile(shown, digest.hexdigest(), size)


def _refused(why: str) -> Refused:
    return Refused(HTTPStatus.UNPROCESSABLE_ENTITY, Label.FORMAT, f"proofFolder.zipFiles {why}")
