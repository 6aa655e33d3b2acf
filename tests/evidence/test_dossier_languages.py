"""The dossier speaks the signer's language, wholly: what is printed, what readers announce, what seals say."""

import re
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from functools import cache
from io import BytesIO
from pathlib import Path
from typing import Any, Literal

import pikepdf
import pytest
from django.utils.translation import get_language, override
from lxml import etree

from config import messages
from evidence import events
from evidence.dossier import pdf, people, xml
from evidence.dossier.story import Story
from tests.evidence import rental, trails
from tests.evidence.test_conditions import told
from tests.evidence.test_pdf import elements, text_of, written
from tests.evidence.trails import Walk

pytestmark = pytest.mark.django_db
PLACEHOLDER = re.compile(r"%\(\w+\)s|\{\w+\}")
PARIS = timezone(timedelta(hours=1))
# Names in certificates, and of the signature field.
SANDBOX = ("Autorité de signature", "Unité d'horodatage", "Racine de signature", "“Cachet”")
WALKS = {
    "signed": trails.signed,
    "sms": lambda **given: trails.signed(channel="sms", **given),
    "none": lambda **given: trails.signed(channel="none", **given),
    "refused": lambda **given: trails.refused(reason="No.", **given),
    "expired": lambda **given: trails.closed("EXPIRED", **given),
    "locked": trails.locked,
}


def walk(kind: str, language: Literal["fr", "en"]) -> Walk:
    """A path in which nothing that people typed has words of either catalogue."""
    papers = (rental.contract(2, "Bail 7781"), rental.terms(1, "CGU 2026"))
    return WALKS[kind](language=language, papers=papers)


@cache
def sides() -> tuple[frozenset[str], frozenset[str]]:
    """What stands between the placeholders of the French texts and of the English ones, where only one has it."""
    catalogue = next(each for each in messages.CATALOGUES if each.app == "evidence").po.read_text()
    french, english = (
        {piece for said in re.findall(rf'^{keyword} "(.+)"$', catalogue, re.MULTILINE) for piece in pieces(said)}
        for keyword in (r"msgid(?:_plural)?", r"msgstr(?:\[\d\])?")
    )
    everything = [" ".join(sorted(each)).lower() for each in (french, english)]
    return (
        frozenset(piece for piece in french if piece.lower() not in everything[1]),
        frozenset(piece for piece in english if piece.lower() not in everything[0]),
    )


def pieces(text: str) -> list[str]:
    return [piece for each in PLACEHOLDER.split(text) if len(piece := each.strip(" .,:;()«»“”")) > 5]


def found(wanted: frozenset[str], text: str) -> set[str]:
    """Those of the pieces that are there as words; options of commands (`-fingerprint`) are of no language."""
    for name in SANDBOX:
        text = text.replace(name, "")
    return {piece for piece in wanted if re.search(rf"(?<![\w.-]){re.escape(piece)}(?!\w)", text)}


@pytest.mark.parametrize("kind", WALKS)
@pytest.mark.parametrize("language", ["fr", "en"])
def test_no_text_of_the_other_language_is_printed(kind: str, language: Literal["fr", "en"], tmp_path: Path) -> None:
    """Issue 3, part 6: the signer's language decides, for every sentence of every chapter."""
    text = text_of(pdf.render(written(walk(kind, language))), tmp_path)
    french, english = sides()

    assert len(french) > 300
    assert not found(french if language == "en" else english, text)
    assert len(found(english if language == "en" else french, text)) > 80


@pytest.mark.parametrize("kind", ["signed", "refused", "locked"])
def test_every_fact_of_an_english_page_one_is_in_the_xml(kind: str, tmp_path: Path) -> None:
    """evidence.md, Dossier 2: a test rebuilds every fact printed from the XML (here: read by lxml alone)."""
    document = written(walk(kind, "en"))
    page_one = text_of(pdf.render(document), tmp_path, last_page=1)
    root = etree.fromstring(document)
    space = {"d": "urn:paraphe:dossier:1.0"}
    summary: Any = root.find("d:Summary", space)
    ended = datetime.fromisoformat(summary.get("endedAt")).astimezone(PARIS)

    assert root.get("language") == "en"
    assert f"on {ended.day} {ended:%B %Y} at {ended:%H:%M:%S} (Paris)" in page_one
    assert f"Fingerprint {summary.get('digits')[:4]} {summary.get('digits')[4:]}" in page_one
    for each in root.findall("d:Documents/d:Document", space):
        assert f"{each.get('pages')} page" in page_one
        assert f"{int(each.get('bytes') or 0):,} bytes" in page_one
        assert str(each.get("sha256")) in page_one.replace(" ", "")
    for condition in root.findall("d:Summary/d:Condition", space):
        for run in re.findall(r"\d+", (condition.get("entries") or "").split(" ")[0]):
            assert re.search(rf"\b{run}\b", page_one)


def test_the_words_are_honest_in_english_too(tmp_path: Path) -> None:
    """DESIGN, Honest words: simple; displayed, not understood; no independent channel; a root of its own."""
    text = text_of(pdf.render(written(walk("signed", "en"))), tmp_path, last_page=1)

    assert "Simple electronic signature, within the meaning of Article 3(10) of Regulation (EU) No 910/2014" in text
    assert "That the pages were understood: they were displayed or declared read, nothing more." in text
    assert "the code went to the mailbox that had received the link" in text
    assert "That every reader trusts the certificate" in text
    assert "no identity document was checked" in text


@pytest.mark.parametrize(
    ("language", "title"),
    [("fr", "Dossier de preuve {} : Camille Martin"), ("en", "Evidence dossier {}: Camille Martin")],
)
def test_what_readers_announce_is_in_the_language(language: Literal["fr", "en"], title: str) -> None:
    """ISO 14289-1, 7.2: natural language of the document; title, subject and attachments in it."""
    of = walk("refused", language)

    with pikepdf.open(BytesIO(pdf.render(written(of)))) as read:
        described = {str(each.UF): str(each.Desc) for each in read.Root.AF}
        assert str(read.Root.Lang) == language
        assert str(read.docinfo.Title).replace("\u00a0", " ") == title.format(of.reference)
        assert ("refused to sign" in str(read.docinfo.Subject)) is (language == "en")
        assert ("Schema of dossier.xml" in described.values()) is (language == "en")
        assert not [each for each in elements(read.Root.StructTreeRoot) if str(each.get("/Lang", language)) != language]


def test_drawing_leaves_the_language_of_the_process_alone() -> None:
    document = written(walk("refused", "en"))
    with override("fr"):
        pdf.render(document)
        assert get_language() == "fr"


@pytest.mark.parametrize(
    ("envelope", "declared", "language"),
    [("fr", None, "fr"), ("en", None, "en"), ("fr", "en", "en"), ("en", "fr", "fr")],
)
def test_the_declared_language_comes_before_that_of_the_envelope(
    envelope: Literal["fr", "en"], declared: Literal["fr", "en"] | None, language: str
) -> None:
    of = told(trails.refused(language=envelope, declared_language=declared))

    assert (of.language, of.signer.language, of.transaction.language) == (language, declared, envelope)
    assert xml.read(xml.build(of)) == of


def test_an_envelope_in_another_language_has_a_french_dossier() -> None:
    """The entry of an envelope may name any language; two are spoken."""
    of = trails.refused()
    entries = tuple(
        replace(each, members=each.members | {"data": each.data | {"language": "de"}})
        if each.kind == events.EnvelopeCreated.kind
        else each
        for each in of.read()
    )

    assert people.language(Story(entries, of.signer)) == "fr"
