"""Data are read in the ways that readers share, and in no other (ISO 32000-2, 7.4)."""

from __future__ import annotations

import base64
import shutil
import subprocess
import zlib
from pathlib import Path

import pytest

from evidence.sections import packing
from evidence.sections.appended import check_appended
from evidence.sections.syntax import NotCanonical
from tests.pdfs import ambiguous, packed, raw

DATA = bytes(range(256)) * 20 + b"a" * 3000
PACKED = {
    "FlateDecode": zlib.compress(DATA),
    "ASCIIHexDecode": DATA.hex(" ").encode() + b" >\n",
    "ASCII85Decode": base64.a85encode(DATA, wrapcol=60) + b"~>",
    "LZWDecode": packed.lzw(DATA),
}


@pytest.mark.parametrize("name", PACKED)
def test_what_is_packed_is_read_up_to_as_much_as_is_told(name: str) -> None:
    unpack = packing.PACKINGS[name.encode()]
    assert unpack(PACKED[name], len(DATA)) == DATA
    for raw_data, most in (
        (PACKED[name], len(DATA) - 1),
        (PACKED[name][: len(PACKED[name]) // 2], len(DATA)),
        (b"\xff" + PACKED[name][1:], len(DATA)),
        (b"", len(DATA)),
    ):
        with pytest.raises(ValueError, match=r"."):
            unpack(raw_data, most)


@pytest.mark.parametrize("name", ["ASCIIHexDecode", "ASCII85Decode", "LZWDecode"])
def test_nothing_stands_behind_the_end(name: str) -> None:
    with pytest.raises(ValueError, match=r"."):
        packing.PACKINGS[name.encode()](PACKED[name] + b"a", len(DATA))


@pytest.mark.parametrize("steps", packed.CHAINS)
def test_sections_that_are_packed_in_any_of_these_ways_are_read(steps: tuple[str, ...]) -> None:
    before = raw.write(raw.one_page())
    check_appended(packed.repacked(ambiguous.in_object_stream(before), steps), len(before))


@pytest.mark.parametrize("steps", packed.CHAINS)
def test_others_read_them_in_the_same_way(steps: tuple[str, ...], tmp_path: Path) -> None:
    """The control: what is taken for plain, qpdf and poppler take without a word, and show the new text."""
    before = raw.write(raw.one_page())
    file = tmp_path / "file.pdf"
    file.write_bytes(packed.repacked(ambiguous.by_stream(before, [(4, 1, len(before), 0)]), steps))
    for tool in ("qpdf", "pdftotext"):
        assert shutil.which(tool)
    checked = subprocess.run(["qpdf", "--check", file], capture_output=True, check=False)
    assert (checked.returncode, checked.stderr) == (0, b"")
    read = subprocess.run(["pdftotext", file, "-"], capture_output=True, check=True)
    assert (read.stdout.startswith(b"Fraude!"), read.stderr) == (True, b"")


def test_an_lzw_whose_codes_grow_late_is_told() -> None:
    before = raw.write(raw.one_page())
    after = packed.repacked(
        ambiguous.in_object_stream(before), ("LZWDecode",), more=b"/DecodeParms << /EarlyChange 0 >> "
    )
    with pytest.raises(NotCanonical):
        check_appended(after, len(before))


@pytest.mark.parametrize(
    "filters", [b"/Filter /Crypt ", b"/Filter [/FlateDecode null] ", b"/DecodeParms << /Predictor 12 >> "]
)
def test_other_filters_are_told(filters: bytes) -> None:
    before = raw.write(raw.one_page())
    with pytest.raises(NotCanonical):
        check_appended(packed.repacked(ambiguous.in_object_stream(before), (), more=filters), len(before))
