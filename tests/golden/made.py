"""A path like most, told to its end, and what its sealed dossier says: the files that `tests/golden/kept` holds."""

import hashlib
import io
import re
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path

from django.utils import timezone, translation
from lxml import etree

from evidence import checkpoints, files, jobs, timestamps
from evidence.dossier import facts
from evidence.dossier.container import container
from tests.evidence import pki
from tests.evidence.trails import Walk
from tests.golden.fixed import Clock, world

DOSSIER = "5b0a0c1e-6c1d-4d62-9a35-1f2f6d6f3a10"
SIGNER = "0f9a4f0e-2b7c-4f57-8d3b-7f6b1f0e9c21"
RENDERED = "dossier.pdf"


@dataclass(frozen=True)
class Golden:
    """dossier.xml a line for each element, the words of each page, the members of the container; and the PDF."""

    texts: dict[str, str]
    pdf: bytes


def golden(folder: Path) -> Golden:
    """Walk the path and seal its dossier, in a world that stands still; needs an empty database."""
    with world(folder) as clock:
        document, printed, contained = _sealed(clock)
    (folder / RENDERED).write_bytes(printed)
    texts = {"dossier.xml": indented(document), "container.txt": listing(contained)}
    return Golden(texts | {"dossier.txt": pages(folder / RENDERED)}, printed)


def _sealed(clock: Clock) -> tuple[bytes, bytes, bytes]:
    """dossier.xml, dossier.pdf and the container of a signed path with one wrong code."""
    start = clock.at - timedelta(minutes=14)
    walk = Walk(channel="sms", reference="EXS-2026-000417", signer=SIGNER, start=start)
    walk.create().open().look().agree().code().sign()
    clock.at = walk.at
    walk.deliver()
    clock.at = at = walk.at + timedelta(seconds=1)
    told = facts.collect(walk.trail, walk.signer, dossier_id=DOSSIER, at=at, software="Paraphe 0.1.0")
    told = facts.logged(told, checkpoints.make(timestamps.timestamper()))
    with translation.override(told.language):
        built = jobs.sealed(told, pki.seal(), pki.stamper(), crls=pki.crls(), at=timezone.now())
    whole = io.BytesIO()
    container.write(built.sealing_sha256, whole)
    return files.read(built.xml_sha256), files.read(built.pdf_sha256), whole.getvalue()


def indented(document: bytes) -> str:
    """The same elements, each on a line of its own, and attributes in canonical order."""
    root = etree.fromstring(etree.tostring(etree.fromstring(document), method="c14n"))
    etree.indent(root)
    return etree.tostring(root, encoding="unicode") + "\n"


def pages(document: Path) -> str:
    """The words of each page, where they stand on it."""
    command = ["pdftotext", "-layout", str(document), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True, timeout=60).stdout
    told = [re.sub(r"\n{3,}", "\n\n", page.strip("\n")) for page in said.split("\f")[:-1]]
    return "".join(f"===== page {n} =====\n{page}\n\n" for n, page in enumerate(told, start=1))


def listing(content: bytes) -> str:
    """Name, octets and SHA-256 of each member.

    Where dossier.pdf is behind it there is a dash: how fonts are cut and streams are packed is the affair of the
    libraries of a machine. Its seal is made anew over it, and so is the container's.
    """
    lines = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            sha256 = hashlib.sha256(archive.read(info)).hexdigest()
            follows = info.filename == RENDERED or info.filename.startswith("META-INF/")
            lines.append(f"{info.filename:32}" + (f"{'-':>7}  -" if follows else f"{info.file_size:7}  {sha256}"))
    return "\n".join(lines) + "\n"
