"""The mention on the page of the documents: typed with a script and without, told where it differs, also in English."""

from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from signing.clients import mentions
from signing.models import Signer, SignerConsent
from tests.signing import walks
from tests.signing.demanding import WANTED, demanding
from tests.signing.views.browser import Browser, words_of

pytestmark = pytest.mark.django_db


def test_without_script_it_comes_with_the_form_and_what_differs_is_said(walk: Path) -> None:
    """signer-page.md, Page and journey 8: summary first, a link to the field, what was typed is kept."""
    browser = Browser()
    url = browser.open(walks.an_envelope(walk, client=demanding()))
    walks.read(Signer.objects.get())
    boxes = {"consents": "1", "consent": ["terms", "whole", "scope"]}
    refused = browser.post(f"{url}sign", boxes | {"mention-whole": "Lu & relu"})
    page = words_of(refused)
    assert refused.status_code == 409
    assert "<title>Erreur" in page
    assert f'<a href="#mention-whole">Mention à écrire&nbsp;: «&nbsp;{WANTED}&nbsp;»</a>' in page
    assert 'value="Lu &amp; relu"' in page
    assert 'aria-invalid="true"' in page
    assert f"Ce n’est pas la mention demandée. Écrivez&nbsp;: {WANTED}" in page
    assert browser.post(f"{url}sign", boxes | {"mention-whole": "lu et approuvé"}).headers["Location"].endswith("/code")


def test_the_enter_key_in_its_field_does_not_sign(walk: Path) -> None:
    """A browser presses the first button of a form then: it keeps what is typed."""
    browser = Browser()
    url = browser.open(walks.an_envelope(walk, client=demanding()))
    walks.read(Signer.objects.get())
    form = words_of(browser.get(url)).partition('id="signature"')[2]
    assert form.index('name="keep"') < form.index('type="checkbox"')
    sent = {"consents": "1", "consent": ["terms", "whole", "scope"], "mention-whole": WANTED, "keep": "1"}
    answer = browser.post(f"{url}sign", sent)
    assert answer.headers["Location"] == f"{url}#accord"
    signer = Signer.objects.get()
    assert signer.enabled_at
    assert not signer.clicked_at
    assert f'value="{WANTED}"' in words_of(browser.get(url))


def test_the_script_is_told_whether_the_words_are_right(walk: Path) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk, client=demanding()))

    def send(**sent: str) -> Any:
        return browser.post(f"{url}consent", sent, headers={"accept": "application/json"})

    first = send(consent="whole", typed="Lu").json()
    assert first["accepted"] is False
    assert first["missing"] == {"pages": 4, "boxes": 3, "mentions": 1}
    right = send(consent="whole", typed="LU ET APPROUVE").json()
    assert right["accepted"] is True
    assert right["missing"]["mentions"] == 0
    assert send(consent="terms", typed="x").status_code == 400
    assert send(consent="whole", typed="x" * 3_000).status_code == 200
    assert SignerConsent.objects.get(key="whole").typed == "x" * mentions.LONGEST_TYPED


def test_english_asks_for_it_in_english(walk: Path) -> None:
    client = demanding("en", "Read and approved", demanding())
    created = walks.an_envelope(walk, client=client, signers=(replace(walks.CAMILLE, language="en"),))
    page = words_of((browser := Browser()).get(browser.open(created)))
    assert "Type these words yourself: “Read and approved”" in page
