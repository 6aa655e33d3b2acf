"""What follows the first signed revision is read in one way by all readers, or is a change."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from pyhanko.pdf_utils import generic
from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter
from pyhanko.sign import signers

from evidence.verify.verdicts import Verdict
from tests.evidence.sections.test_appended import SAVED
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import active, ambiguous, broken, packed, raw, signed

__all__ = ["quiet"]  # a fixture
ALL = ambiguous.SECTIONS | ambiguous.BODIES


@pytest.mark.parametrize("name", ALL)
def test_a_revision_that_readers_read_differently_is_a_change(name: str, tmp_path: Path) -> None:
    before = files.of(raw.write(raw.one_page())).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
    found = examine(tmp_path, ALL[name](before))
    assert found.verdict is Verdict.CHANGED
    assert codes(found)[0] in {"ambiguous", "structure", "signature_removed", "modified"}


@pytest.mark.parametrize("name", ALL)
def test_it_is_told_of_others_signatures_too(name: str, tmp_path: Path) -> None:
    """Without any root, and where somebody signed what is ambiguous: the first signature does not cover it."""
    ambiguous_one = ALL[name](signed.sign(raw.write(raw.one_page())))
    assert examine(tmp_path, ambiguous_one, roots=[]).verdict is Verdict.CHANGED


def test_a_hybrid_file_that_was_signed_as_such_is_not_called_altered(tmp_path: Path) -> None:
    """As old versions of Word write them; once, and twice."""
    one = _sign_hybrid(broken.hybrid(), "Signature")
    for content in (one, _sign_hybrid(one, "Second")):
        found = examine(tmp_path, content, roots=[])
        assert (found.verdict, set(codes(found))) == (Verdict.UNTRUSTED, {"issuer_unknown"})


def test_a_hybrid_revision_after_a_signature_is_judged_by_what_it_says(tmp_path: Path) -> None:
    """One that changes nothing is no change; one with the text of the page is."""
    before = files.of(raw.write(raw.one_page())).content
    found = examine(tmp_path, ambiguous.hybrid(before))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
    found = examine(tmp_path, ambiguous.hybrid(before, body=ambiguous.CHANGED_TEXT))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


def test_an_encrypted_file_that_anybody_opens_is_read_in_the_same_way(tmp_path: Path) -> None:
    """Streams of objects are encrypted in it; with a stream of objects and without one."""
    opened: Any = IncrementalPdfFileWriter(io.BytesIO(active.encrypted(packed=True)))
    opened.encrypt("")
    before = _signed_in(opened)
    for in_stream in (False, True):
        writer: Any = IncrementalPdfFileWriter(io.BytesIO(before))
        writer.encrypt("")
        writer.add_object(generic.pdf_string("b"))
        writer.add_object(generic.pdf_string("a"), obj_stream=writer.prepare_object_stream() if in_stream else None)
        written = io.BytesIO()
        writer.write(written)
        assert len(written.getvalue()) > len(before)
        found = examine(tmp_path, written.getvalue(), roots=[])
        assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])


def _signed_in(writer: IncrementalPdfFileWriter) -> bytes:
    metadata = signers.PdfSignatureMetadata(field_name="Signature", name="Somebody")
    return bytes(signers.PdfSigner(metadata, signer=signed.signer()).sign_pdf(writer).getbuffer())


def _sign_hybrid(document: bytes, field: str) -> bytes:
    writer = IncrementalPdfFileWriter(io.BytesIO(document), strict=False)
    metadata = signers.PdfSignatureMetadata(field_name=field, name="Somebody")
    return bytes(signers.PdfSigner(metadata, signer=signed.signer()).sign_pdf(writer).getbuffer())


@pytest.mark.parametrize("name", sorted(SAVED.keys() - {"another freed object"}))
def test_a_revision_of_another_program_that_changes_nothing_is_no_change(name: str, tmp_path: Path) -> None:
    """Objects that nothing leads to, lists of what is where it was: the control of the tests above."""
    before = signed.sign(raw.write(raw.one_page()))
    found = examine(tmp_path, SAVED[name](before), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    assert found.signatures[0].changes == "saved"


def test_evidence_is_told_apart_from_a_revision_that_only_saves(tmp_path: Path) -> None:
    """Behind an own signature stands its time stamp; behind that, a revision of another program."""
    found = examine(tmp_path, SAVED["a table without entries"](files.of(raw.write(raw.one_page())).content))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
    assert [each.changes for each in found.signatures] == ["long_term", "saved"]


@pytest.mark.parametrize("steps", packed.CHAINS)
def test_a_section_is_read_however_it_is_packed(steps: tuple[str, ...], tmp_path: Path) -> None:
    """One that changes nothing is no change; one with the text of the page is."""
    before = files.of(raw.write(raw.one_page())).content
    found = examine(tmp_path, packed.repacked(ambiguous.by_stream(before, [], body=b""), steps))
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])
    found = examine(tmp_path, packed.repacked(ambiguous.by_stream(before, [(4, 1, len(before), 0)]), steps))
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["modified"])


@pytest.mark.parametrize("kind", range(5))
def test_rows_of_every_kind_are_read(kind: int, tmp_path: Path) -> None:
    """Pictures' rows (7.4.4.4), each told by the one above, the one before, or both."""
    before = files.of(raw.write(raw.one_page())).content
    after = packed.in_rows(ambiguous.by_stream(before, [], body=b""), kind, columns=7)
    found = examine(tmp_path, after)
    assert (found.verdict, codes(found)) == (Verdict.VALID, [])


_LEADING_ELSEWHERE = {"out of the file": 999_999, "into its header": 3, "into another object": 20}
_LEADING_NOWHERE = {"offset 0, as some programs call an object free": 0, "white space before it": -1}


def _base(place: int) -> bytes:
    """Signed by somebody, with an entry for object 6, which nothing uses. `place`: where to; 0 and less: as it is."""
    before = raw.write(raw.one_page(more={6: b"null"}))
    there = before.index(b"6 0 obj")
    entry = b"%010d 00000 n \ntrailer"
    return signed.sign(before.replace(entry % there, entry % (place if place >= 0 else there - 1)))


@pytest.mark.parametrize("place", _LEADING_ELSEWHERE.values(), ids=_LEADING_ELSEWHERE)
def test_what_follows_a_signed_table_that_leads_elsewhere_is_read_in_different_ways(place: int, tmp_path: Path) -> None:
    """A reader that finds no object looks for all by itself; alone such a file is what was signed."""
    before = _base(place)
    found = examine(tmp_path, before, roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
    found = examine(tmp_path, SAVED["a table"](before), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.CHANGED, ["ambiguous", "modified"])


@pytest.mark.parametrize("place", _LEADING_NOWHERE.values(), ids=_LEADING_NOWHERE)
def test_what_follows_a_signed_table_that_readers_follow_is_no_change(place: int, tmp_path: Path) -> None:
    found = examine(tmp_path, SAVED["a table"](_base(place)), roots=[])
    assert (found.verdict, codes(found)) == (Verdict.UNTRUSTED, ["issuer_unknown"])
