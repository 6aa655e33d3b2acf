"""One sealed dossier with its container, taken apart for tests that only read it."""

import hashlib
import json
import subprocess
import zipfile
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from lxml import etree

from evidence.dossier import pdf
from tests.evidence.trails import Walk
from tests.verification.containers import contained, verified

SPACE = {"d": "urn:paraphe:dossier:1.0"}


@dataclass
class Sealed:
    """A container as somebody gets it who has nothing else: its members, in a folder."""

    container: Path
    folder: Path
    root: Any = field(init=False)
    page_one: str = field(init=False)
    text: str = field(init=False)

    def __post_init__(self) -> None:
        with zipfile.ZipFile(self.container) as archive:
            archive.extractall(self.folder)
        self.root = etree.parse(self.folder / "dossier.xml").getroot()
        self.page_one = printed(self.folder / "dossier.pdf", last=1)
        self.text = printed(self.folder / "dossier.pdf")

    def one(self, path: str) -> str:
        """The text or attribute at one place of dossier.xml; there must be one."""
        (found,) = self.all(path)
        return found

    def all(self, path: str) -> list[str]:
        """The texts or attributes at a path of dossier.xml, in their order."""
        found = self.root.xpath(path, namespaces=SPACE)
        return [str(each) if isinstance(each, str) else str(each.text) for each in found]

    def journal(self) -> list[dict[str, Any]]:
        """The entries as the container holds them."""
        return [json.loads(line) for line in (self.folder / "journal.jsonl").read_text().splitlines()]

    def tied(self) -> dict[str, Any]:
        """What the binding is over, from what the container holds: commitments, files as presented, wordings."""
        (declared,) = [each for each in self.journal() if each["kind"] == "signer.declared"]
        papers = zip(self.all("//d:Document/@n"), self.all("//d:Document/@role"), strict=True)
        wordings = zip(self.all("//d:Statement/@id"), self.all("//d:Wording"), strict=True)
        return {
            "v": 1,
            "reference": self.one("d:Transaction/@reference"),
            "signer": {name: declared["commitments"][name] for name in ("first_name", "last_name", "email", "mobile")},
            "documents": [
                {"role": role, "sha256": sha256((self.folder / f"presente-{n}.pdf").read_bytes())} for n, role in papers
            ],
            "consents": [{"id": name, "sha256": sha256(text.encode())} for name, text in wordings],
        }

    def claims(self) -> dict[str, str]:
        """What the verifier inside says of each claim: checked, unchecked or false."""
        return {name: state for name, (state, _) in verified(self.container)[1].items()}


def printed(document: Path, *, last: int = 999) -> str:
    """The text of the PDF in one line, plain spaces."""
    command = ["pdftotext", "-raw", "-l", str(last), str(document), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(said.replace("\u00a0", " ").replace("\u202f", " ").split())


def close(walk: Walk, folder: Path) -> Sealed:
    """The dossier of a path that has ended, sealed and taken apart below `folder`."""
    container = folder / "dossier.asice"
    contained(walk, container)
    return Sealed(container, folder / "members")


def digest(members: object) -> str:
    """SHA-256 of canonical JSON (RFC 8785; members are text and small numbers), without the product's code."""
    said = json.dumps(members, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return sha256(said.encode())


def sha256(content: bytes) -> str:
    return hashlib.sha256(content).hexdigest()


def clock(instant: str) -> str:
    """The time of day as the dossier prints it."""
    return f"{datetime.fromisoformat(instant).astimezone(ZoneInfo(pdf.ZONE)):%H:%M:%S}"
