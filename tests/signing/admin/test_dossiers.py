"""Issue, part 10: a dossier read on screen; every look is an entry; the archive's receipt is there to take."""

import io
import re
import zipfile
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import addenda, trail
from evidence.archive import deposits
from evidence.dossier.container import container
from evidence.models import Deposit, Dossier
from signing.actions.bundles import request_bundle
from signing.jobs import bundles
from signing.models import Bundle
from tests.signing import walks
from tests.signing.admin.people import a_member, browser_of, member_browser
from tests.signing.admin.test_envelopes import place
from tests.signing.views.browser import words_of
from tests.verification.containers import verified

EVERYTHING = ("signing.tasks.", "evidence.tasks.")


@pytest.fixture
def signed(walk: Path, settings: object) -> walks.Signer:
    settings.VAULT_DIRS = [walk / "first", walk / "second"]  # type: ignore[attr-defined]  # pytest-django's settings
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    walks.work(kinds=EVERYTHING)
    return signer


def test_a_dossier_is_read_on_screen_and_each_look_is_an_entry(signed: walks.Signer) -> None:
    """Four answers that lead to entries, a time line, digests to copy, one click for all of it."""
    envelope = signed.envelope
    [row] = Deposit.objects.filter(trail=envelope.trail)
    deposits.deposit(str(row.pk), owner="w", clock=now)
    browser = member_browser(envelope.client)
    page = browser.get(place(envelope, "proof/1/")).content.decode()
    dossier = Dossier.objects.get(trail=envelope.trail)
    for value in (signed.binding, dossier.xml_sha256, dossier.pdf_sha256, signed.revisions.get().sha256):
        assert f'data-copy="{value}"' in page
    for said in ("Les quatre réponses", "Identification", "SIGNER pressé", "Code juste", "Accusé de réception"):
        assert said in page
    assert f'href="{place(envelope, "dossier/1/asice/")}"' in page
    journal = browser.get(place(envelope, "journal/")).content.decode()
    anchors = set(re.findall(r'/journal/#(e\d+)"', page))
    assert anchors
    assert anchors <= set(re.findall(r'<tr id="(e\d+)"', journal))
    assert browser.get(place(envelope, "")).status_code in {301, 302, 404}
    browser.get(place(envelope))
    looks = [each for each in trail.entries(envelope.trail) if each.kind == "sheet.consulted"]
    assert [each.data["page"] for each in looks] == ["dossier", "journal", "sheet"]
    assert {each.value("login") for each in looks} == {"julie"}
    dossier.refresh_from_db()
    assert dossier.looked_at is not None
    assert not dossier.addenda.filter(entry__kind="sheet.consulted").exists()  # reading a page seals nothing
    receipt = browser.get(place(envelope, f"receipt/{row.pk}/"))
    assert b"manifest_sha256" in receipt.content
    last = list(trail.entries(envelope.trail))[-1]
    assert (last.kind, last.data["page"], last.value("login")) == ("sheet.consulted", "receipt", "julie")


def test_what_was_shown_stands_beside_what_is_signed(signed: walks.Signer) -> None:
    browser = member_browser(signed.envelope.client)
    page = words_of(browser.get(place(signed.envelope, "compare/1/")))
    assert "le début du fichier signé" in page
    assert browser.get(place(signed.envelope, "compare/2/")).status_code == 404  # for information: nobody signed it
    last = list(trail.entries(signed.envelope.trail))[-1]
    assert (last.kind, last.data["page"]) == ("sheet.consulted", "document")


