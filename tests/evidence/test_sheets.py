"""The signer's attestation and the client's roll-up: sealed sheets over the dossiers (evidence.md, Dossier 1, 6)."""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from django.utils import timezone

from evidence import chain, files, holdings, rollups, timestamps
from evidence.archive import contents
from evidence.dossier import rollup, xml
from evidence.dossier.container import container
from evidence.models import Deposit, Dossier, Entry, RollUp
from tests.evidence import rental, sealed, trails, turns
from tests.evidence.dossiers import queued, seal
from tests.evidence.trails import Walk
from tests.verification import judges

pytestmark = pytest.mark.django_db


def taken(sha256: str, folder: Path) -> tuple[Path, str]:
    """A sheet as somebody gets it, and its text."""
    path = folder / "sheet.pdf"
    path.write_bytes(files.read(sha256))
    return path, sealed.printed(path)


def inside(path: Path, name: str) -> dict[str, Any]:
    """What the sheet says to machines."""
    with pikepdf.open(path) as opened:
        (each,) = opened.Root.AF
        marks = str(each.UF), str(each.AFRelationship), str(each.EF.F.Subtype)
        assert marks == (name, "/Source", "/application/json")
        said: dict[str, Any] = json.loads(each.EF.F.read_bytes())
    return said


def judged(path: Path) -> None:
    """PDF/A-3a, PDF/UA-1, tagged; a seal and a document time stamp over all of it."""
    with pikepdf.open(path) as opened:
        marks = opened.open_metadata()
        assert (marks.pdfa_status, marks["pdfuaid:part"]) == ("3A", "1")
        assert opened.Root.MarkInfo.Marked
        kinds = [str(field.V.SubFilter) for field in opened.Root.AcroForm.Fields]
    assert kinds == ["/ETSI.CAdES.detached", "/ETSI.RFC3161"]
    assert len(judges.cut(path)) == 2
    assert judges.qpdf_check(path)


OUTCOMES: dict[str, tuple[Callable[[], Walk], str]] = {
    "SIGNED": (lambda: trails.signed(channel="sms"), "Délivré au nom de cette personne par"),
    "REFUSED": (trails.refused, "Camille Martin a refusé de signer"),
    "EXPIRED": (lambda: trails.closed("EXPIRED"), "le délai a pris fin"),
    "CANCELLED": (lambda: trails.closed("CANCELLED"), "a annulé la demande"),
    "FAILED": (trails.locked, "cinq codes faux ont fermé l’accès"),
}


@pytest.mark.parametrize("outcome", OUTCOMES)
def test_every_outcome_has_an_attestation_that_is_rebuilt_from_the_dossier(outcome: str, tmp_path: Path) -> None:
    make, sentence = OUTCOMES[outcome]
    row = seal(queued(make()))
    path, text = taken(row.attestation_sha256, tmp_path)
    judged(path)
    said, facts = inside(path, "attestation.json"), xml.read(files.read(row.xml_sha256))
    assert (said["outcome"], said["dossier"]) == (outcome, {"id": str(row.pk), "xml_sha256": row.xml_sha256})
    assert sentence in text
    close = text.replace(" ", "")
    assert row.xml_sha256 in close
    assert f"{facts.parties.operator.name} ({facts.parties.operator.identifier})" in text
    for document in facts.documents.document:
        assert document.sha256 in close
        assert (document.signed.sha256 in close) if document.signed else ("Non." in text or document.role != "to_sign")
    if facts.certificate:
        assert f"Politique {facts.certificate.policy}." in text
        assert f"n° {facts.certificate.serial}" in text
        assert said["certificate"]["policy"] == facts.certificate.policy
    else:
        assert "Aucun certificat n’a été délivré" in text
        assert said["certificate"] is None
    told = chain.members(bytes(Entry.objects.get(kind="dossier.sealed").canonical))["data"]
    assert told["attestation_sha256"] == row.attestation_sha256
    stated = facts.attestation
    assert stated is not None
    assert (stated.at, stated.policy) == (said["attested_at"], (said["certificate"] or {}).get("policy"))
    assert stated.operator == f"{facts.parties.operator.name} ({facts.parties.operator.identifier})"
    for each in (stated.operator, sentence, *(document.sha256 for document in facts.documents.document)):
        assert each in stated.text.replace("\xa0", " ")
    assert row.attestation_sha256 in container.held(row.sealing_sha256)


def test_the_attestation_in_the_xml_is_text_and_no_html() -> None:
    """A title with a word that the sheet keeps on one line stands as it was given."""
    title = "Charte e-mail, au 01 23 45 67 89, <b> & Paraphe 1.2"
    row = seal(queued(trails.signed(papers=(rental.contract(2, title),))))
    stated = xml.read(files.read(row.xml_sha256)).attestation
    assert stated is not None
    assert f"1. {title}\n" in stated.text
    assert "span" not in stated.text


def test_what_an_attestation_says_of_a_document_stands_on_one_page(tmp_path: Path) -> None:
    """As presented and as signed: nobody turns a page to compare the two digests."""
    papers = tuple(rental.contract(1, f"Annexe {n}") for n in range(1, 8))
    path, _ = taken(seal(queued(trails.signed(papers=papers))).attestation_sha256, tmp_path)
    pages = subprocess.run(["pdftotext", "-layout", path, "-"], capture_output=True, text=True, check=True).stdout
    rows = [[page.count(word) for word in ("Annexe", "Présenté", "Signé ")] for page in pages.split("\f")]
    assert sum(titles for titles, _, _ in rows) == len(papers)
    assert sum(titles > 0 for titles, _, _ in rows) > 1
    assert all(titles == presented == signed for titles, presented, signed in rows), rows


