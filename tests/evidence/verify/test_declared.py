"""What a later revision may put into the catalog of a signed file: version, extensions, marks."""

from __future__ import annotations

from pathlib import Path

import pytest

from evidence.verify.verdicts import Verdict
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.evidence.verify.test_roles import newest
from tests.pdfs import raw

__all__ = ["quiet"]  # a fixture

_ADOBE = b"/ADBE << /BaseVersion /1.7 /ExtensionLevel 8 >>"
_ISO = b"/ISO_ << /Type /DeveloperExtensions /BaseVersion /2.0 /ExtensionLevel 32002 /URL (https://iso.org) >>"
_ETSI = b"/ESIC [<< /BaseVersion /1.7 /ExtensionLevel 5 >> << /BaseVersion /1.7 /ExtensionLevel 2 >>]"

LEGAL = {
    "version": b"/Version /1.7",
    "newest version": b"/Version /2.0",
    "extensions": b"/Extensions << /Type /Extensions " + _ADOBE + _ISO + b">>",
    "several of one developer": b"/Extensions << " + _ETSI + b" >>",
    "marks": b"/MarkInfo << /Marked true /Suspects false /UserProperties false >>",
}
ILLEGAL = {
    "no version": b"/Version /9.9",
    "a version that is a dictionary": b"/Version << /X 3 0 R >>",
    "a font": b"/Extensions << /Type /Font /Subtype /Type1 /BaseFont /Helvetica >>",
    "an extension with more": b"/Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel 8 /Font 5 0 R >> >>",
    "an extension that is a page": b"/Extensions << /ADBE 3 0 R >>",
    "a level that is none": b"/Extensions << /ADBE << /BaseVersion /1.7 /ExtensionLevel (8) >> >>",
    "extensions that are a list": b"/Extensions [5 0 R]",
    "marks with more": b"/MarkInfo << /Marked true /Contents 4 0 R >>",
    "a mark that is a picture": b"/MarkInfo << /Marked 4 0 R >>",
}


def declaring(entries: bytes) -> bytes:
    """A signed file, and a revision whose catalog says that."""
    content = files.of(raw.write(raw.one_page())).content
    catalog = newest(content, 1)
    return raw.update(content, {1: catalog[: catalog.rindex(b">>")] + entries + b" >>"})


@pytest.mark.parametrize("name", LEGAL)
def test_what_the_standard_lists_is_metadata(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, declaring(LEGAL[name]))
    assert (found.verdict, found.signatures[0].changes) == (Verdict.VALID, "metadata")


@pytest.mark.parametrize("name", ILLEGAL)
def test_nothing_else_is_put_there(name: str, tmp_path: Path) -> None:
    found = examine(tmp_path, declaring(ILLEGAL[name]))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


@pytest.mark.parametrize("name", [name for name in ILLEGAL if b"3 0 R" not in ILLEGAL[name]])  # a page is signed on
def test_what_was_signed_stays_however_odd(name: str, tmp_path: Path) -> None:
    content = files.of(raw.write(raw.one_page(catalog=raw.catalog(ILLEGAL[name])))).content
    assert examine(tmp_path, content).verdict is Verdict.VALID
