"""Pages of nobody, messages in their frame and errors, in both languages: with no signer known, the browser decides."""

import re
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.conf import settings as configured
from django.template.loader import render_to_string
from django.utils import translation
from django.utils.timezone import now

from signing.models import Signer
from tests.front.languages import said, slips
from tests.front.speakers import OTHER, browser_of, signer_who_speaks, taken
from tests.signing import walks
from tests.signing.views.browser import Browser

PUBLIC = (
    "/",
    "/conditions/",
    "/aide/",
    "/donnees/",
    "/accessibilite/",
    "/verify/",
    "/sandbox/mailbox/",
    "/nowhere",
    f"/a/{'x' * 43}",
)


@pytest.mark.parametrize("address", PUBLIC)
def test_a_page_of_nobody_speaks_the_browsers_language(walk: Path, language: str, address: str) -> None:
    """Where no signer is known, Accept-Language decides, and caches are told."""
    walks.a_client()
    response: Any = browser_of(f"de;q=0.9, {language}-GB;q=0.8").get(address)
    assert "Accept-Language" in response["Vary"]
    taken({"language": language, address: response})


def test_a_page_of_nobody_follows_the_page_that_leads_there(walk: Path, language: str) -> None:
    """The terms that an English statement names open in English, whatever the browser prefers."""
    browser = browser_of(OTHER[language])
    page = browser.get(browser.open(walks.an_envelope(walk, signers=(signer_who_speaks(language),)))).content.decode()
    links = re.findall(r'href="(/(?:conditions|aide|donnees|accessibilite)/[^"]*)"', page)
    assert len(links) == 4
    for link in links:
        taken({"language": language, link: browser.get(link)})


def test_a_message_is_shown_in_the_frame_of_the_browsers_language(walk: Path, language: str) -> None:
    walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    walks.work()
    (file,) = Path(configured.MAILBOX_DIR).glob("*.eml")
    taken({"language": language, "message": browser_of(language).get(f"/sandbox/mailbox/{file.name}")})


def test_what_goes_wrong_is_told_in_the_language_of_the_request(
    walk: Path, language: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Errors: a form without its token, and a failure of ours on a path (then in the signer's language)."""
    created = walks.an_envelope(walk, signers=(signer_who_speaks(language),))
    strict = Browser()
    strict.handler.enforce_csrf_checks = True
    refused: Any = strict.post(f"/a/{created.tokens[0]}", headers={"accept-language": language})
    assert refused.status_code == 403
    taken({"language": language, "403": refused})
    browser = browser_of(OTHER[language])
    browser.raise_request_exception = False
    url = browser.open(created)
    monkeypatch.setattr("signing.views.documents.standing.page", _fails)
    failed = browser.get(url)
    assert failed.status_code == 500
    taken({"language": language, "500": failed})
    monkeypatch.undo()
    missing = browser.get(f"{url}presented/9.pdf")
    assert missing.status_code == 404
    taken({"language": language, "404": missing})


def _fails(_signer: Signer) -> None:
    raise ValueError


def test_a_visit_that_is_over_is_told_in_the_browsers_language(walk: Path, language: str) -> None:
    url = browser_of(language).open(walks.an_envelope(walk))
    Signer.objects.get().visits.update(seen_at=now() - timedelta(days=1))
    taken({"language": language, "over": browser_of(language).get(url)})


@pytest.mark.parametrize("template", ["400.html", "403.html", "404.html"])
def test_an_error_page_speaks_both(template: str, language: str) -> None:
    with translation.override(language):
        assert not slips(said(render_to_string(template)), language)
