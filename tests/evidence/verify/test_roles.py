"""Objects that are one thing for a rule and another for a page: whatever they are used for has to be explained."""

from __future__ import annotations

import io
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import raw, signed

__all__ = ["quiet"]  # a fixture

_ODD = b" /Encoding << /Type /Encoding /Differences [48 /nine] >>"
_FONT = b"<< /Type /Font /Subtype /Type1 /BaseFont /Helvetica%s >>"
_LOOK = raw.stream(b"1 g 0 0 595 842 re f", b"/Type /XObject /Subtype /Form /BBox [0 0 595 842]")


def page(resources: bytes, *, parent: bytes = b"2 0 R") -> bytes:
    return b"<< /Type /Page /Parent %s /MediaBox [0 0 595 842] /Contents 4 0 R %s>>" % (parent, resources)


def made(changed: dict[int, bytes], trailer: bytes = b"/Info 9 0 R") -> bytes:
    return raw.write(raw.one_page() | changed, trailer=trailer)


def anew(objects: dict[int, bytes]) -> Callable[[bytes], bytes]:
    """The same trailer, with these objects."""

    def change(content: bytes) -> bytes:
        updated, info = raw.update(content, objects), re.findall(rb"/Info \d+ 0 R", content)
        place = updated.rindex(b"/Root")
        return updated[:place] + (info[-1] + b" " if info else b"") + updated[place:]

    return change


def newest(content: bytes, number: int) -> bytes:
    """The body of an object in the last revision that has it."""
    found: bytes = re.findall(rb"\n%d 0 obj\s(.*?)endobj" % number, content, re.DOTALL)[-1]
    return found.strip()


def refonted(name: bytes) -> Callable[[bytes], bytes]:
    """The newest catalog, whose entry of that name is another font."""

    def change(content: bytes) -> bytes:
        catalog = newest(content, 1)
        assert name in catalog
        return raw.update(content, {1: catalog.replace(b"/BaseFont /Helvetica", b"/BaseFont /Helvetica" + _ODD)})

    return change


def tree(font: bytes) -> bytes:
    return b"<< /Type /Pages /Kids [3 0 R] /Count 1 /Resources << /Font << /F1 %s >> >> >>" % font


def catalog_of_fonts(name: bytes) -> bytes:
    entries = name + b" " + _FONT % b""
    return made({1: raw.catalog(entries), 3: page(b"/Resources << /Font 1 0 R >> ")}, b"")


PACKED = raw.write_packed(
    {number: each for number, each in raw.one_page().items() if number != 5} | {9: b"<< /Predictor 1 >>"},
    {5: _FONT % b""},
    entries=b"/DecodeParms 9 0 R",
    trailer=b"/Info 9 0 R",
)


ATTACKS: dict[str, tuple[bytes, Callable[[bytes], bytes]]] = {
    "a font called /Parent that is /Info": (
        made({3: page(b"/Resources << /Font << /Parent 9 0 R >> >> "), 9: _FONT % b""}),
        anew({9: _FONT % _ODD}),
    ),
    "/Info above a page": (
        made({3: page(b"", parent=b"9 0 R"), 9: tree(_FONT % b"")}),
        anew({9: tree(_FONT % _ODD)}),
    ),
    "nothing called /Parent": (
        made({3: page(b"/Resources << /XObject << /Parent 500 0 R >> >> ")}, b""),
        anew({500: _LOOK}),
    ),
    "nothing that is drawn": (
        made({3: page(b"/Resources << /XObject << /X 500 0 R >> >> ")}, b""),
        anew({500: _LOOK}),
    ),
    "a catalog of fonts, /Extensions": (catalog_of_fonts(b"/Extensions"), refonted(b"/Extensions")),
    "a catalog of fonts, /MarkInfo": (catalog_of_fonts(b"/MarkInfo"), refonted(b"/MarkInfo")),
    "/Info with which a stream of objects is unpacked": (PACKED, anew({9: b"<< /Predictor 12 /Columns 5 >>"})),
    "/Info of another generation": (
        made({3: page(b"/Resources << /Font << /F1 9 1 R >> >> "), 9: _FONT % b""}),
        anew({9: _FONT % _ODD}),
    ),
}


@pytest.mark.parametrize("name", ATTACKS)
def test_what_a_page_is_drawn_with_is_not_written_anew_as_something_else(name: str, tmp_path: Path) -> None:
    document, change = ATTACKS[name]
    content = files.of(document).content
    assert examine(tmp_path, content).verdict is Verdict.VALID
    found = examine(tmp_path, change(content))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


DANGLING: dict[str, dict[str, Any]] = {
    "table of contents": {"catalog": raw.catalog(b"/Outlines 99 0 R /PageLabels 98 0 R")},
    "small picture": {"page": b"/Thumb 90 0 R"},
    "annotation": {"page": b"/Annots [99 0 R]"},
}


@pytest.mark.parametrize("name", DANGLING)
def test_what_is_not_there_is_null_and_no_change(name: str, tmp_path: Path) -> None:
    twice = signed.sign(signed.sign(raw.write(raw.one_page(**DANGLING[name]))), field="Second")
    found = examine(tmp_path, twice, roots=[])
    assert [each.changes for each in found.signatures] == ["signatures", "none"]


def test_a_page_that_is_not_there_is_none(tmp_path: Path) -> None:
    objects = raw.one_page() | {2: b"<< /Type /Pages /Kids [3 0 R 90 0 R] /Count 1 >>"}
    twice = signed.sign(signed.sign(raw.write(objects)), field="Second")
    assert [each.changes for each in examine(tmp_path, twice, roots=[]).signatures] == ["signatures", "none"]


def test_a_title_that_is_written_anew_in_its_place_is_told(tmp_path: Path) -> None:
    content = files.of(made({9: b"<< /Title (Contrat) >>"})).content
    found = examine(tmp_path, anew({9: b"<< /Title (Cession) >>"})(content))
    assert found.signatures[0].changes == "metadata"


def test_what_an_encrypted_page_is_drawn_with_is_found(tmp_path: Path) -> None:
    """References are never encrypted, and stand in dictionaries that are decrypted one by one."""
    document = made({3: page(b"/Resources << /Font << /F1 9 0 R >> >> "), 9: _FONT % b""})
    content = encrypted_and_signed(document)
    before = examine(tmp_path, content, roots=[])
    assert [(each.verdict, each.changes) for each in before.signatures] == [(Verdict.UNTRUSTED, "none")]
    trailer = content[content.rindex(b"trailer") :]
    numbers = {key: int(number) for key, number in re.findall(rb"/(Root|Info) (\d+) 0 R", trailer)}
    kept = b" ".join(re.findall(rb"/(?:Encrypt|Info) \d+ 0 R|/ID \[[^\]]*\]", trailer)) + b" "
    updated = raw.update(content, {numbers[b"Info"]: _FONT % _ODD}, root=numbers[b"Root"])
    place = updated.rindex(b"/Root")
    found = examine(tmp_path, updated[:place] + kept + updated[place:], roots=[])
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


def encrypted_and_signed(document: bytes) -> bytes:
    """Encrypted so that anybody opens it."""
    made_of = io.BytesIO()
    with pikepdf.open(io.BytesIO(document)) as pdf:
        pdf.save(made_of, encryption=pikepdf.Encryption(owner="owner", user=""))
    writer: Any = IncrementalPdfFileWriter(made_of)
    writer.encrypt("")
    return signed.sign_in(writer)
