"""Reading as the page tells it, in batches or by a page's button: what is taken, refused, and no longer possible."""

from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from evidence import trail
from signing.actions import signature
from signing.models import PageReading, Signer
from tests.signing import walks
from tests.signing.views.browser import Browser, visit

FULL = "f" * 20


def a_batch(seq: int = 1, *pages: dict[str, Any]) -> dict[str, Any]:
    return {"stream": "stream-01", "seq": seq, "pages": list(pages)}


def claim(document: int = 1, page: int = 1, ms: int = 1000, cells: str = FULL) -> dict[str, Any]:
    return {"document": document, "page": page, "cells": cells, "ms": ms}


def no_time_passes() -> None:
    """Let the last batch have been taken this very moment, however slow the test's machine is."""
    Signer.objects.update(reading_credit_at=now() + walks.timedelta(hours=1))


def back_in_time(**seconds: float) -> None:
    """Let so much time have passed since the last batch."""
    Signer.objects.update(reading_credit_at=now() - walks.timedelta(**seconds))


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


def test_a_page_that_is_come_back_to_is_told_how_all_stands(walk: Path) -> None:
    """Issue 7, bad input: two tabs."""
    created = walks.an_envelope(walk)
    signer = walks.agreed(walks.read(walks.opened(created)))
    browser = Browser()
    url = browser.open(created)
    told = browser.get(f"{url}standing").json()
    assert told["ready"]
    assert told["open"]
    assert [(page["document"], page["page"], page["method"]) for page in told["pages"]] == [
        *((1, 1, "declared"), (1, 2, "declared"), (2, 1, "declared"), (2, 2, "declared"))
    ]
    assert [(box["id"], box["checked"]) for box in told["consents"]] == [
        *(("terms", True), ("whole", True), ("scope", True))
    ]
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    assert not browser.get(f"{url}standing").json()["open"]
    signature.refuse(signer=walks.fresh(signer), choice="other", reason="", actor=walks.actor(), at=now())
    over = browser.get(f"{url}standing")
    assert (over.status_code, over.json()) == (409, {"error": "closed", "next": f"{url}refused"})
    assert Browser().get(f"{url}standing", headers={"accept": "application/json"}).status_code == 403


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
