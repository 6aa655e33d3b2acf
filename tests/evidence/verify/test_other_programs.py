"""What other programs write besides when they sign after somebody is no alteration; what only looks like it is.

Each way was seen in files of the program that is named, which its own house and other readers call intact.
"""

from __future__ import annotations

import re
from pathlib import Path

import pytest
from pyhanko.pdf_utils.generic import pdf_name

from evidence.verify import intents
from evidence.verify.verdicts import FileReport, Verdict
from tests.engine.test_intake import look_at
from tests.evidence.verify import files
from tests.evidence.verify.test_report import codes, examine, quiet
from tests.pdfs import forged, others, raw, signed, sound

__all__ = ["quiet"]  # a fixture

INTENTS: dict[str, others.Besides] = {
    "other colours": others.intent(others.red_and_blue_exchanged()),
    "no profile": others.intent(b"no profile"),
    "of a printer": others.intent(others.srgb(), S=pdf_name("/GTS_PDFX")),
    "that has an action": others.intent(others.srgb(), A=pdf_name("/A")),
}


def first() -> bytes:
    return signed.sign(raw.write(raw.one_page()))


def is_intact(found: FileReport) -> bool:
    return {each.integrity for each in found.signatures} == {"intact"} and found.verdict is Verdict.UNTRUSTED


def test_a_field_with_resources_of_its_own_is_a_signature(tmp_path: Path) -> None:
    """IText 5, OpenPDF and JSignPdf."""
    found = examine(tmp_path, others.sign_again(first(), others.resources_of_the_field))
    assert (is_intact(found), codes(found)) == (True, ["issuer_unknown"])


def test_an_output_intent_of_srgb_is_no_alteration(tmp_path: Path) -> None:
    """EU DSS, with each signature that is seen."""
    found = examine(tmp_path, others.sign_again(first(), others.intent(others.srgb())))
    assert (is_intact(found), codes(found)) == (True, ["issuer_unknown"])


@pytest.mark.parametrize("name", INTENTS)
def test_another_output_intent_is_one(name: str, tmp_path: Path) -> None:
    """A reader may draw what was signed by it."""
    found = examine(tmp_path, others.sign_again(first(), INTENTS[name]))
    assert (found.verdict, codes(found)[0], found.signatures[0].changes) == (Verdict.CHANGED, "modified", "other")


def test_an_output_intent_that_was_signed_stays(tmp_path: Path) -> None:
    """Also where the later one is of sRGB."""
    one = others.sign_again(raw.write(raw.one_page()), others.intent(others.srgb()), name="First")
    found = examine(tmp_path, others.sign_again(one, others.intent(others.srgb())))
    assert (found.verdict, codes(found), found.signatures[0].changes) == (Verdict.CHANGED, ["modified"], "other")


def test_an_output_intent_that_was_signed_may_be_any(tmp_path: Path) -> None:
    """It is as it was, and nobody asks what it is."""
    found = examine(tmp_path, signed.sign(signed.sign(sound.archival()), field="Second"))
    assert (is_intact(found), codes(found)) == (True, ["issuer_unknown"])


def test_a_profile_that_is_none_is_not_of_srgb() -> None:
    assert intents.is_srgb(others.srgb())
    for other in (b"", b"x" * 400, others.srgb()[:300], others.red_and_blue_exchanged()):
        assert not intents.is_srgb(other)


def test_an_object_whose_first_generation_is_not_the_zeroth_is_no_alteration(tmp_path: Path) -> None:
    """Poppler (Okular, Papers): in what is signed, and in what a later signature appends."""
    found = examine(tmp_path, signed.sign(others.lone_generation(raw.write(raw.one_page()))))
    assert (is_intact(found), codes(found)) == (True, ["issuer_unknown"])
    found = examine(tmp_path, signed.sign(others.lone_generation(first()), field="Second"))
    assert (is_intact(found), codes(found)) == (True, ["issuer_unknown"])


