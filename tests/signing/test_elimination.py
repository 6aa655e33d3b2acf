"""evidence.md, Archive: retention per client, legal hold, elimination certificate; the chain still verifies."""

import io
import json
import subprocess
from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.management import call_command
from django.utils.timezone import now

from evidence import checkpoints, files, tasks, timestamps, trail
from evidence.archive import certificate, deposits, elimination, requests
from evidence.archive.package import Unavailable
from evidence.archive.vault import Vault
from evidence.models import Deposit, Dossier, Elimination, Opening
from signing.actions import keeping as actions
from signing.actions.envelopes import NewDocument, create_envelope
from signing.backend.models import Order
from signing.jobs import keeping
from signing.jobs.sweep import sweep
from signing.models import Document, Envelope, Signer
from tests.evidence import pki
from tests.signing import walks
from tests.signing.admin.people import member_browser
from tests.signing.admin.test_envelopes import place
from tests.signing.deposited import EVERYTHING, deposited, done
from tests.signing.views.browser import Browser, words_of

YEARS = timedelta(days=366)


@pytest.fixture
def kept(walk: Path, settings: Any) -> walks.Created:
    return deposited(walk, settings)


def aged(envelope: Envelope, years: int) -> None:
    """As if the envelope had been closed so long ago."""
    Envelope.objects.filter(pk=envelope.pk).update(closed_at=now() - years * YEARS)


def eliminated(envelope: Envelope) -> Elimination:
    assert keeping.sweep(now()) == 1
    return done(envelope)


def journal() -> dict[str, Any]:
    out = io.StringIO()
    call_command("verify_journal", "--files", stdout=out)
    told: dict[str, Any] = json.loads(out.getvalue())
    return told


def test_nothing_is_left_of_a_person_and_everything_still_verifies(
    kept: walks.Created, walk: Path, outside: Callable[..., subprocess.CompletedProcess[str]]
) -> None:
    """Issue, part 8: erasure keeps chain, checkpoints and proofs valid; the certificate is sealed and readable."""
    checkpoints.make(timestamps.timestamper())
    walks.an_envelope(walk, client=kept.envelope.client)
    signer = Signer.objects.get(envelope=kept.envelope)
    contract, shared = Document.objects.filter(envelope=kept.envelope).order_by("n")
    gone = [signer.revisions.get().sha256, Dossier.objects.get(trail=kept.envelope.trail).pdf_sha256]
    aged(kept.envelope, 10)
    row = eliminated(kept.envelope)
    for sha256 in gone:
        with pytest.raises(files.Missing):
            files.path_of(sha256)
    assert files.intact(shared.sha256)  # the same terms are another envelope's, too
    assert files.intact(contract.sha256)
    assert journal()["valid"] is True
    assert Vault().count(requests.section_of(kept.envelope.trail)) == 0
    assert _traces_of("Camille", "camille@", "Martin", envelope=kept.envelope) == []
    assert not Opening.objects.filter(entry__trail=kept.envelope.trail).exists()
    last = list(trail.entries(kept.envelope.trail))[-1]
    assert (last.kind, last.data["certificate_sha256"]) == ("personal_data.erased", row.certificate_sha256)
    said = json.loads(files.read(row.certificate_sha256))
    assert (said["reference"], said["rule"]) == (kept.envelope.reference, "signé : 10 ans après la clôture")
    assert set(gone) <= set(said["files"])
    paper = walk / "certificate.pdf"
    files.copy(row.pdf_sha256, paper)
    assert kept.envelope.reference in outside("pdftotext", paper, "-").stdout
    assert "Signature" in outside("pdfsig", "-nocert", paper).stdout


