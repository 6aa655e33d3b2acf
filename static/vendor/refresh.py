"""Takes the files of pdf.js that the signer's page needs out of its npm package; run by people who develop.

    npm pack pdfjs-dist@VERSION    (then unpack it)
    python static/vendor/refresh.py PACKAGE_FOLDER

Taken: the legacy build (two years of phones), its viewer components, character maps, standard fonts, WebAssembly
decoders without the scripting engine, colour profiles, the signs of notes, licences. Left out: sandbox, image decoders, types, source maps.
Of the viewer's style sheet only the rules of the text layer, the annotation layer and the page's own variables stay,
without their pictures. `pdfjs.json` records version and SHA-256 of every file; a test compares.
"""

import hashlib
import json
import re
import shutil
import sys
from collections.abc import Iterator
from pathlib import Path

HERE = Path(__file__).parent
TARGET = HERE / "pdfjs"
RECORD = HERE / "pdfjs.json"
SINGLE = {
    "LICENSE": "LICENSE",
    "legacy/build/pdf.min.mjs": "pdf.min.mjs",
    "legacy/build/pdf.worker.min.mjs": "pdf.worker.min.mjs",
    "legacy/web/pdf_viewer.mjs": "pdf_viewer.mjs",
}
FOLDERS = ("cmaps", "standard_fonts", "wasm", "iccs")
LEFT_OUT = re.compile(r"quickjs", re.IGNORECASE)
LAYERS = re.compile(r"^(\.textLayer|\.annotationLayer|\.canvasWrapper)$")


def main(package: Path) -> None:
    """Replace the vendored set by that of `package` and write the record."""
    shutil.rmtree(TARGET, ignore_errors=True)
    TARGET.mkdir()
    for source, name in SINGLE.items():
        (TARGET / name).write_text(_without_map((package / source).read_text()))
    for folder in FOLDERS:
        (TARGET / folder).mkdir()
        for file in sorted((package / folder).iterdir()):
            if not LEFT_OUT.search(file.name):
                shutil.copyfile(file, TARGET / folder / file.name)
    (TARGET / "images").mkdir()
    for file in sorted((package / "legacy/web/images").glob("annotation-*.svg")):
        shutil.copyfile(file, TARGET / "images" / file.name)
    style = (package / "legacy/web/pdf_viewer.css").read_text()
    (TARGET / "layers.css").write_text("\n".join(layer_rules(style)) + "\n")
    version = json.loads((package / "package.json").read_text())["version"]
    RECORD.write_text(json.dumps({"package": "pdfjs-dist", "version": version, "files": digests()}, indent=1) + "\n")


def digests() -> dict[str, str]:
    """SHA-256 of every vendored file, by path below the folder."""
    files = sorted(path for path in TARGET.rglob("*") if path.is_file())
    return {path.relative_to(TARGET).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest() for path in files}


def layer_rules(style: str) -> Iterator[str]:
    """The first rule of each layer; later ones of the same name belong to the annotation editor."""
    seen: set[str] = set()
    for selector, body in _rules(re.sub(r"/\*.*?\*/", "", style, flags=re.DOTALL)):
        if LAYERS.match(selector) and selector not in seen:
            seen.add(selector)
            yield f"{selector} {_without_pictures(body)}"


def _rules(style: str) -> Iterator[tuple[str, str]]:
    """Top-level rules as selector and body with its braces."""
    depth, start, selector = 0, 0, ""
    for place, character in enumerate(style):
        if character == "{":
            if not depth:
                selector, start = " ".join(style[start:place].split()), place
            depth += 1
        elif character == "}":
            depth -= 1
            if not depth:
                yield selector, style[start : place + 1]
                start = place + 1


def _without_pictures(body: str) -> str:
    """Drop declarations that fetch or embed a picture: icons of notes and forms that this page does not offer."""
    return re.sub(r"[\w-]+\s*:[^;{}]*url\((?:[^()\"]|\"[^\"]*\")*\)[^;{}]*;", "", body)


def _without_map(text: str) -> str:
    """Drop the reference to a source map that is not vendored."""
    return re.sub(r"\n//# sourceMappingURL=\S+\s*$", "\n", text)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