def test_an_attestation_is_one_page_and_in_the_signers_language(tmp_path: Path) -> None:
    row = seal(queued(trails.signed(channel="sms", language="en", first_name="田中")))
    path, text = taken(row.attestation_sha256, tmp_path)
    with pikepdf.open(path) as opened:
        assert (len(opened.pages), str(opened.Root.Lang)) == (1, "en")
    assert "Issued in the name of this person by" in text
    assert "田中" in text


def test_an_attestation_has_nothing_of_the_other_signers(tmp_path: Path) -> None:
    row = seal(queued(turns.second()))
    path, text = taken(row.attestation_sha256, tmp_path)
    assert "Dominique Petit" in text
    for whole in (text, json.dumps(inside(path, "attestation.json"), ensure_ascii=False)):
        assert "Camille" not in whole


def both() -> tuple[Dossier, Dossier]:
    """The dossiers of two signers, sealed one after the other."""
    last = turns.second()
    assert last.after is not None
    first = seal(queued(last.after))
    assert not RollUp.objects.exists()
    return first, seal(queued(last))


def test_the_last_dossier_of_several_has_the_roll_up_made(tmp_path: Path) -> None:
    rows = both()
    (following,) = rollups.sweep(timezone.now())
    rollups.seal_one(following.ids["rollup_id"], clock=timezone.now)
    assert rollups.sweep(timezone.now()) == []
    made = RollUp.objects.get()
    path, text = taken(made.pdf_sha256, tmp_path)
    judged(path)
    assert f"{made.trail.reference}, d’Exemple SA" in text
    said, close = inside(path, "recapitulatif.json"), text.replace(" ", "")
    assert [each["xml_sha256"] for each in said["signers"]] == [row.xml_sha256 for row in rows]
    for row in rows:
        facts = xml.read(files.read(row.xml_sha256))
        assert f"{facts.signer.n}. {facts.signer.first_name.text} {facts.signer.last_name.text}" in text
        assert row.xml_sha256 in close
        assert row.pdf_sha256 in close
    newest = next(each.signed for each in facts.documents.document if each.signed)
    assert newest is not None
    assert said["documents"][0]["signed_sha256"] == newest.sha256
    assert said["documents"][0]["signers"] == [1, 2]
    assert newest.sha256 in close
    told = chain.members(bytes(Entry.objects.get(kind="rollup.sealed").canonical))["data"]
    assert told == {"dossiers": sorted(row.xml_sha256 for row in rows), "pdf_sha256": made.pdf_sha256}
    with contents.package(Deposit.objects.get(kind="roll_up")) as package:
        assert (package.kind, package.items[0].sha256) == ("roll_up", made.pdf_sha256)
        assert {each["xml_sha256"] for each in package.metadata["dossiers"]} == {row.xml_sha256 for row in rows}
        assert "Camille" not in package.manifest().decode()
    known: set[str] = set()
    holdings.check(made.trail, known=known)
    assert {made.pdf_sha256, rows[0].attestation_sha256} <= known


def test_a_clients_name_from_right_to_left_takes_no_figure_with_it(tmp_path: Path) -> None:
    """How many signers there are stands after the name, before the word it counts."""
    last = turns.second(client_name="שלום בע״מ")
    assert last.after is not None
    rows = [seal(queued(last.after)), seal(queued(last))]
    path, _ = taken(rollup.sealed(rows, language="fr", at=timezone.now()), tmp_path)
    boxes = subprocess.run(["pdftotext", "-bbox", path, "-"], capture_output=True, text=True, check=True).stdout
    words = re.findall(r'<word xMin="(.*?)" .*?>(.*?)</word>', boxes)
    lead = words[: next(n for n, (_, word) in enumerate(words) if word.startswith("signataires"))]
    figure = next(float(left) for left, word in lead if word == "2")
    name = [float(left) for left, word in lead if re.search("[א-ת]", word)]
    assert len(name) == 2
    assert max(name) < figure


def test_of_one_signer_or_while_others_go_on_there_is_none() -> None:
    seal(queued(trails.signed()))
    assert not RollUp.objects.exists()


def test_what_a_roll_up_waits_for_is_told_and_it_is_tried_later(monkeypatch: pytest.MonkeyPatch) -> None:
    both()
    row = RollUp.objects.get()

    def refuse() -> timestamps.Stamper:
        raise timestamps.TimestampRefused("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(timestamps, "timestamper", refuse)
        rollups.seal_one(str(row.pk), clock=timezone.now)
    row.refresh_from_db()
    assert (row.sealed_at, row.attempt) == (None, 1)
    assert rollups.sweep(timezone.now()) == []
    later = row.due_at
    rollups.seal_one(str(row.pk), clock=lambda: later)
    assert RollUp.objects.get().sealed_at == later


def test_a_roll_up_of_what_was_eliminated_is_given_up() -> None:
    first, _ = both()
    Dossier.objects.filter(pk=first.pk).update(state=Dossier.State.DESTROYED)
    rollups.seal_one(str(RollUp.objects.get().pk), clock=timezone.now)
    assert not RollUp.objects.exists()
