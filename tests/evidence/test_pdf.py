"""dossier.pdf: what the sealed XML says, as PDF/A-3a and PDF/UA-1, in fonts of its own."""

import hashlib
import re
import subprocess
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from io import BytesIO
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pikepdf
import pytest
from django.utils import timezone
from lxml import etree

from evidence import events
from evidence.dossier import facts, french, glyphs, pdf, sentences, xml
from tests.evidence import rental, trails
from tests.evidence.trails import Walk

AT = datetime(2026, 11, 23, 21, 0, tzinfo=UTC)


def written(walk: Walk) -> bytes:
    """dossier.xml, unsealed: the renderer reads it the same way."""
    told = facts.collect(
        walk.trail, walk.signer, dossier_id="11111111-2222", at=timezone.now(), software="Paraphe 0.1.0"
    )
    return xml.build(told)


def text_of(document: bytes, folder: Path, *, last_page: int = 999) -> str:
    """The text of the PDF as pdftotext reads it, in one line, plain spaces."""
    path = folder / "dossier.pdf"
    path.write_bytes(document)
    command = ["pdftotext", "-raw", "-l", str(last_page), str(path), "-"]
    said = subprocess.run(command, capture_output=True, text=True, check=True).stdout
    return " ".join(said.replace("\u00a0", " ").split())


def elements(node: Any) -> Iterator[pikepdf.Dictionary]:
    """Every structure element of a tagged PDF."""
    children = node.get("/K", [])
    for child in children if isinstance(children, pikepdf.Array) else [children]:
        if isinstance(child, pikepdf.Dictionary) and "/S" in child:
            yield child
            yield from elements(child)


@pytest.mark.django_db
@pytest.mark.parametrize("make", [trails.signed, trails.refused, trails.locked])
def test_every_fact_of_page_one_is_in_the_xml(make: Callable[[], Walk], tmp_path: Path) -> None:
    """evidence.md, Dossier 2: a test rebuilds every fact printed from the XML (here: read by lxml alone)."""
    document = written(make())
    page_one = text_of(pdf.render(document), tmp_path, last_page=1)
    root = etree.fromstring(document)
    space = {"d": "urn:paraphe:dossier:1.0"}

    def one(path: str) -> str:
        return str(root.xpath(f"string({path})", namespaces=space))

    assert one("d:Transaction/@reference") in page_one
    assert one("d:Parties/d:Client/@name") in page_one
    assert f"{one('d:Signer/d:FirstName')} {one('d:Signer/d:LastName')}" in page_one
    assert one("d:Summary/@digits") in page_one.replace(" ", "")
    assert hashlib.sha256(document).hexdigest() in page_one.replace(" ", "")
    ended = datetime.fromisoformat(one("d:Summary/@endedAt")).astimezone(timezone.get_fixed_timezone(60))
    assert f"{ended:%H:%M:%S} (Paris)" in page_one
    for found in root.findall("d:Documents/d:Document", space):
        assert (found.findtext("d:Title", "", space)) in page_one
        assert str(found.get("sha256")) in page_one.replace(" ", "")
    for condition in root.findall("d:Summary/d:Condition", space):
        for run in re.findall(r"\d+", french.ranges(int(each) for each in condition.get("entries", "").split())):
            assert re.search(rf"\b{run}\b", page_one)


@pytest.mark.django_db
def test_a_refused_dossier_pretends_to_no_signature(tmp_path: Path) -> None:
    """evidence.md, Dossier 5: who refused, when, the reason given."""
    text = text_of(pdf.render(written(trails.refused())), tmp_path)

    assert "Camille Martin a refusé de signer un document d’Exemple SA" in text
    assert "Motif écrit : « La durée du bail n’est pas celle convenue. »" in text
    assert "Aucun fichier n’a été signé" in text
    assert "Signature électronique simple, au sens" not in text
    assert "CMS" not in text


@pytest.mark.django_db
def test_the_words_are_honest(tmp_path: Path) -> None:
    """DESIGN, Honest words: simple; displayed, not understood; no independent channel; a root of its own."""
    text = text_of(pdf.render(written(trails.signed())), tmp_path, last_page=1)

    assert "Signature électronique simple" in text
    assert "Que les pages ont été comprises" in text
    assert "le code est parti dans la boîte qui avait reçu le lien" in text
    assert "Que tout lecteur fait confiance au certificat" in text
    assert "sans contrôle de pièce d’identité" in text


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("outcome", "said"),
    [
        ("EXPIRED", "le délai a pris fin"),
        ("CANCELLED", "Exemple SA a annulé la demande"),
        ("FAILED", "la signature n’a pas abouti"),
        ("REFUSED", "une autre personne désignée a refusé"),
    ],
)
def test_every_end_has_its_sentence(outcome: Any, said: str) -> None:
    told = xml.read(written(trails.closed(outcome)))

    sentence = sentences.Voice(told, "Europe/Paris").outcome()

    assert sentence.startswith("Rien n’a été signé au nom de Camille Martin")
    assert said in sentence


