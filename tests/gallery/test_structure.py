"""What the page exposes of a tagged PDF: its headings as headings that own their words, not ink alone."""

from collections.abc import Iterator
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from django.utils.timezone import now
from weasyprint import HTML

from signing.actions.envelopes import NewDocument, create_envelope
from signing.models import Document
from tests.evidence import pki
from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
TAGGED = """<html lang="fr"><title>Bail</title><h1>Contrat de location</h1><p>Entre les parties.</p>
<h2>Article 1</h2><p>Le loyer est de cent euros.</p></html>"""


@pytest.fixture
def page(chromium: "Browser", walk: Path) -> "Iterator[Page]":
    """The documents page of a path with one tagged PDF."""
    pki.hold()
    file = walk / "bail.pdf"
    HTML(string=TAGGED).write_pdf(file, pdf_tags=True)
    created = create_envelope(
        client=walks.a_client(),
        documents=[NewDocument(file, "Bail", file.name, Document.Role.TO_SIGN)],
        signers=(walks.CAMILLE,),
        actor=walks.CLIENT,
        at=now(),
    )
    signer = walks.opened(created)
    window = Window(chromium, 1280)
    with window.on(Scene("tagged", f"/p/{signer.public_id}/", visit="t1")):
        yield window.page
        assert not window.complaints
    window.close()


HEARD = """all => all.map(each => [each.getAttribute("aria-level"),
    [...each.querySelectorAll("[aria-owns]")]
        .map(part => document.getElementById(part.getAttribute("aria-owns")).textContent).join(""),
    each.closest("[role=region]").getAttribute("aria-label").replace(/, [^,]*$/, "")])"""


def test_headings_of_a_tagged_file_own_their_words_inside_the_region_of_their_page(page: "Page") -> None:
    """signer-page.md, Fair to all: screen readers get text layer and structure tree, each page a named region.

    What the page hands to the browser; what the browser makes of it for a screen reader is not looked at here.
    """
    headings = page.locator(".structTree [role=heading]")
    headings.first.wait_for(state="attached")
    page.locator(".textLayer [id]").first.wait_for(state="attached")
    region = "Bail, page 1 sur 1"
    assert headings.evaluate_all(HEARD) == [["1", "Contrat de location", region], ["2", "Article 1", region]]