def test_of_a_code_that_is_erased_the_way_stays_and_not_where_it_went(kept: walks.Created) -> None:
    """Decision 30: not masked either; how it was sent, its message id, and that the way was no second one, stay."""
    before = next(each for each in trail.entries(kept.envelope.trail) if each.kind == "code.sent")
    assert before.value("recipient") == "camille@exemple.fr"
    aged(kept.envelope, 10)
    eliminated(kept.envelope)
    entries = {each.kind: each for each in trail.entries(kept.envelope.trail)}
    sent = entries["code.sent"]
    assert sent.data == before.data
    assert (sent.data["channel"], sent.data["n"], bool(sent.data["message_id"])) == ("email", 1, True)
    assert sent.value("recipient") is None
    assert "•" not in str([each.members for each in entries.values()])
    assert Signer.objects.get(envelope=kept.envelope).code_masked == ""


def test_an_english_envelopes_certificate_is_english(
    kept: walks.Created, walk: Path, outside: Callable[..., subprocess.CompletedProcess[str]], monkeypatch: Any
) -> None:
    Envelope.objects.update(language="en")
    monkeypatch.setattr(certificate, "language_of", lambda _trail: "en")
    aged(kept.envelope, 10)
    row = eliminated(kept.envelope)
    assert json.loads(files.read(row.certificate_sha256))["rule"] == "signed: 10 years after the closing"
    paper = walk / "certificate.pdf"
    files.copy(row.pdf_sha256, paper)
    told = outside("pdftotext", paper, "-").stdout
    for said in ("Certificate of elimination", "certifies that it destroyed", "What remains", kept.envelope.reference):
        assert said in told
    assert "Élimination" not in told


@pytest.mark.parametrize("language", ["fr", "en"])
def test_the_language_of_a_certificate_is_that_the_envelope_was_made_in(walk: Path, language: str) -> None:
    created = walks.an_envelope(walk)
    assert certificate.language_of(created.envelope.trail) == "fr"
    made = create_envelope(
        client=created.envelope.client,
        documents=[NewDocument(walk / "contrat.pdf", "Contract", "contrat.pdf", Document.Role.TO_SIGN)],
        signers=(walks.CAMILLE,),
        language=language,
        actor=walks.CLIENT,
        at=now(),
    )
    assert certificate.language_of(made.envelope.trail) == language


def _traces_of(*names: str, envelope: Envelope) -> list[str]:
    """Where a name of the envelope's signer still stands in its rows."""
    signer, order = Signer.objects.get(envelope=envelope), Order.objects.get(trail=envelope.trail)
    rows = [signer, order, *Document.objects.filter(envelope=envelope), Envelope.objects.get(pk=envelope.pk)]
    texts = [str(value) for row in rows for value in vars(row).values()]
    return [text for text in texts if any(name in text for name in names)]


def test_the_certificate_is_kept_in_the_operators_section(kept: walks.Created) -> None:
    aged(kept.envelope, 10)
    row = eliminated(kept.envelope)
    [deposit] = Deposit.objects.filter(kind="elimination")
    deposits.deposit(str(deposit.pk), owner="w", clock=now)
    manifest = json.loads(Vault().manifest("operator", str(deposit.pk)))
    assert row.certificate_sha256 in {each["sha256"] for each in manifest["files"]}
    assert "Camille" not in json.dumps(manifest)


@pytest.mark.parametrize(("years", "asked"), [(9, 0), (10, 1)])
def test_what_is_signed_is_kept_ten_years(kept: walks.Created, years: int, asked: int) -> None:
    aged(kept.envelope, years)
    assert keeping.sweep(now()) == asked


def test_a_client_decides_how_long(kept: walks.Created) -> None:
    """Issue, part 8: retention per client."""
    type(kept.envelope.client).objects.update(retention_years=3)
    aged(kept.envelope, 3)
    assert keeping.sweep(now()) == 1
    assert Elimination.objects.get().rule == "signé : 3 ans après la clôture"