@pytest.mark.django_db
def test_the_same_xml_gives_the_same_bytes() -> None:
    """dossier-toolchain.md, 1: rebuild and compare is a usable test."""
    document = written(trails.refused())

    assert pdf.render(document) == pdf.render(document)


@pytest.mark.django_db
def test_the_typical_dossier_has_six_pages_and_annexes(tmp_path: Path) -> None:
    """evidence.md, Dossier 2: readable, French, at most six pages and annexes; page one holds the limits too."""
    made = pdf.render(written(trails.signed()))

    with pikepdf.open(BytesIO(made)) as read:
        pages = len(read.pages)
    first = next(n for n in range(1, pages + 1) if "Annexe A" in text_of(made, tmp_path, last_page=n))

    assert first - 1 <= 6
    assert "Ce que ce dossier n’établit pas" in text_of(made, tmp_path, last_page=1)


@pytest.mark.django_db
def test_names_of_all_kinds_are_printed(tmp_path: Path) -> None:
    """Names in their letters; what no bundled font draws, and what turns text around, by its number, explained once."""
    walk = trails.refused(first_name="Ελένη <script> 王小明", last_name="Иванова 김 \U0001f600\u202eא")

    text = re.sub("[\u202a-\u202e]", "", text_of(pdf.render(written(walk)), tmp_path))

    assert "Ελένη <script> 王小明 Иванова 김 [U+1F600][U+202E]א" in text
    assert text.count("[U+…] Caractère que ce document ne sait pas dessiner") == 1


@pytest.mark.django_db
def test_erased_values_are_said_to_be(tmp_path: Path) -> None:
    walk = trails.refused()
    trails.erase(walk.trail, "first_name", "last_name", "email", "title", "recipient", "reason")

    text = text_of(pdf.render(written(walk)), tmp_path)

    assert "effacé" in text
    assert "Camille" not in text


@pytest.mark.django_db
def test_long_things_stay_on_the_page() -> None:
    """Names of 300 characters, 60 pages, five documents, 300 entries: nothing leaves the sheet, nothing is cut."""
    papers = (rental.contract(60, "Contrat " + "x" * 290), *(rental.terms(1, f"Notice {n}") for n in range(4)))
    walk = Walk(papers=papers, first_name="Maximilien" * 30, last_name="de " * 100).create().open().look()
    for _ in range(200):
        walk.say(events.SessionResumed(signer=walk.signer), actor=walk.actor, after=1)
    walk.agree().code().sign().deliver()

    made = pdf.render(written(walk))

    with pikepdf.open(BytesIO(made)) as read:
        assert len(read.pages) < 30


def test_a_missing_glyph_is_a_failure(monkeypatch: pytest.MonkeyPatch) -> None:
    """dossier-toolchain.md, 1: WeasyPrint only logs what it cannot draw or load."""
    monkeypatch.setattr(pdf, "page", lambda *_, **__: "<html lang=fr><title>x</title><p>\U0001f9ff</p></html>")
    monkeypatch.setattr(xml, "read", lambda _: _Bare())

    with pytest.raises(pdf.NotRendered):
        pdf.render(b"<x/>")


def test_nothing_is_fetched(monkeypatch: pytest.MonkeyPatch) -> None:
    image = "<html lang=fr><title>x</title><p><img src='file:///etc/hostname' alt=x></p></html>"
    monkeypatch.setattr(pdf, "page", lambda *_, **__: image)
    monkeypatch.setattr(xml, "read", lambda _: _Bare())

    with pytest.raises(pdf.NotRendered):
        pdf.render(b"<x/>")


class _Bare:
    """As much of the facts as the attachments need, and no documents."""

    generated_at = "2026-11-23T21:00:00.000Z"
    language = "fr"
    documents = SimpleNamespace(document=())


def test_printable_leaves_what_can_be_drawn() -> None:
    assert glyphs.printable("Œuvre, Ελένη, Иван, →") == "Œuvre, Ελένη, Иван, →"
    assert glyphs.printable("a\u2028b\u2029") == "a[U+2028]b[U+2029]"
    assert glyphs.printable("a\u200bb\x00\U0001f600中") == "a[U+200B]b[U+0000][U+1F600]中"
