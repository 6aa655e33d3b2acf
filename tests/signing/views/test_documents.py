from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal

import pytest
from django.utils.timezone import now

from evidence import trail
from signing import reading
from signing.actions import signature
from signing.actions.envelopes import NewDocument, create_envelope
from signing.models import Document, PageReading, Signer
from signing.states import SignerState
from tests.pdfs import broken, shown, signed, sound
from tests.signing import walks
from tests.signing.views.browser import Browser, path_of, words_of

FULL = "f" * 20


def a_batch(seq: int = 1, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"stream": "stream-01", "seq": seq, "pages": list(pages)}


def claim(document: int = 1, page: int = 1, ms: int = 1000, cells: str = FULL) -> dict[str, Any]:
    return {"document": document, "page": page, "cells": cells, "ms": ms}


def visit(walk: Path) -> tuple[Browser, str]:
    browser = Browser()
    return browser, browser.open(walks.an_envelope(walk))


def no_time_passes() -> None:
    """Let the last batch have been taken this very moment, however slow the test's machine is."""
    Signer.objects.update(reading_credit_at=now() + walks.timedelta(hours=1))


def back_in_time(**seconds: float) -> None:
    """Let so much time have passed since the last batch."""
    Signer.objects.update(reading_credit_at=now() - walks.timedelta(**seconds))


def test_the_page_lists_everything_with_its_exact_names(walk: Path) -> None:
    """Issue: names that scripts and screen readers find."""
    browser, url = visit(walk)
    page = words_of(browser.get(url))
    for name in ("J’ai lu la page 1", "0 pages lues sur 4", "Page suivante à lire", "SIGNER", "REFUSER", "Télécharger"):
        assert name in page.replace("'", "’").replace("&#x27;", "’").replace("\xa0", " "), name


def test_a_page_is_read_when_all_of_it_was_shown_for_long_enough(walk: Path) -> None:
    browser, url = visit(walk)
    browser.get(f"{url}presented/1.pdf")
    answer = browser.send_json(f"{url}reading", a_batch(1, claim())).json()
    assert answer["pages_read"] == 1
    assert answer["pages"][0]["method"] == "displayed"
    assert answer["next"] == {"document": 1, "page": 2}
    assert walks.entries(Signer.objects.get())[-1] == "page.read"


def test_reading_of_a_document_that_was_never_served_is_refused(walk: Path) -> None:
    """signer-page.md: the document's bytes must have been served to this signer."""
    browser, url = visit(walk)
    response = browser.send_json(f"{url}reading", a_batch(1, claim()))
    assert response.status_code == 400
    assert not PageReading.objects.exists()


def test_a_forged_batch_for_all_pages_at_once_reads_one_at_most(walk: Path) -> None:
    """signer-page.md: claimed time <= twice the time passed + 1.5 s, the excess refused and traced."""
    browser, url = visit(walk)
    for n in (1, 2):
        browser.get(f"{url}presented/{n}.pdf")
    no_time_passes()
    response = browser.send_json(f"{url}reading", a_batch(1, claim(page=1), claim(page=2), claim(document=2)))
    answer = response.json()
    assert answer["pages_read"] <= 1
    assert answer["refused_ms"] == 1500
    assert "reading.refused" in walks.entries(Signer.objects.get())


def test_a_batch_that_comes_again_changes_nothing(walk: Path) -> None:
    """signer-page.md: idempotent by sequence."""
    browser, url = visit(walk)
    browser.get(f"{url}presented/1.pdf")
    body = a_batch(1, claim(ms=400))
    browser.send_json(f"{url}reading", body)
    back_in_time(seconds=10)
    browser.send_json(f"{url}reading", body)
    assert PageReading.objects.get().dwell_ms == 400