def test_a_legal_hold_keeps_everything_until_it_is_lifted(kept: walks.Created) -> None:
    aged(kept.envelope, 10)
    browser = member_browser(kept.envelope.client)
    page = words_of(browser.post(place(kept.envelope, "hold/"), {"reason": "Litige Martin"}, follow=True))
    assert "Gelée" in page
    assert keeping.sweep(now()) == 0
    with pytest.raises(elimination.Held):
        elimination.queue(of=kept.envelope.trail, rule="x", at=now())
    browser.post(place(kept.envelope, "hold/"), {"hold": "lift"})
    kinds = [each.kind for each in trail.entries(kept.envelope.trail)]
    assert kinds.count("hold.placed") == kinds.count("hold.lifted") == 1
    assert keeping.sweep(now()) == 1
    with pytest.raises(actions.NotHeld):
        actions.hold(envelope=kept.envelope, reason="", actor=walks.CLIENT, at=now())


def test_after_that_pages_say_so_and_give_nothing(kept: walks.Created) -> None:
    """The sheet and the journal stay; files, dossier and link are gone; the certificate is there to read."""
    aged(kept.envelope, 10)
    eliminated(kept.envelope)
    browser = member_browser(kept.envelope.client)
    page = words_of(browser.get(place(kept.envelope)))
    assert "Éliminée le" in page
    assert "(effacé)" in words_of(browser.get(place(kept.envelope, "journal/")))
    for gone in ("presented/1/", "presented/2/", "signed/1/", "dossier/1/pdf/", "proof/1/", "compare/1/", "hold/"):
        assert browser.get(place(kept.envelope, gone)).status_code == 404
    assert browser.bytes_of(place(kept.envelope, "certificate/")).startswith(b"%PDF")
    last = list(trail.entries(kept.envelope.trail))[-1]
    assert (last.kind, last.data["page"]) == ("sheet.consulted", "certificate")
    assert Browser().get(f"/a/{kept.tokens[0]}").status_code == 404


def test_an_archive_that_is_away_holds_the_elimination_up_and_nothing_is_half_done(
    kept: walks.Created, monkeypatch: pytest.MonkeyPatch
) -> None:
    aged(kept.envelope, 10)
    keeping.sweep(now())
    row = Elimination.objects.get()
    away = Unavailable("HTTP 503")

    def refuse(*_given: object, **_named: object) -> None:
        raise away

    with monkeypatch.context() as patched:
        patched.setattr(Vault, "destroy", refuse)
        tasks.eliminate(elimination_id=str(row.pk))
    row.refresh_from_db()
    assert (row.state, Opening.objects.filter(entry__trail=kept.envelope.trail).exists()) == ("QUEUED", True)
    Elimination.objects.update(due_at=now())
    tasks.eliminate(elimination_id=str(row.pk))
    row.refresh_from_db()
    assert row.state == Elimination.State.DONE


def test_a_dossier_is_not_eliminated_before_it_is_deposited(walk: Path, settings: Any) -> None:
    pki.hold()
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    created = walks.an_envelope(walk)
    walks.signed(created)
    aged(created.envelope, 10)
    assert keeping.sweep(now()) == 0
    walks.work(kinds=EVERYTHING)
    assert keeping.sweep(now()) == 0


def test_a_signer_who_opened_a_path_that_came_to_nothing_reaches_its_dossier(walk: Path, settings: Any) -> None:
    """Issue, part 8: a signer's own access to their dossier for the whole period."""
    pki.hold()
    settings.VAULT_DIRS = [walk / "first", walk / "second"]
    created = walks.an_envelope(walk)
    walks.ready(created)
    sweep(created.envelope.expires_at)
    Dossier.objects.update(due_at=now())
    tasks.seal_dossier(dossier_id=str(Dossier.objects.get().pk))
    browser = Browser()
    assert "Accéder au dossier" in words_of(browser.get(f"/a/{created.tokens[0]}"))
    closed = browser.post(f"/a/{created.tokens[0]}")["Location"]
    assert "Dossier de preuve" in words_of(browser.get(closed))
    assert browser.bytes_of(closed.replace("closed", "dossier.pdf")).startswith(b"%PDF")
