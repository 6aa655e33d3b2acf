"""Metadata after a signature: what was signed stays what it is, what is new has to be XMP."""

import logging
from collections.abc import Iterator
from datetime import timedelta
from pathlib import Path

import pytest
from pyhanko.sign.diff_analysis import (
    DEFAULT_DIFF_POLICY,
    CatalogModificationRule,
    DSSCompareRule,
    MetadataUpdateRule,
)

from evidence.verify import kept_metadata, report
from evidence.verify.declared import DeclaredCatalog
from evidence.verify.freed import FreeStaysFree
from evidence.verify.kept_store import KeptStore
from evidence.verify.verdicts import FileReport
from tests.engine.authority import AT, pki, sign
from tests.pdfs import raw

OLD = b"<?xpacket?><x:xapmeta xmlns:x='adobe:ns:meta/'/>"
METADATA = {
    "of Acrobat 5": OLD,
    "RDF alone": b"<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#'/>",
    "no XML": b"<x:xmpmeta <rdf>",
}


@pytest.fixture(autouse=True)
def quiet() -> Iterator[None]:
    """pyHanko logs what it finds suspicious."""
    logging.disable(logging.CRITICAL)
    yield
    logging.disable(logging.NOTSET)


def signed(folder: Path, packet: bytes) -> bytes:
    source, target = folder / "source.pdf", folder / "signed.pdf"
    described = raw.stream(packet, b"/Type /Metadata /Subtype /XML")
    source.write_bytes(raw.write(raw.one_page(catalog=raw.catalog(b"/Metadata 6 0 R"), more={6: described})))
    sign(source, target)
    return target.read_bytes()


def examine(folder: Path, content: bytes) -> FileReport:
    path = folder / "file.pdf"
    path.write_bytes(content)
    return report.examine(path, roots=[pki().root.certificate], at=AT + timedelta(hours=1))


@pytest.mark.parametrize("kind", METADATA)
def test_metadata_that_were_signed_are_no_change(kind: str, tmp_path: Path) -> None:
    """Issue 5, Verification: known sound files are not called altered, whatever their metadata look like."""
    found = examine(tmp_path, signed(tmp_path, METADATA[kind]))
    assert (found.verdict, found.reasons) == ("valid", ())


def test_metadata_that_are_replaced_after_signing_have_to_be_xmp(tmp_path: Path) -> None:
    content = signed(tmp_path, b"<x:xmpmeta xmlns:x='adobe:ns:meta/'/>")
    assert examine(tmp_path, content).verdict == "valid"
    replaced = raw.update(content, {6: raw.stream(OLD, b"/Type /Metadata /Subtype /XML")})
    assert examine(tmp_path, replaced).verdict == "changed"


def test_every_other_rule_is_pyhankos() -> None:
    """Its list is private to no one, but may move: three rules were replaced, one stands for a setting."""
    *others, catalog, metadata, store, free = [getattr(rule, "rule", rule) for rule in kept_metadata.RULES]
    assert isinstance(catalog, DeclaredCatalog)
    assert isinstance(metadata, kept_metadata.KeptMetadata)
    assert isinstance(store, KeptStore)
    assert isinstance(free, FreeStaysFree)
    theirs = [getattr(rule, "rule", rule) for rule in DEFAULT_DIFF_POLICY.global_rules]
    replaced = MetadataUpdateRule | DSSCompareRule | CatalogModificationRule
    assert others == [rule for rule in theirs if not isinstance(rule, replaced)]
    assert len(theirs) == len(others) + 3


def packet(**properties: str) -> bytes:
    inside = "".join(
        f"<{name.replace('_', ':')}>{value}</{name.replace('_', ':')}>" for name, value in properties.items()
    )
    spaces = {"rdf": "http://www.w3.org/1999/02/22-rdf-syntax-ns#", "dc": "http://purl.org/dc/elements/1.1/"}
    spaces |= {"xmp": "http://ns.adobe.com/xap/1.0/", "pdf": "http://ns.adobe.com/pdf/1.3/"}
    named = " ".join(f"xmlns:{name}='{space}'" for name, space in spaces.items())
    return (
        f"<x:xmpmeta xmlns:x='adobe:ns:meta/'><rdf:RDF {named}>"
        f"<rdf:Description rdf:about=''>{inside}</rdf:Description></rdf:RDF></x:xmpmeta>"
    ).encode()


REPLACED = {
    "the date and the program": (
        {"dc_source": "Bail", "xmp_ModifyDate": "2026-01-02", "pdf_Producer": "B"},
        "long_term",
    ),
    "the title": ({"dc_source": "Cession", "xmp_ModifyDate": "2026-01-01", "pdf_Producer": "A"}, "metadata"),
    "nothing is left": ({}, "metadata"),
}


@pytest.mark.parametrize("name", REPLACED)
def test_a_packet_is_another_where_it_says_something_else(name: str, tmp_path: Path) -> None:
    """Every program writes its name and the time when it adds a revision, a second signature for one."""
    after, told = REPLACED[name]
    content = signed(tmp_path, packet(dc_source="Bail", xmp_ModifyDate="2026-01-01", pdf_Producer="A"))
    replaced = raw.update(content, {6: raw.stream(packet(**after), b"/Type /Metadata /Subtype /XML")})
    assert [each.changes for each in examine(tmp_path, replaced).signatures][:1] == [told]
