"""What the browser fetches: pdf.js as its package has it, and scripts of ours that stay small."""

import hashlib
import json
import re
from pathlib import Path

import brotli

STATIC = Path(__file__).resolve().parents[2] / "static"
PDFJS = STATIC / "vendor" / "pdfjs"
SCRIPTS_OCTETS = 25 * 1024


def record() -> dict[str, str]:
    digests: dict[str, str] = json.loads((PDFJS / "VENDORED.json").read_text())["files"]
    return digests


def test_every_vendored_file_is_the_one_of_the_record() -> None:
    """signer-page.md, pdf.js: version and digests are recorded."""
    there = {
        path.relative_to(PDFJS).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in PDFJS.rglob("*")
        if path.is_file() and path.name != "VENDORED.json"
    }

    assert there == record()


def test_the_record_names_the_version_that_the_files_are_of() -> None:
    """Library, worker and viewer refuse to work together where their versions differ."""
    version = json.loads((PDFJS / "VENDORED.json").read_text())["version"]

    assert version in (PDFJS / "layers.css").read_text()
    assert all(version in (PDFJS / f"{name}.mjs").read_text() for name in ("pdf.min", "pdf.worker.min", "pdf_viewer"))


def test_neither_scripting_nor_editor_is_vendored() -> None:
    """signer-page.md, pdf.js: no sandbox, image decoders, types, maps, quickjs; rules of text and annotations only."""
    unwanted = re.compile(r"quickjs|sandbox|image_decoders|\.map$|\.d\.m?ts$", re.IGNORECASE)
    style = (PDFJS / "layers.css").read_text()

    assert not [name for name in record() if unwanted.search(name)]
    assert "annotationEditorLayer" not in style
    assert "url(images/" not in style


def test_every_vendored_folder_brings_its_licence() -> None:
    """Apache-2.0, section 4: the licence goes with the files; fonts, decoders and profiles have their own."""
    names = set(record())

    assert "LICENSE" in names
    assert all(any(name.startswith(f"{folder}/LICENSE") for name in names) for folder in ("cmaps", "iccs", "wasm"))
    assert {"standard_fonts/LICENSE_FOXIT", "standard_fonts/LICENSE_LIBERATION"} <= names


def test_our_scripts_are_small() -> None:
    """A phone reads the page before it has pdf.js; all scripts of ours take at most 25 KB of brotli."""
    scripts = [path for path in sorted((STATIC / "js").rglob("*")) if path.suffix in (".js", ".mjs")]

    assert scripts
    assert sum(len(brotli.compress(path.read_bytes())) for path in scripts) <= SCRIPTS_OCTETS


def test_every_part_of_the_reader_is_named_by_the_page() -> None:
    """No part imports another: the page gives each one its address, as file names carry digests."""
    page = (STATIC.parent / "templates/signing/_reader/parts.html").read_text()
    parts = sorted((STATIC / "js" / "reader").glob("*.mjs"))

    assert all(f'{{% static \'js/reader/{path.name}\' %}}" data-part="{path.stem}"' in page for path in parts)
    assert not [path.name for path in parts if re.search(r"^import |\bfrom \"", path.read_text(), re.MULTILINE)]


def test_the_landing_page_fetches_ahead_all_that_the_documents_page_asks_for() -> None:
    """signer-page.md, Transfer: the cache is warmed from the page before, by what that one alone asks for."""
    templates = STATIC.parent / "templates" / "signing"
    asked = re.compile(r"{% static '([^']+)' %}")
    ahead = asked.findall((templates / "_reader" / "addresses.html").read_text())
    page = asked.findall(
        (templates / "documents.html").read_text() + (templates / "_reader" / "parts.html").read_text()
    )

    assert sorted(ahead) == sorted(name for name in page if name != "js/pictures.js")  # for browsers without modules


def test_what_is_read_first_goes_before_what_draws() -> None:
    """signer-page.md, budget: title, list and actions are visible before pdf.js, whose modules are most of the page."""
    page = (STATIC.parent / "templates/signing/_reader/parts.html").read_text()
    links = [line for line in page.splitlines() if "vendor/pdfjs" in line]

    assert len(links) == 3
    assert all('fetchpriority="low"' in link or 'rel="prefetch"' in link for link in links)
