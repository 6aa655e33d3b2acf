"""The members of a dossier's container, unpacked with care and held against its manifests (docs/container.md)."""

from __future__ import annotations

import hashlib
import re
import zipfile
from typing import TYPE_CHECKING

from django.utils.translation import gettext

from evidence.dossier import xml
from evidence.dossier.container import container, manifest
from evidence.verify import zip_layout
from evidence.verify.claims import need
from evidence.verify.failures import NotSound

if TYPE_CHECKING:
    from pathlib import Path

MOST_BYTES, MOST_RATIO = 2 << 30, 400
_OF_ADDENDUM = re.compile(r"addenda/(\d{3,9})[.-]|META-INF/(?:ASiCManifest|signature)(\d{3,9})\.")
_OUTSIDE = {"mimetype", container.SIGNATURE, container.TOKEN, container.SEALED, container.STAMPED}


def is_container(path: Path) -> bool:
    """Whether a file begins as a container does; one that cannot be read does not."""
    try:
        with path.open("rb") as file:
            return file.read(38)[30:] == b"mimetype"
    except OSError:
        return False


class Members:
    """The files of one container by their name inside: `paths` once `unpack` has been called."""

    def __init__(self) -> None:
        self.paths: dict[str, Path] = {}
        self._digests: dict[str, str] = {}

    def unpack(self, archive_path: Path, folder: Path) -> None:
        """Unpack into an own folder. Raises `NotSound` (`layout`, `path`, `bomb`, `gap`, `file`), and what zipfile and
        zlib raise.
        """
        need(is_container(archive_path), "layout")
        zip_layout.check_end(archive_path)
        with zipfile.ZipFile(archive_path) as archive:
            infos = archive.infolist()
            names = [info.filename for info in infos]
            need(names[:1] == ["mimetype"] and len(set(names)) == len(names), "layout")
            need(sum(info.file_size for info in infos) <= MOST_BYTES, "bomb")
            for info in infos:
                name = info.filename
                need(name[:1] != "/" and "\\" not in name and ".." not in name.split("/"), "path")
                need(info.file_size <= MOST_RATIO * info.compress_size + (1 << 20), "bomb")
            zip_layout.check(archive, archive_path)
        with archive_path.open("rb") as source:
            for n, info in enumerate(infos):
                self.paths[info.filename] = folder / str(n)  # never under a name of theirs
                with self.paths[info.filename].open("wb") as target:
                    target.writelines(zip_layout.unpacked(source, info))
        need({*_OUTSIDE, "dossier.xml", "dossier.pdf", "pki/root.pem", "journal.jsonl"} <= set(names), "layout")
        need(self.read("mimetype") == container.MIMETYPE, "layout")

    def check_digests(self) -> None:
        """Check that what was sealed with the dossier stands in a manifest with its digest. Raises `NotSound`."""
        first, second = self._listed(container.SEALED), self._listed(container.STAMPED)
        need(second == first | {container.SEALED, container.SIGNATURE}, "manifest")
        need({name for name in self.paths if not _number(name)} <= first | _OUTSIDE, "extra_file")

    def check_addendum(self, n: int) -> None:
        """Check that the manifest of an addendum lists all that was there before it, and its own. Raises `NotSound`."""
        by, over = container.added(n)
        before = {name for name in self.paths if _number(name) <= n}
        need(self._listed(by) == before - {by, over, "mimetype"}, "manifest")

    def addenda(self) -> list[int]:
        """The numbers of the addenda to which members belong, in order."""
        return sorted({_number(name) for name in self.paths} - {0})

    def with_digest(self, sha256: str) -> Path:
        """Find a member by its content. Raises `NotSound` (`file`)."""
        found = [path for name, path in self.paths.items() if self.digest(name) == sha256]
        need(bool(found), "file")
        return found[0]

    def read(self, name: str) -> bytes:
        """Read a member, of a size that may be read whole. Raises `NotSound` (`layout`, `bomb`)."""
        if name not in self.paths:
            raise NotSound("layout", gettext("Il manque {name} dans le conteneur.").format(name=name))
        need(self.paths[name].stat().st_size <= xml.MOST_OCTETS, "bomb", name)
        return self.paths[name].read_bytes()

    def digest(self, name: str) -> str:
        """Digest a member (SHA-256, hexadecimal), once: each document and each addendum asks for it."""
        if name not in self._digests:
            with self.paths[name].open("rb") as file:
                self._digests[name] = hashlib.file_digest(file, "sha256").hexdigest()
        return self._digests[name]

    def _listed(self, name: str) -> set[str]:
        """What a manifest lists, each digest held against the file."""
        found = manifest.names(self.read(name))
        for each, sha256 in found:
            need(each in self.paths and self.digest(each) == sha256, "file", each)
        return {each for each, _ in found}


def _number(name: str) -> int:
    """Of the addendum to which a member belongs; 0: of none."""
    found = _OF_ADDENDUM.match(name)
    return max(0, int(found[1] or int(found[2]) - 100)) if found else 0