def test_time_and_cells_add_up_over_batches_and_devices(walk: Path) -> None:
    """signer-page.md: reading survives reload and a second device."""
    created = walks.an_envelope(walk)
    first, second = Browser(), Browser()
    url = first.open(created)
    first.get(f"{url}presented/1.pdf")
    upper, lower = f"{(1 << 40) - 1:020x}", f"{((1 << 40) - 1) << 40:020x}"
    first.send_json(f"{url}reading", a_batch(1, claim(cells=upper, ms=500)))
    assert second.open(created) == url
    back_in_time(seconds=1)
    answer = second.send_json(f"{url}reading", a_batch(1, claim(cells=lower, ms=500)) | {"stream": "stream-02"}).json()
    assert answer["pages_read"] == 1


@pytest.mark.parametrize("body", [b"", b"{}", b"[1]", b"\xff", b'{"stream":"abcdefgh","seq":1,"pages":[{}]}'])
def test_a_malformed_batch_is_400(walk: Path, body: bytes) -> None:
    browser, url = visit(walk)
    assert browser.post(f"{url}reading", body, content_type="application/json").status_code == 400


def test_a_batch_too_large_is_413(walk: Path) -> None:
    browser, url = visit(walk)
    body = b" " * (64 * 1024 + 1)
    assert browser.post(f"{url}reading", body, content_type="application/json").status_code == 413


def test_the_button_reads_a_page_for_the_same_time(walk: Path) -> None:
    """signer-page.md: "J'ai lu la page N" for everybody, same minimum time, traced as declared."""
    browser, url = visit(walk)
    browser.get(f"{url}presented/1.pdf")
    no_time_passes()
    assert browser.declare(url, 1, 1).json()["pages"][0]["method"] == "declared"
    no_time_passes()
    early = browser.declare(url, 1, 2)
    assert early.status_code == 409
    assert early.json()["wait_ms"] == 250
    Signer.objects.update(reading_credit_at=now() - walks.timedelta(seconds=1))
    assert browser.declare(url, 1, 2).json()["pages_read"] == 2


def test_the_button_works_without_script(walk: Path) -> None:
    browser, url = visit(walk)
    browser.get(f"{url}presented/1.pdf")
    response = browser.post(f"{url}declare", {"document": 1, "page": 1}, headers={"accept": "text/html"})
    assert response.status_code == 302
    assert response["Location"] == f"{url}#d1-p1"


@pytest.mark.parametrize(
    "where", [{"document": 1, "page": 99}, {"document": 9, "page": 1}, {"document": "x", "page": 1}]
)
def test_a_page_that_does_not_exist_is_not_read(walk: Path, where: dict[str, Any]) -> None:
    browser, url = visit(walk)
    browser.get(f"{url}presented/1.pdf")
    assert browser.declare(url, where["document"], where["page"]).status_code == 400


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


def test_nothing_is_read_or_agreed_to_after_the_end(walk: Path) -> None:
    """signer-page.md: events after closing -> 409."""
    created = walks.an_envelope(walk)
    browser = Browser()
    url = browser.open(created)
    browser.get(f"{url}presented/1.pdf")
    signature.refuse(signer=Signer.objects.get(), choice="other", reason="", actor=walks.actor(), at=now())
    assert browser.send_json(f"{url}reading", a_batch(1, claim())).status_code == 409
    assert browser.declare(url, 1, 1).status_code == 409
    assert browser.post(f"{url}consent", {"consent": "terms", "checked": "true"}).status_code == 409
    assert browser.get(url).status_code == 302


def test_another_browser_reads_nothing_for_this_signer(walk: Path) -> None:
    _, url = visit(walk)
    stranger = Browser()
    assert stranger.send_json(f"{url}reading", a_batch(1, claim())).status_code == 403
    assert stranger.get(f"{url}presented/1.pdf").status_code == 403
    assert stranger.post(f"{url}sign").status_code == 403


def test_the_documents_entry_follows_its_last_page(walk: Path) -> None:
    signer = walks.read(walks.opened(walks.an_envelope(walk)))
    kinds = walks.entries(signer)
    assert kinds.count("document.read") == 2
    assert kinds.count("page.read") == 4
    methods = {entry.data["method"] for entry in trail.entries(signer.envelope.trail) if entry.kind == "page.read"}
    assert methods == {"declared"}


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