def test_such_an_object_that_what_was_signed_refers_to_is_an_alteration(tmp_path: Path) -> None:
    """Some readers ask for no generation: they would show it on the page."""
    contents = raw.PAGE_ENTRIES.replace(b"/Contents 4 0 R", b"/Contents [4 0 R 90 0 R]")
    before = files.of(raw.write({**raw.one_page(), 3: b"<< " + contents + b" >>"})).content
    assert examine(tmp_path, before).verdict is Verdict.VALID
    assert examine(tmp_path, others.lone_generation(before)).verdict is Verdict.CHANGED


def test_such_an_object_in_the_place_of_one_that_was_there_is_an_alteration(tmp_path: Path) -> None:
    before = signed.sign(raw.write(raw.one_page(more={90: b"(b)"})))
    assert examine(tmp_path, others.lone_generation(before)).verdict is Verdict.CHANGED


def test_an_object_with_the_number_of_a_stream_that_nothing_lists_is_no_alteration(tmp_path: Path) -> None:
    """PDFBox, signing a file with streams of cross-references for the second time."""
    one = others.sign_reusing(others.unlisted_section(raw.one_page()), name="First")
    two = others.sign_reusing(one, name="Second")
    found = examine(tmp_path, others.sign_reusing(two, name="Third"))
    assert (is_intact(found), set(codes(found))) == (True, {"issuer_unknown"})
    assert len(found.signatures) == 3
    assert look_at(two, tmp_path)["checks"] == ("strict", "signatures:2")


def test_such_an_object_to_which_something_referred_before_is_one(tmp_path: Path) -> None:
    """A reader that builds its tables anew finds the stream there, or what came in its place."""
    one = others.sign_reusing(others.unlisted_section(raw.one_page(page=b"/Other 99 0 R")), name="First")
    number = int(re.findall(rb"(\d+) 0 obj\s*<<[^>]*/XRef", one)[-1])
    one = others.sign_reusing(others.unlisted_section(raw.one_page(page=b"/Other %d 0 R" % number)), name="First")
    found = examine(tmp_path, others.sign_reusing(one, name="Second"))
    assert (found.verdict, found.signatures[0].changes) == (Verdict.CHANGED, "other")


def test_a_signature_that_stands_in_its_field_is_read(tmp_path: Path) -> None:
    """Fpdf2; others sign after it, and PDFBox writes its field anew as it was."""
    before = forged.built(in_place=True)
    found = examine(tmp_path, before)
    assert (is_intact(found), codes(found), found.signatures[0].changes) == (True, ["issuer_unknown"], "none")
    assert look_at(before, tmp_path)["checks"] == ("strict", "signatures:1")
    field = re.findall(rb"6 0 obj\n(.*?)\nendobj", before, re.DOTALL)[0]
    for document in (before, raw.update(before, {6: field})):
        found = examine(tmp_path, signed.sign(document, field="Second"))
        assert (is_intact(found), set(codes(found))) == (True, {"issuer_unknown"})
    assert examine(tmp_path, before.replace(b"Contrat de", b"Cession de", 1)).verdict is Verdict.INVALID


@pytest.mark.parametrize("change", [{4: raw.stream(b"")}, {6: b"<< /FT /Sig /T (Signature) >>"}])
def test_what_follows_it_is_compared_as_ever(change: dict[int, bytes], tmp_path: Path) -> None:
    found = examine(tmp_path, raw.update(forged.built(in_place=True), change))
    assert found.verdict is Verdict.CHANGED


def test_white_space_before_a_table_is_no_alteration(tmp_path: Path) -> None:
    """@signpdf: readers skip it."""
    found = examine(tmp_path, others.blank_before_table(first()))
    assert (is_intact(found), codes(found)) == (True, ["issuer_unknown"])


def test_a_message_that_tells_no_lengths_is_read(tmp_path: Path) -> None:
    """NSS, by which poppler signs."""
    form = (b"/adbe.pkcs7.detached", b"", lambda covered: others.without_lengths(forged.detached(covered)))
    found = examine(tmp_path, forged.built(form=form, first_free=b"0000000000 65536 f "))
    assert (is_intact(found), codes(found)) == (True, ["unusual"])
    foreign = (form[0], form[1], lambda covered: form[2](covered) + b"foreign")
    assert examine(tmp_path, forged.built(form=foreign, first_free=b"0000000000 65536 f ")).verdict is Verdict.CHANGED
