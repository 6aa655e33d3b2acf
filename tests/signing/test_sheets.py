"""Where signers find their attestation, and the client the attestations and the roll-up; each taking is an entry."""

from pathlib import Path

from django.utils.timezone import now

from evidence import files, rollups, trail
from evidence.models import Dossier, RollUp
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.models import Envelope
from tests.signing import walks
from tests.signing.admin.people import a_member, browser_of, member_browser
from tests.signing.admin.test_envelopes import place
from tests.signing.views.browser import Browser

EVERYTHING = ("signing.tasks.", "evidence.tasks.")
DOMINIQUE = NewSigner("Dominique", "Petit", "dominique@exemple.fr")


def last(envelope: Envelope) -> trail.Read:
    return list(trail.entries(envelope.trail))[-1]


def test_a_signer_takes_the_attestation_from_the_last_page(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    browser = Browser()
    url = browser.open(created).removesuffix("done")
    before = browser.get(f"{url}done").content.decode()
    assert "data-prepared hidden" in before
    assert browser.get(f"{url}attestation.pdf").status_code == 404
    walks.work(kinds=EVERYTHING)
    page = browser.get(f"{url}done").content.decode()
    assert f'href="{url}attestation.pdf"' in page
    assert "data-prepared" not in page
    sheet = browser.bytes_of(f"{url}attestation.pdf")
    assert sheet == files.read(Dossier.objects.get().attestation_sha256)
    entry = last(signer.envelope)
    assert (entry.kind, entry.data["form"]) == ("dossier.downloaded", "attestation")


def test_who_refused_has_one_too(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.ready(created)
    signature.refuse(signer=signer, choice="other", reason="", actor=walks.actor(), at=now())
    walks.work(kinds=EVERYTHING)
    browser = Browser()
    url = browser.open(created).removesuffix("refused")
    assert f'href="{url}attestation.pdf"' in browser.get(f"{url}refused").content.decode()
    assert browser.bytes_of(f"{url}attestation.pdf").startswith(b"%PDF-")


def test_a_dossier_of_before_has_none_and_says_nothing_of_it(walk: Path) -> None:
    created = walks.an_envelope(walk)
    walks.signed(created)
    walks.work(kinds=EVERYTHING)
    Dossier.objects.update(attestation_sha256="")
    browser = Browser()
    url = browser.open(created).removesuffix("done")
    page = browser.get(f"{url}done").content.decode()
    assert f'href="{url}dossier.pdf"' in page
    assert 'href="' + url + 'attestation.pdf"' not in page
    assert browser.get(f"{url}attestation.pdf").status_code == 404


def test_the_client_takes_all_attestations_and_the_roll_up(walk: Path) -> None:
    created = walks.an_envelope(walk, signers=(walks.CAMILLE, DOMINIQUE))
    envelope = walks.signed(created, 1).envelope
    walks.signed(created, 2)
    walks.work(kinds=EVERYTHING)
    browser = member_browser(envelope.client)
    assert "rollup" not in browser.get(place(envelope)).content.decode()
    assert browser.get(place(envelope, "rollup/")).status_code == 404
    for each in rollups.sweep(now()):
        rollups.seal_one(each.ids["rollup_id"], clock=now)
    page = browser.get(place(envelope)).content.decode()
    for part in ("dossier/1/attestation/", "dossier/2/attestation/", "rollup/"):
        assert f'href="{place(envelope, part)}"' in page
    taken = b"".join(browser.get(place(envelope, "rollup/")).streaming_content)  # type: ignore[attr-defined]  # a file
    assert taken == files.read(RollUp.objects.get().pdf_sha256)
    assert (last(envelope).kind, last(envelope).data["page"]) == ("sheet.consulted", "rollup")
    sheet = b"".join(browser.get(place(envelope, "dossier/2/attestation/")).streaming_content)  # type: ignore[attr-defined]  # a file
    assert sheet == files.read(Dossier.objects.get(subject=str(envelope.signers.get(n=2).public_id)).attestation_sha256)
    assert last(envelope).data["form"] == "attestation"
    stranger = browser_of(a_member("other", walks.a_client("OTH")))
    assert stranger.get(place(envelope, "rollup/")).status_code == 404
