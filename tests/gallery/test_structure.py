"""What a screen reader is told of a tagged PDF: headings and paragraphs with their words, not ink alone."""

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pytest
from weasyprint import HTML

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
    file = walk / "bail.pdf"
    HTML(string=TAGGED).write_pdf(file, pdf_tags=True)
    signer = walks.opened(walks.an_envelope_of(file))
    window = Window(chromium, 1280)
    with window.on(Scene("tagged", f"/p/{signer.public_id}/", visit="t1")):
        yield window.page
        assert not window.complaints
    window.close()


def test_a_tagged_file_is_heard_in_its_own_order_inside_the_region_of_its_page(page: "Page") -> None:
    """signer-page.md, Fair to all: screen readers get text layer and structure tree, each page a named region.

    What Chromium tells a screen reader, not what stands in the document: elements that are owned may be left out of it.
    """
    page.locator(".structTree [role=heading]").first.wait_for(state="attached")
    page.locator(".textLayer [id]").first.wait_for(state="attached")
    told = page.context.new_cdp_session(page).send("Accessibility.getFullAXTree")["nodes"]
    heard = Heard({node["nodeId"]: node for node in told})
    [region] = [node for node in told if heard.name(node).startswith("Bail, page 1 sur 1")]
    assert [each for each in heard.parts(region) if each[0] != "button"] == [
        ("heading 1", "Contrat de location"),
        ("paragraph", "Entre les parties."),
        ("heading 2", "Article 1"),
        ("paragraph", "Le loyer est de cent euros."),
    ]


PLACES = """all => all.map(each => {
    const layer = each.closest(".textLayer").getBoundingClientRect(), box = each.getBoundingClientRect();
    return [100 * (box.left - layer.left) / layer.width - parseFloat(each.style.left),
        100 * (box.top - layer.top) / layer.height - parseFloat(each.style.top)];
})"""


def test_words_that_can_be_selected_lie_where_pdfjs_puts_them(page: "Page") -> None:
    """The text layer's place in the page is not moved by what makes it heard."""
    words = page.locator(".textLayer .markedContent > span")
    words.first.wait_for(state="attached")
    places = words.evaluate_all(PLACES)
    assert len(places) == 4
    assert all(abs(difference) < 0.1 for place in places for difference in place)


@dataclass
class Heard:
    """The accessibility tree of a page, as the DevTools protocol gives it: nodes by their id."""

    nodes: dict[str, dict[str, Any]]

    def name(self, node: dict[str, Any]) -> str:
        return str(node.get("name", {}).get("value", ""))

    def parts(self, node: dict[str, Any]) -> list[tuple[str, str]]:
        """Give headings (with level), paragraphs, buttons and loose text below `node`, in the order they are heard."""
        role = node.get("role", {}).get("value", "")
        if role == "StaticText":
            return [("text", self.name(node))]
        below = [part for each in node.get("childIds", ()) for part in self.parts(self.nodes[each])]
        if role not in {"heading", "paragraph", "button"}:
            return below
        level = [each["value"]["value"] for each in node["properties"] if each["name"] == "level"]
        return [(" ".join(map(str, [role, *level])), "".join(words for _, words in below))]
