"""Files given for an envelope that is prepared: the verdict of each in its place, limits, and no file anywhere else."""

import re
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings
from django.utils.timezone import now

from signing.admin import draft_forms
from signing.engine import intake
from signing.engine.refusals import WORDINGS, Label
from signing.jobs.sweep import sweep
from signing.models import Draft, DraftDocument
from tests.pdfs import active, broken, sound
from tests.signing.admin.drafts import NEW, here, pdf, press, typed
from tests.signing.views.browser import Browser, words_of


def test_a_refused_file_says_why_in_its_place_and_nothing_is_lost(browser: Browser) -> None:
    files = {"new-to_sign": [pdf(), pdf(active.javascript(), "piege.pdf")]}
    page = words_of(press(browser, "review", typed() | files))
    assert "PDF_JAVASCRIPT" in page
    assert WORDINGS[Label.JAVASCRIPT].french in page.replace("\N{NO-BREAK SPACE}", " ")
    assert "Remplacez ou retirez les documents refusés" in page
    assert re.search(r"Accepté\..*2\s*pages", page.replace("\n", " "))
    assert 'value="camille@exemple.fr"' in page
    kept, refused = DraftDocument.objects.order_by("n")
    assert kept.path.is_file()
    assert not refused.path.exists()
    replaced = {f"document-{refused.public_id}-file": pdf(name="propre.pdf")}
    assert "Relire avant d’envoyer</h1>" in words_of(press(browser, "review", typed() | replaced, here()))
    refused.refresh_from_db()
    assert (refused.title, refused.filename, refused.label) == ("piege", "propre.pdf", "")


def test_the_verdict_speaks_the_reader_s_language(browser: Browser) -> None:
    press(browser, "save", {"new-to_sign": pdf(active.javascript(), "trap.pdf")})
    page = words_of(browser.get(here(), headers={"accept-language": "en"}))
    assert WORDINGS[Label.JAVASCRIPT].english in page.replace("&#x27;", "'")


def test_a_repaired_file_shows_both_digests(browser: Browser) -> None:
    press(browser, "save", {"new-to_sign": pdf(broken.wrong_offsets())})
    row = DraftDocument.objects.get()
    page = words_of(browser.get(here())).replace(" ", "")
    assert row.sha256 != row.received_sha256
    assert row.sha256 in page
    assert row.received_sha256 in page
    assert "Acceptéaprèsréparation" in page


def test_one_byte_too_many_is_refused_with_the_limit(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, bombs: 50 MB by default; the page says so, and no more than that is written."""
    content = sound.contract(1)
    limits = intake.Limits(max_bytes=len(content) - 101)
    monkeypatch.setattr("signing.clients.documents.limits", lambda _client: limits)
    monkeypatch.setattr("signing.actions.drafts.limits", lambda _client: limits)
    press(browser, "save", {"new-to_sign": pdf(content)})
    row = DraftDocument.objects.get()
    assert row.label == "PDF_TOO_LARGE"
    assert row.size == len(content) - 100


def test_too_much_at_once_is_not_read(browser: Browser, settings: Any) -> None:
    settings.UPLOAD_MAX_BYTES = 1000
    answer = press(browser, "save", {"new-to_sign": pdf()})
    assert answer.status_code == 413
    assert "Rien n’a été lu" in words_of(answer)
    assert not Draft.objects.exists()


def test_more_documents_than_an_envelope_has_are_named(browser: Browser, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(draft_forms, "DOCUMENTS", 1)
    page = words_of(press(browser, "save", {"new-to_sign": [pdf(), pdf(name="second.pdf")]}))
    assert "«\u00a0second.pdf\u00a0» n’est pas pris" in page
    assert DraftDocument.objects.count() == 1


def test_a_folder_that_a_crash_left_goes_too(browser: Browser) -> None:
    left = Path(settings.DRAFTS_DIR) / "left"
    left.mkdir(parents=True)
    sweep(now())
    assert not left.exists()


def test_a_form_from_elsewhere_is_refused(browser: Browser) -> None:
    """reliability.md, CSRF: the check comes after the choice of where files go, and it comes."""
    strict = Browser()
    strict.handler.enforce_csrf_checks = True
    strict.cookies = browser.cookies
    assert strict.post(NEW, typed() | {"action": "save", "new-to_sign": pdf()}).status_code == 403
    assert not Draft.objects.exists()


def test_no_other_page_takes_files(browser: Browser) -> None:
    """The default handler drops them: nobody fills the disk through a page that awaits none."""
    answer = browser.post("/admin/password_change/", {"old_password": pdf()})
    assert answer.status_code == 200
    assert not answer.wsgi_request.FILES
