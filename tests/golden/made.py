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

from evidence import checkpoints, files, jobs, rollups, timestamps
from evidence.dossier import facts
from evidence.dossier.container import container
from evidence.models import Dossier, RollUp
from tests.evidence import pki, turns
from tests.evidence.trails import Walk
from tests.golden.fixed import Clock, world

DOSSIER = "5b0a0c1e-6c1d-4d62-9a35-1f2f6d6f3a10"
SIGNER = "0f9a4f0e-2b7c-4f57-8d3b-7f6b1f0e9c21"
RENDERED, SHEET = "dossier.pdf", "attestation.pdf"


@dataclass(frozen=True)
class Golden:
    """dossier.xml a line for each element, the words of each page, the members of the container; and PDFs by name."""

    texts: dict[str, str]
    pdfs: dict[str, bytes]


def golden(folder: Path) -> Golden:
    """Walk the path and seal its dossier, in a world that stands still; needs an empty database."""
    with world(folder) as clock:
        document, printed, contained = _sealed(clock)
        rolled_up = _rolled_up(clock)
    with zipfile.ZipFile(io.BytesIO(contained)) as archive:
        sheet = archive.read(SHEET)
    texts = {"dossier.xml": indented(document), "container.txt": listing(contained)}
    for name, content in ((RENDERED, printed), (SHEET, sheet)):
        (folder / name).write_bytes(content)
        texts[Path(name).with_suffix(".txt").name] = pages(folder / name)
    return Golden(texts, {"page": printed, "attestation": sheet, "rollup": rolled_up})


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


def _rolled_up(clock: Clock) -> bytes:
    """The roll-up of an envelope of two signers, for its picture: what signed first is no certificate of ours."""
    last = turns.second()
    clock.at = last.at
    for walk in (last.after, last):
        assert walk is not None
        row = Dossier.objects.create(trail=walk.trail, subject=walk.signer, requested_at=last.at, due_at=last.at)
        jobs.seal_dossier(str(row.pk), owner="golden", clock=timezone.now)
    row_of_all = RollUp.objects.get()
    rollups.seal_one(str(row_of_all.pk), clock=timezone.now)
    return files.read(RollUp.objects.get().pdf_sha256)


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

    Where a PDF of ours is behind it there is a dash: how fonts are cut and streams are packed is the affair of the
    libraries of a machine. Its seal is made anew over it, and so is the container's.
    """
    lines = []
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        for info in archive.infolist():
            sha256 = hashlib.sha256(archive.read(info)).hexdigest()
            follows = info.filename in (RENDERED, SHEET) or info.filename.startswith("META-INF/")
            lines.append(f"{info.filename:32}" + (f"{'-':>7}  -" if follows else f"{info.file_size:7}  {sha256}"))
    return "\n".join(lines) + "\n"
