from pathlib import Path

import pytest
from django.contrib.auth import get_user_model
from django.utils.timezone import now

from evidence import files, trail
from evidence.models import Dossier
from signing.models import Envelope
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of

CHANGE = "/admin/signing/envelope/{pk}/change/"


def administrator(*, superuser: bool = True) -> Browser:
    user = get_user_model().objects.create_user("operator", password="x", is_staff=True, is_superuser=superuser)
    browser = Browser()
    browser.force_login(user)
    return browser


def sealed(envelope: Envelope) -> Dossier:
    """The envelope's dossier with two files in place of what the sealing makes."""
    dossier = Dossier.objects.get(trail=envelope.trail)
    xml, pdf = files.put_bytes(b"<dossier/>"), files.put_bytes(b"%PDF-1.7 dossier")
    Dossier.objects.filter(pk=dossier.pk).update(state="SEALED", sealed_at=now(), xml_sha256=xml, pdf_sha256=pdf)
    return dossier


def test_the_superuser_sees_envelopes_and_their_states_in_words(walk: Path) -> None:
    """Issue, part 7: envelopes, states and trails in words (read-only)."""
    created = walks.an_envelope(walk)
    walks.signed(created)
    browser = administrator()
    listed = words_of(browser.get("/admin/signing/envelope/"))
    assert created.envelope.reference in listed
    assert "signée" in listed
    assert "Camille Martin" in listed
    page = words_of(browser.get(CHANGE.format(pk=created.envelope.pk)))
    assert "a signé" in page
    assert "Télécharger" in page


def test_the_journal_is_told_in_words(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    page = words_of(administrator().get(f"/admin/signing/envelope/{created.envelope.pk}/journal/"))
    for entry in trail.entries(signer.envelope.trail):
        assert entry.digest[:16] in page


@pytest.mark.parametrize("form", ["pdf", "xml"])
def test_dossiers_can_be_downloaded_and_that_is_recorded(walk: Path, form: str) -> None:
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    browser = administrator()
    address = f"/admin/signing/envelope/{created.envelope.pk}/dossier/1/{form}/"
    assert browser.get(address).status_code == 404
    sealed(created.envelope)
    response = browser.get(address)
    assert "attachment" in response["Content-Disposition"]
    assert walks.entries(signer)[-1] == "dossier.downloaded"
    last = list(trail.entries(signer.envelope.trail))[-1]
    assert last.members["actor"]["role"] == "operator"


def test_signed_and_presented_files_can_be_downloaded(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    browser, pk = administrator(), created.envelope.pk
    signed = browser.bytes_of(f"/admin/signing/envelope/{pk}/signed/1/")
    assert signed == signer.revisions.get().path.read_bytes()
    presented = browser.bytes_of(f"/admin/signing/envelope/{pk}/presented/1/")
    assert signed.startswith(presented)
    assert browser.get(f"/admin/signing/envelope/{pk}/signed/2/").status_code == 404


def test_nothing_can_be_changed_added_or_deleted(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = administrator()
    assert browser.get("/admin/signing/envelope/add/").status_code == 403
    assert browser.post(f"/admin/signing/envelope/{created.envelope.pk}/delete/").status_code == 403
    assert browser.post(CHANGE.format(pk=created.envelope.pk), {"state": "COMPLETED"}).status_code == 403


@pytest.mark.parametrize("place", ["journal/", "presented/1/", "signed/1/", "dossier/1/pdf/", "change/"])
def test_nobody_else_sees_anything(walk: Path, place: str) -> None:
    created = walks.an_envelope(walk)
    address = f"/admin/signing/envelope/{created.envelope.pk}/{place}"
    assert Browser().get(address).status_code == 302
    assert administrator(superuser=False).get(address).status_code in {403, 404}
