"""Packages to deposit, of small files."""

import uuid
from pathlib import Path

from evidence.archive.package import Item, Package


def a_package(folder: Path, *, identifier: str = "", section: str = "client-1", text: str = "un fichier") -> Package:
    """A package of two files in `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    first, second = folder / "dossier.pdf", folder / "signed.pdf"
    first.write_text(text)
    second.write_text(f"{text}, signé")
    items = (Item.of("dossier.pdf", "dossier_pdf", first), Item.of("signed/01.pdf", "signed", second))
    metadata = {"reference": "EXS-2026-000001", "client_code": "EXS", "keywords": ["bail"]}
    return Package(identifier or str(uuid.uuid4()), section, "dossier", metadata, items)
