"""How large streams become: every filter is counted, and what cannot be counted is refused."""

from __future__ import annotations

import base64
import os
import types
import zlib
from collections.abc import Callable

import pikepdf
import pytest
from pikepdf import Array, Name

from signing.engine.inspection import compression
from signing.engine.inspection.causes import Objection
from signing.engine.inspection.compression import Budget, lzw_length
from signing.engine.refusals import Label

OWNER = pikepdf.new()
TEXT = b"Article 1. " * 100
RUNS = b"\x05Articl" + b"\x81 " + b"\x80 behind the end"


def stream(encoded: bytes, *filters: str) -> pikepdf.Stream:
    made = pikepdf.Stream(OWNER, encoded)
    made.Filter = Array([Name("/" + name) for name in filters])
    return made


def spent(encoded: bytes, *filters: str) -> int:
    """Decoded bytes that a stream costs, all layers together."""
    budget = Budget()
    budget.spend(stream(encoded, *filters), is_page_content=True)
    return budget.seen


def refusal(act: Callable[[], object]) -> Label:
    with pytest.raises(Objection) as objection:
        act()
    return objection.value.label


@pytest.mark.parametrize(
    ("encoded", "filters", "size"),
    [
        (zlib.compress(TEXT), ("FlateDecode",), len(TEXT)),
        (zlib.compress(TEXT), ("Fl",), len(TEXT)),
        (TEXT.hex().encode() + b">", ("ASCIIHexDecode",), len(TEXT)),
        (b"4 1\n4>", ("AHx",), 2),
        (b"414>", ("ASCIIHexDecode",), 2),
        (base64.a85encode(TEXT) + b"~>", ("ASCII85Decode",), len(TEXT)),
        (base64.a85encode(zlib.compress(TEXT)) + b"~>", ("A85", "Fl"), len(zlib.compress(TEXT)) + len(TEXT)),
        (RUNS, ("RunLengthDecode",), 6 + 128),
        (b"800B6050220C0C8501>", ("AHx", "LZW"), 9 + 10),
        (TEXT, (), 0),
        (b"", ("FlateDecode",), 0),
        (TEXT, ("Crypt",), len(TEXT)),
    ],
)
def test_every_layer_is_counted(encoded: bytes, filters: tuple[str, ...], size: int) -> None:
    """ISO 32000-2, 7.4."""
    assert spent(encoded, *filters) == size


def test_a_document_has_one_budget_for_all_its_streams() -> None:
    """reliability.md, Threats: decoded stream and ratio limits."""
    budget = Budget(document=2 * len(TEXT))
    packed = stream(zlib.compress(TEXT), "FlateDecode")
    budget.spend(packed)
    budget.spend(packed)
    assert refusal(lambda: budget.spend(packed)) is Label.BOMB


def test_lzw_has_a_budget_of_its_own() -> None:
    """Counting it costs a step per code."""
    budget = Budget(lzw=10)
    data = stream(bytes.fromhex("800B6050220C0C8501"), "LZWDecode")
    budget.spend(data)
    assert refusal(lambda: budget.spend(data)) is Label.BOMB


def test_lzw_that_grows_too_much_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    """The limits hold for LZW as for deflate."""
    monkeypatch.setattr(compression, "STREAM_BYTES", 9)
    assert refusal(lambda: spent(bytes.fromhex("800B6050220C0C8501"), "LZWDecode")) is Label.BOMB


def test_lzw_of_an_image_is_judged_by_the_size_it_declares() -> None:
    """A viewer decodes no more of it."""
    image = stream(b"\x80" * 100, "LZWDecode")
    image.Subtype, image.Width, image.Height = Name.Image, 10, 10
    budget = Budget(lzw=10)
    budget.spend(image)
    assert budget.seen == 0


@pytest.mark.parametrize(
    "filters", [("DCTDecode", "FlateDecode"), ("LZWDecode", "FlateDecode"), ("DCTDecode",), ("BrotliDecode",)]
)
def test_misplaced_and_unknown_filters_are_refused(filters: tuple[str, ...]) -> None:
    """expectations.tsv, 015 and 117."""
    assert refusal(lambda: spent(TEXT, *filters)) is Label.COMPRESSION


@pytest.mark.parametrize("encoded", [b"\x00" * 20, zlib.compress(TEXT)[:10] + b"\xff" * 20])
def test_a_page_whose_content_does_not_decode_is_damaged(encoded: bytes) -> None:
    """A page that is shown in part is not a page that was shown."""
    assert refusal(lambda: spent(encoded, "FlateDecode")) is Label.DAMAGED


def test_a_wrong_checksum_at_the_end_is_tolerated_and_damage_elsewhere_too() -> None:
    """Viewers show all of such a page; fonts and images that are damaged are their affair."""
    assert spent(zlib.compress(TEXT)[:-4] + b"\x00\x00\x00\x00", "FlateDecode") >= 0
    Budget().spend(stream(b"\x00" * 20, "FlateDecode"))


def test_lzw_codes_that_were_never_defined_are_an_error() -> None:
    """expectations.tsv, 106."""
    with pytest.raises(ValueError, match="never defined"):
        lzw_length(b"\x80\x7f\xff\xff")


def test_lzw_without_early_change_is_counted_the_other_way() -> None:
    """Table 8: EarlyChange 0 lets codes grow one later; 254 codes fill the nine bits either way."""
    codes = [256, *range(254)]
    bits = "".join(f"{code:09b}" for code in codes)
    packed = int(bits.ljust(-(-len(bits) // 8) * 8, "0"), 2).to_bytes(-(-len(bits) // 8), "big")
    made = stream(packed, "LZWDecode")
    made.DecodeParms = Array([pikepdf.Dictionary(EarlyChange=0)])
    budget = Budget()
    budget.spend(made, is_page_content=True)
    assert budget.seen == 254


def test_a_large_stream_is_handed_to_the_engine_little_more_than_once(monkeypatch: pytest.MonkeyPatch) -> None:
    """What it gives back is copied: of scans of 50 MB that would be gigabytes, and seconds."""
    handed: list[int] = []

    class Noted:
        def __init__(self, bits: int) -> None:
            self._engine = zlib.decompressobj(bits)

        def decompress(self, octets: bytes, most: int) -> bytes:
            handed.append(len(octets))
            return self._engine.decompress(octets, most)

        def __getattr__(self, name: str) -> object:
            return getattr(self._engine, name)

    encoded = zlib.compress(os.urandom(4_000_000))
    noted = types.SimpleNamespace(decompressobj=Noted, MAX_WBITS=zlib.MAX_WBITS, error=zlib.error)
    monkeypatch.setattr(compression, "zlib", noted)
    assert spent(encoded, "FlateDecode") == 4_000_000
    assert sum(handed) < 1.5 * len(encoded)


@pytest.mark.parametrize("size", [1, 2, 3, 70_000])
def test_deflate_may_come_in_pieces(size: int) -> None:
    """Its header, too: what one filter makes is what the next one takes."""
    content = os.urandom(200_000)
    encoded = zlib.compress(content)
    pieces = [encoded[at : at + size] for at in range(0, len(encoded), size)]
    assert b"".join(compression._inflate(pieces)) == content
