"""Pages of the golden dossier and its sheets as pictures, for docs/dossier.md: how they look is for people to judge."""

import io
import re
import shutil
import subprocess
import tempfile
from collections.abc import Mapping
from pathlib import Path

from PIL import Image

ROOT = Path(__file__).resolve().parents[2]
FOLDER = ROOT / "docs" / "dossier"
PAGE = ROOT / "docs" / "dossier.md"
DOTS_PER_INCH = 90
SIZE = (745, 1053)
"""A4 at that resolution."""


def drawn(begin: str, document: bytes) -> list[tuple[str, Image.Image]]:
    """Name (`begin`, and the number of the page) and picture of each page."""
    with tempfile.TemporaryDirectory() as folder:
        source = Path(folder) / "dossier.pdf"
        source.write_bytes(document)
        command = ["pdftoppm", "-r", str(DOTS_PER_INCH), "-gray", "-png", str(source), str(Path(folder) / "page")]
        subprocess.run(command, check=True, capture_output=True, timeout=60)
        found = sorted(Path(folder).glob("page-*.png"))
        return [
            (f"{begin}-{n}.webp", Image.open(io.BytesIO(each.read_bytes()))) for n, each in enumerate(found, start=1)
        ]


def keep(documents: Mapping[str, bytes]) -> None:
    """Put the pictures where docs/dossier.md shows them, in place of those that were there."""
    shutil.rmtree(FOLDER, ignore_errors=True)
    FOLDER.mkdir()
    for begin, document in documents.items():
        for name, picture in drawn(begin, document):
            picture.save(FOLDER / name, quality=70, method=6)


def kept() -> list[str]:
    return sorted(each.name for each in FOLDER.iterdir())


def shown() -> list[str]:
    return re.findall(r"\]\(dossier/([a-z]+-\d+\.webp)\)", PAGE.read_text())


def sizes() -> set[tuple[int, int]]:
    """Width and height of the pictures, each read whole."""
    found = set()
    for each in FOLDER.iterdir():
        with Image.open(each) as picture:
            picture.load()
            found.add(picture.size)
    return found