def test_a_selection_is_put_together_with_a_bar_and_taken_away(signed: walks.Signer, settings: Any) -> None:
    """Issue, part 10: bulk export; each dossier that is taken is an entry; after a day the ZIP is gone."""
    envelope = signed.envelope
    settings.BUNDLES_DIR = settings.VAULT_DIRS[0].parent / "bundles"
    browser = member_browser(envelope.client)
    chosen = {"action": "take_away", "_selected_action": [envelope.pk]}
    page = browser.post("/admin/signing/envelope/", chosen, follow=True)
    assert '<progress aria-labelledby="bar" max="1" value="0">' in page.content.decode()
    bundle = Bundle.objects.get()
    walks.work()
    assert browser.get(f"/admin/signing/envelope/bundle/{bundle.public_id}/status/").json() == {
        "state": "READY",
        "done": 1,
        "total": 1,
    }
    assert "Télécharger le ZIP" in words_of(browser.get(f"/admin/signing/envelope/bundle/{bundle.public_id}/"))
    taken = browser.bytes_of(f"/admin/signing/envelope/bundle/{bundle.public_id}/file/")
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        assert archive.testzip() is None
        names = archive.namelist()
        (settings.BUNDLES_DIR / "x.asice").write_bytes(archive.read(names[1]))
    stem = f"{envelope.reference}/dossier-{envelope.reference}-1"
    assert names == [f"{stem}.pdf", f"{stem}.asice"]
    assert verified(settings.BUNDLES_DIR / "x.asice")[0] == 0
    alone, sealed = io.BytesIO(), Dossier.objects.get()
    container.write(sealed.sealing_sha256, alone, addenda=addenda.sealings(sealed))
    assert (settings.BUNDLES_DIR / "x.asice").read_bytes() == alone.getvalue()  # the same to the last byte
    last = list(trail.entries(envelope.trail))[-1]
    assert (last.kind, last.data["form"], last.value("login")) == ("dossier.downloaded", "asice", "julie")
    bundles.forget(bundle.expires_at)
    assert not Bundle.objects.exists()
    assert not bundle.path.exists()


def test_a_bundle_goes_on_where_it_paused_and_begins_anew_where_a_worker_died(
    signed: walks.Signer, settings: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A dossier is told as taken once, however often its bundle is begun."""
    settings.BUNDLES_DIR = settings.VAULT_DIRS[0].parent / "bundles"
    other = walks.an_envelope(settings.BUNDLES_DIR.parent, client=signed.envelope.client)
    user = a_member("julie", signed.envelope.client)
    both = [signed.envelope, other.envelope]
    bundle = request_bundle(envelopes=both, user=user, actor=walks.CLIENT, at=now())
    monkeypatch.setattr(bundles, "TURN_SECONDS", -1.0)
    assert [each.task for each in bundles.make(str(bundle.public_id), owner="a", clock=now)] == [bundles.TASK]
    bundle.refresh_from_db()
    assert (bundle.done, bundle.state) == (1, "QUEUED")
    Bundle.objects.filter(pk=bundle.pk).update(owner="dead", attempt=1, lease_until=now())
    monkeypatch.setattr(bundles, "TURN_SECONDS", 60.0)
    assert bundles.make(str(bundle.public_id), owner="b", clock=now) == []
    bundle.refresh_from_db()
    assert (bundle.done, bundle.state) == (2, "READY")
    kinds = [entry.kind for entry in trail.entries(signed.envelope.trail)]
    assert kinds.count("dossier.downloaded") == 1
    with zipfile.ZipFile(bundle.path) as archive:
        assert len(archive.namelist()) == 2


def test_a_legal_team_finds_a_dossier_by_any_word_and_nobody_elses(signed: walks.Signer) -> None:
    """Issue, part 7: search by name, reference, external id, date, keyword; retrieval."""
    envelope = signed.envelope
    for row in Deposit.objects.all():
        deposits.deposit(str(row.pk), owner="w", clock=now)
    browser = member_browser(envelope.client)
    found = Deposit.objects.get(kind="dossier")
    address = f"/admin/evidence/deposit/{found.pk}/container/"
    for words in ("MARTIN", "camille martin", envelope.reference, "Contrat"):
        assert address in browser.get("/admin/evidence/deposit/", {"q": words}).content.decode(), words
    assert address not in browser.get("/admin/evidence/deposit/", {"q": "Durand"}).content.decode()
    whole = browser.bytes_of(address)
    assert whole.startswith(b"PK")
    last = list(trail.entries(envelope.trail))[-1]
    assert (last.kind, last.value("login")) == ("dossier.downloaded", "julie")
    other = browser_of(a_member("paul", walks.a_client("AUT")))
    assert address not in other.get("/admin/evidence/deposit/", {"q": "Martin"}).content.decode()
    assert other.get(address).status_code == 404
