"""Vendors pdf.js anew: what the signer's page needs of the npm package `pdfjs-dist`, and a record of it.

    python static/vendor/refresh.py VERSION

npm fetches the package from wherever this machine's npm is set to look. Taken, unchanged: the legacy build (phones two
years old), the viewer's components, character maps, standard fonts, decoders in WebAssembly with their fallbacks, the
colour profile, the icons of notes, every licence. Not taken: the scripting sandbox and its engine, image decoders, types, source maps.
Of the viewer's style sheet only the rules of pages, text layer and annotation layer are kept. `pdfjs/VENDORED.json` holds the version and the SHA-256 of each file; a test compares.
"""

import hashlib
import json
import re
import shutil
import subprocess
import sys
import tarfile
import tempfile
from collections.abc import Iterator
from pathlib import Path

PACKAGE = "pdfjs-dist"
TARGET = Path(__file__).parent / "pdfjs"
RECORD = "VENDORED.json"
FILES = (
    "LICENSE",
    "legacy/build/pdf.min.mjs",
    "legacy/build/pdf.worker.min.mjs",
    "legacy/web/pdf_viewer.mjs",
)
ICONS = "images"
FOLDERS = ("cmaps", "standard_fonts", "wasm", "iccs")
LEFT_OUT = re.compile("quickjs", re.IGNORECASE)
STYLE, STYLE_KEPT = "legacy/web/pdf_viewer.css", "layers.css"
RULES = re.compile(r"\.pdfViewer( \.page)?|\.textLayer|\.annotationLayer|\[data-main-rotation=\"\d+\"\]")


def main(version: str) -> None:
    """Replace the vendored set by that of `version` and write the record."""
    with tempfile.TemporaryDirectory() as folder:
        package = unpack(version, Path(folder))
        shutil.rmtree(TARGET, ignore_errors=True)
        TARGET.mkdir()
        for name in FILES:
            shutil.copyfile(package / name, TARGET / Path(name).name)
        for name in FOLDERS:
            (TARGET / name).mkdir()
            for file in sorted((package / name).iterdir()):
                if not LEFT_OUT.search(file.name):
                    shutil.copyfile(file, TARGET / name / file.name)
        (TARGET / ICONS).mkdir()
        for file in sorted((package / "legacy/web/images").glob("annotation-*.svg")):
            shutil.copyfile(file, TARGET / ICONS / file.name)
        kept = "\n\n".join(layer_rules((package / STYLE).read_text()))
        (TARGET / STYLE_KEPT).write_text(f"/* Rules of {PACKAGE} {version}, {STYLE}; Apache-2.0. */\n\n{kept}\n")
    record = {"package": PACKAGE, "version": version, "files": digests()}
    (TARGET / RECORD).write_text(json.dumps(record, indent=1) + "\n")


def unpack(version: str, folder: Path) -> Path:
    """Have npm fetch the package into `folder`; gives the root of its files."""
    command = ["npm", "pack", "--silent", f"{PACKAGE}@{version}"]
    subprocess.run(command, cwd=folder, check=True, stdout=subprocess.DEVNULL)
    with tarfile.open(next(folder.glob("*.tgz"))) as archive:
        archive.extractall(folder, filter="data")
    return folder / "package"


def layer_rules(style: str) -> Iterator[str]:
    """The rules of a page's layers. Later ones of the same name belong to the annotation editor, which is off."""
    seen: set[str] = set()
    for selector, rule in rules(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)):
        if RULES.fullmatch(selector) and selector not in seen:
            seen.add(selector)
            yield rule


def rules(style: str) -> Iterator[tuple[str, str]]:
    """Each outermost rule of a style sheet without comments: its selector, and the whole of it."""
    depth, start, opened = 0, 0, 0
    for place, character in enumerate(style):
        if character == "{":
            depth += 1
            opened = place if depth == 1 else opened
        elif character == "}":
            depth -= 1
            if depth == 0:
                yield " ".join(style[start:opened].split()), style[start : place + 1].strip()
                start = place + 1


def digests() -> dict[str, str]:
    """SHA-256 of each vendored file, by its path below the folder."""
    files = sorted(path for path in TARGET.rglob("*") if path.is_file() and path.name != RECORD)
    return {path.relative_to(TARGET).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


if __name__ == "__main__":
    main(sys.argv[1])
