"""The page of the documents: its names, its boxes, SIGNER, and what intake found."""

from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Literal

import pytest
from django.utils.timezone import now

from signing import reading
from signing.actions import signature
from signing.actions.envelopes import NewDocument, create_envelope
from signing.models import Document, Signer
from signing.states import SignerState
from tests.pdfs import broken, shown, signed, sound
from tests.signing import walks
from tests.signing.views.browser import Browser, path_of, visit, words_of


def test_the_page_lists_everything_with_its_exact_names(walk: Path) -> None:
    """Issue: names that scripts and screen readers find."""
    browser, url = visit(walk)
    page = words_of(browser.get(url))
    for name in ("J’ai lu la page 1", "0 pages lues sur 4", "Page suivante à lire", "SIGNER", "REFUSER", "Télécharger"):
        assert name in page.replace("'", "’").replace("&#x27;", "’").replace("\xa0", " "), name


def test_sign_without_reading_or_consent_is_409_with_what_is_missing(walk: Path) -> None:
    """Issue: SIGN posted without reading or consent (409 with what is missing)."""
    browser, url = visit(walk)
    response = browser.post(f"{url}sign", headers={"accept": "application/json"})
    assert response.status_code == 409
    assert response.json()["missing"] == {"pages": 4, "boxes": 3, "mentions": 0}
    assert len(response.json()["pages"]) == 4
    assert Signer.objects.get().state == SignerState.OPENED
    assert walks.entries(Signer.objects.get())[-1] == "sign.blocked"
    page = browser.post(f"{url}sign", headers={"accept": "text/html"})
    assert page.status_code == 409


@pytest.mark.parametrize("address", ["sign", "declare"])
def test_a_restored_tab_leads_to_where_the_path_stands(walk: Path, address: str) -> None:
    """No dead end: what a form was answered with stands under the form's address, and phones restore tabs by GET."""
    browser, url = visit(walk)
    assert browser.get(f"{url}{address}")["Location"] == url
    assert walks.entries(Signer.objects.get())[-1] != "sign.blocked"
    assert Browser().get(f"{url}{address}").status_code == 403


def test_boxes_can_be_checked_and_unchecked_and_each_is_recorded(walk: Path) -> None:
    browser, url = visit(walk)
    for checked in ("true", "false"):
        browser.post(f"{url}consent", {"consent": "terms", "checked": checked})
    assert walks.entries(Signer.objects.get())[-2:] == ["consent.checked", "consent.unchecked"]
    assert browser.post(f"{url}consent", {"consent": "unknown", "checked": "true"}).status_code == 400


def test_boxes_come_with_the_form_where_there_is_no_script(walk: Path) -> None:
    created = walks.an_envelope(walk)
    signer = walks.read(walks.opened(created))
    browser = Browser()
    url = browser.open(created)
    response = browser.post(f"{url}sign", {"consents": "1", "consent": ["terms", "whole", "scope"]})
    assert response["Location"] == f"{url}code"
    assert walks.fresh(signer).work == Signer.Work.SEND_CODE


def test_a_double_click_asks_for_one_code(walk: Path) -> None:
    """Issue: double click (one signature)."""
    created = walks.an_envelope(walk)
    signer = walks.ready(created)
    browser = Browser()
    url = browser.open(created)
    for _ in range(2):
        assert browser.post(f"{url}sign")["Location"] == f"{url}code"
    kinds = walks.entries(signer)
    assert kinds.count("sign.clicked") == 1
    walks.work()
    assert walks.entries(signer).count("code.issued") == 1


def test_the_path_of_the_page_is_its_public_id(walk: Path) -> None:
    _, url = visit(walk)
    assert url == path_of(Signer.objects.get())
    assert reading.CELLS == 80


@pytest.mark.parametrize("way", ["script", "form"])
def test_what_was_agreed_to_stands_once_sign_was_clicked(walk: Path, way: str) -> None:
    """No box is unchecked between SIGNER and the code: what is signed is what was agreed to."""
    created = walks.an_envelope(walk)
    signer = walks.ready(created)
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    browser = Browser()
    url = path_of(signer)
    browser.open(created)
    if way == "script":
        key = signer.consents.first().key  # type: ignore[union-attr]  # there are three
        assert browser.post(f"{url}consent", {"consent": key, "checked": "false"}).status_code == 409
    else:
        assert browser.post(f"{url}sign", {"consents": "1"}).status_code == 302
    assert not signer.consents.filter(checked_at=None).exists()
    assert "consent.unchecked" not in walks.entries(signer)


@pytest.mark.parametrize(
    ("content", "french", "english"),
    [
        (sound.attachment, "contient un fichier joint, que cette page n’affiche pas", "contains one attached file"),
        (sound.shown_layers, "contient des calques. Ils sont tous affichés ici", "contains layers"),
        (
            shown.UNPRINTED["note"],
            "une annotation affichée ici qui n’est pas imprimée",
            "shown here that is not printed",
        ),
        (broken.wrong_offsets, "ne pouvait pas être signé tel quel : il a été réparé", "could not be signed as it was"),
        (signed.approved, "portait déjà une signature électronique", "already carried an electronic signature"),
        (signed.approved_twice, "portait déjà 2 signatures", "already carried 2 electronic signatures"),
    ],
)
def test_what_intake_found_is_told_to_the_signer(
    content: Callable[[], bytes], french: str, english: str, walk: Path
) -> None:
    """reliability.md, Threats: embedded files, layers, repairs and what others signed."""
    walks.pki.hold()
    source = walk / "contrat.pdf"
    source.write_bytes(content())
    client = walks.a_client()
    spoken: tuple[tuple[Literal["fr", "en"], str], ...] = (("fr", french), ("en", english))
    for language, told in spoken:
        created = create_envelope(
            client=client,
            documents=[NewDocument(source, "Contrat", source.name, Document.Role.TO_SIGN)],
            signers=(replace(walks.CAMILLE, language=language),),
            actor=walks.CLIENT,
            at=now(),
            language=language,
        )
        browser = Browser()
        page = words_of(browser.get(browser.open(created)))
        assert told in " ".join(page.replace("\xa0", " ").split()), page
