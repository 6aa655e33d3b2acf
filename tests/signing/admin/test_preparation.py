"""Issue, part 7: an administrator prepares an envelope, a draft until it is sent, sent once, or given up."""

from datetime import timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.conf import settings
from django.utils.timezone import now

from evidence import trail
from signing.engine.refusals import WORDINGS, Label
from signing.jobs.sweep import sweep
from signing.models import Draft, DraftDocument, Envelope
from tests.pdfs import active, sound
from tests.signing import walks
from tests.signing.admin import people
from tests.signing.admin.drafts import CAMILLE, NEW, here, pdf, press, typed
from tests.signing.views.browser import Browser, words_of


def test_from_a_file_to_an_open_envelope(browser: Browser) -> None:
    """Draft, review, sent: entries by the client with the login; the link goes out; nothing of the draft is left."""
    fields = typed(CAMILLE | {"turn": "2"}, CAMILLE | {"first_name": "Noé", "language": "en"})
    files = {"new-to_sign": [pdf()], "new-for_information": [pdf(sound.terms(), "cgu.pdf")]}
    page = words_of(press(browser, "review", fields | files))
    assert "Relire avant d’envoyer" in page
    assert "Contrat de bail" in page
    assert Envelope.objects.count() == 0
    folder = Draft.objects.get().folder
    page = words_of(browser.post(f"{here()}review/", follow=True))
    envelope = Envelope.objects.get()
    assert envelope.reference in page
    assert [(row.title, row.role) for row in envelope.documents.order_by("n")] == [
        ("Contrat de bail", "to_sign"),
        ("cgu", "for_information"),
    ]
    people_ = [(row.first_name, row.turn, row.language) for row in envelope.signers.order_by("n")]
    assert people_ == [("Camille", 2, "fr"), ("Noé", 1, "en")]
    assert envelope.expires_at.astimezone(ZoneInfo("Europe/Paris")).strftime("%H:%M") == "23:59"
    created = next(iter(trail.entries(envelope.trail)))
    assert (created.members["actor"]["role"], created.value("login")) == ("client", "julie")
    assert not Draft.objects.exists()
    assert not folder.exists()
    walks.work()
    assert len(list(Path(settings.MAILBOX_DIR).glob("*.eml"))) == 1


@pytest.mark.parametrize(
    ("fields", "sentence"),
    [
        (typed(CAMILLE | {"email": "camille"}), "e-mail"),
        (typed(CAMILLE | {"first_name": "", "last_name": "\u200b"}), "Un signataire a un nom"),
        (typed(code_channel="sms"), "indiquez le mobile"),
        (typed(CAMILLE | {"mobile": "12"}), "pas un numéro de téléphone"),
        (typed(deadline="2020-01-01"), "Choisissez un jour après aujourd’hui"),
        (typed(deadline="demain"), "date valide"),
        (typed(CAMILLE | {"turn": "0"}), "supérieur"),
        (typed(purpose="x" * 201), "200"),
        (typed(), "au moins un document à signer"),
    ],
)
def test_what_is_wrong_is_said_beside_it_and_kept(browser: Browser, fields: dict[str, Any], sentence: str) -> None:
    page = words_of(press(browser, "review", fields))
    assert sentence in page
    assert "Rien de ce que vous avez saisi n’est perdu" in page
    assert browser.get(f"{here()}review/").status_code == 302
    assert Draft.objects.get().typed["purpose"] == fields["purpose"]


def test_signers_are_added_and_empty_lines_do_not_count(browser: Browser) -> None:
    page = words_of(press(browser, "add_signer", typed() | {"new-to_sign": pdf()}))
    assert 'name="signer-1-email"' in page
    fields = typed(CAMILLE, {"language": "fr", "turn": "1"})
    press(browser, "review", fields, here())
    browser.post(f"{here()}review/")
    assert Envelope.objects.get().signers.count() == 1


def test_a_document_is_renamed_turned_and_taken_out(browser: Browser) -> None:
    press(browser, "save", {"new-to_sign": [pdf(), pdf(name="autre.pdf")]})
    first, second = DraftDocument.objects.order_by("n")
    names = {f"document-{first.public_id}-title": "Bail", f"document-{first.public_id}-role": "for_information"}
    press(browser, "save", names | {f"document-{second.public_id}-remove": "1"}, here())
    row = DraftDocument.objects.get()
    assert (row.title, row.role) == ("Bail", "for_information")
    assert not second.path.exists()


def test_given_up_nothing_of_it_is_kept(browser: Browser) -> None:
    press(browser, "save", typed() | {"new-to_sign": pdf()})
    folder = Draft.objects.get().folder
    press(browser, "discard", {}, here())
    assert not Draft.objects.exists()
    assert not folder.exists()


def test_sent_twice_it_is_one_envelope(browser: Browser) -> None:
    press(browser, "save", typed() | {"new-to_sign": pdf()})
    draft = Draft.objects.get()
    address = f"{here()}review/"
    assert draft.claim(at=now())
    assert "part en ce moment" in words_of(browser.post(address, follow=True))
    draft.release()
    browser.post(address)
    assert browser.post(address).status_code == 404
    assert Envelope.objects.count() == 1


def test_a_draft_that_nobody_sent_is_forgotten_with_its_files(browser: Browser) -> None:
    press(browser, "save", typed() | {"new-to_sign": pdf()})
    draft = Draft.objects.get()
    sweep(now())
    assert draft.folder.is_dir()
    sweep(now() + timedelta(hours=settings.DRAFT_HOURS, minutes=1))
    assert not Draft.objects.exists()
    assert not draft.folder.exists()


def test_whoever_has_several_clients_chooses(walk: Path) -> None:
    exs, aut = walks.a_client("EXS"), walks.a_client("AUT")
    walks.a_client("HRS")
    both = people.member_browser(exs, aut)
    assert "HRS" not in words_of(both.get(NEW))
    press(both, "save", typed(client="AUT"))
    assert Draft.objects.get().client == aut
    assert both.post(NEW, typed(client="HRS") | {"action": "save"}).status_code == 404


def test_a_sending_that_fails_gives_the_draft_back(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    press(browser, "save", typed() | {"new-to_sign": pdf()})
    row = DraftDocument.objects.get()
    row.path.write_bytes(active.javascript())
    page = words_of(browser.post(f"{here()}review/", follow=True))
    assert WORDINGS[Label.JAVASCRIPT].french in page
    assert Draft.objects.get().claim(at=now())
    assert not Envelope.objects.exists()
