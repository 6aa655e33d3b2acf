"""Issue, part 7: an administrator of a client sees its envelopes, states and trails in words, and takes files away."""

from pathlib import Path

from django.utils.timezone import now

from evidence import files, jobs, trail
from evidence.models import Dossier
from signing.actions import signature
from signing.models import Envelope
from signing.states import EnvelopeState
from tests.evidence import pki
from tests.signing import walks
from tests.signing.admin.people import member_browser, operator_browser
from tests.signing.views.browser import words_of
from tests.verification.containers import verified

LIST = "/admin/signing/envelope/"


def place(envelope: Envelope, what: str = "change/") -> str:
    return f"{LIST}{envelope.pk}/{what}"


def sealed(envelope: Envelope) -> Dossier:
    """The envelope's dossier with two files in place of what the sealing makes."""
    dossier = Dossier.objects.get(trail=envelope.trail)
    xml, pdf = files.put_bytes(b"<dossier/>"), files.put_bytes(b"%PDF-1.7 dossier")
    Dossier.objects.filter(pk=dossier.pk).update(state="SEALED", sealed_at=now(), xml_sha256=xml, pdf_sha256=pdf)
    return dossier


def test_a_member_sees_states_in_words_and_takes_everything_away(walk: Path) -> None:
    """Issue, part 7: states and trails in words, signed files and dossiers; evidence.md, Trail: who did it."""
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    sealed(created.envelope)
    browser = member_browser(signer.envelope.client)
    listed = words_of(browser.get(LIST))
    assert created.envelope.reference in listed
    assert "signée" in listed
    assert "Camille Martin" in listed
    page = words_of(browser.get(place(created.envelope)))
    assert "A signé" in page
    assert "à signer" in page.lower()
    assert "lisible tel quel" in page
    told = words_of(browser.get(place(created.envelope, "journal/")))
    for entry in trail.entries(signer.envelope.trail):
        assert entry.digest[:16] in told
    taken = browser.bytes_of(place(created.envelope, "signed/1/"))
    assert taken == signer.revisions.get().path.read_bytes()
    assert taken.startswith(browser.bytes_of(place(created.envelope, "presented/1/")))
    assert browser.bytes_of(place(created.envelope, "dossier/1/pdf/")) == b"%PDF-1.7 dossier"
    assert browser.get(place(created.envelope, "dossier/1/xml/")).content == b"<dossier/>"
    recorded = list(trail.entries(signer.envelope.trail))[-4:]
    assert [entry.kind for entry in recorded] == ["document.downloaded"] * 2 + ["dossier.downloaded"] * 2
    assert {entry.members["actor"]["role"] for entry in recorded} == {"client"}
    assert {entry.value("login") for entry in recorded} == {"julie"}
    assert "julie" in words_of(browser.get(place(created.envelope, "journal/")))


def test_everything_that_verification_needs_comes_in_one_file(walk: Path) -> None:
    """evidence.md, Dossier, 8: the container; a dossier that was sealed before there were any has none."""
    pki.hold()
    created = walks.an_envelope(walk)
    signer = walks.signed(created)
    before = sealed(created.envelope)
    browser = member_browser(signer.envelope.client)
    address = place(created.envelope, "dossier/1/asice/")
    assert browser.get(address).status_code == 404
    assert address not in browser.get(place(created.envelope)).content.decode()
    Dossier.objects.filter(pk=before.pk).update(state="QUEUED", sealed_at=None, due_at=now())
    jobs.seal_dossier(str(before.pk), owner="w", clock=now)
    assert address in browser.get(place(created.envelope)).content.decode()
    whole = browser.get(address)
    assert whole["Content-Disposition"] == f'attachment; filename="dossier-{created.envelope.reference}-1.asice"'
    whole.close()
    target = walk / "taken.asice"
    target.write_bytes(browser.bytes_of(address))
    assert verified(target)[0] == 0
    last = list(trail.entries(signer.envelope.trail))[-1]
    assert (last.kind, last.data["form"]) == ("dossier.downloaded", "asice")


def test_what_is_not_there_yet_is_not_found(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = member_browser(created.envelope.client)
    for what in ("signed/1/", "signed/3/", "dossier/1/pdf/", "dossier/1/odt/", "dossier/2/pdf/", "presented/3/"):
        assert browser.get(place(created.envelope, what)).status_code == 404


def test_the_operator_is_recorded_as_such_and_filters_by_client(walk: Path) -> None:
    created = walks.an_envelope(walk)
    other = walks.a_client("AUT")
    browser = operator_browser()
    assert f"?client__id__exact={other.pk}" in words_of(browser.get(LIST))
    assert created.envelope.reference not in words_of(browser.get(f"{LIST}?client__id__exact={other.pk}"))
    browser.bytes_of(place(created.envelope, "presented/1/"))
    last = list(trail.entries(created.envelope.trail))[-1]
    assert (last.members["actor"]["role"], last.value("login")) == ("operator", "operator")


def test_an_open_envelope_is_cancelled_after_a_question(walk: Path) -> None:
    created = walks.an_envelope(walk)
    browser = member_browser(created.envelope.client)
    assert "Annuler l’enveloppe" in words_of(browser.get(place(created.envelope)))
    assert browser.get(place(created.envelope, "cancel/")).status_code == 200
    created.envelope.refresh_from_db()
    assert created.envelope.state == EnvelopeState.OPEN
    page = words_of(browser.post(place(created.envelope, "cancel/"), follow=True))
    assert "est annulée" in page
    assert "Annuler l’enveloppe" not in page
    assert browser.get(place(created.envelope, "cancel/")).status_code == 302


def test_one_that_is_being_signed_is_not_and_the_page_says_why(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer, code = walks.with_code(created)
    signature.submit_code(signer=signer, code=code, actor=walks.actor(), at=now())
    browser = member_browser(signer.envelope.client)
    assert "signe en ce moment" in words_of(browser.post(place(created.envelope, "cancel/"), follow=True))
    walks.work()
    assert "déjà close" in words_of(browser.post(place(created.envelope, "cancel/"), follow=True))


def test_django_s_own_ways_to_touch_rows_are_not_there(walk: Path) -> None:
    """Issue, part 7: read-only, for the operator too."""
    envelope = walks.an_envelope(walk).envelope
    for browser in (operator_browser(), member_browser(envelope.client)):
        for what in ("delete/", "history/", ""):
            assert browser.get(place(envelope, what)).status_code == 404
            assert browser.post(place(envelope, what)).status_code == 404
        assert browser.get(f"{LIST}add/").status_code == 404
        assert browser.post(place(envelope), {"state": "COMPLETED"}).status_code == 405
        assert browser.post(LIST, {"action": "delete_selected", "_selected_action": [envelope.pk]}).status_code < 400
    assert Envelope.objects.get(pk=envelope.pk).state == EnvelopeState.OPEN
