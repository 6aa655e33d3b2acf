"""What pages ask for before it is needed: the landing page for the next one, the reader for its first document."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gallery import stage
from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from collections.abc import Iterator

    from playwright.sync_api import Browser

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
# What the landing page was told to fetch ahead; which of it has come to its end.
AHEAD = """document.querySelector("script[data-addresses]")?.dataset.addresses.split(" ") ?? []"""
COME = f"""() => {{
  const ahead = {AHEAD};
  const asked = performance.getEntriesByType("resource").filter((each) => each.responseEnd);
  const names = asked.filter((each) => each.initiatorType === "fetch").map((each) => new URL(each.name).pathname);
  return ahead.length > 0 && ahead.every((each) => names.includes(each));
}}"""
LOOKS = 500  # ten seconds
# When the first of them was asked for; when the page had loaded; when the largest of it was painted. Milliseconds.
ORDER = f"""async () => {{
  const ahead = {AHEAD};
  const asked = performance.getEntriesByType("resource").filter((each) => ahead.includes(new URL(each.name).pathname));
  const [page] = performance.getEntriesByType("navigation");
  const {{ startTime: painted }} = await new Promise((tell) =>
    new PerformanceObserver((list) => tell(list.getEntries().at(-1)))
      .observe({{ type: "largest-contentful-paint", buffered: true }}));
  return [Math.min(...asked.map((each) => each.startTime)), page.loadEventStart, painted];
}}"""


@pytest.fixture
def window(chromium: "Browser") -> "Iterator[Window]":
    opened = Window(chromium, 390)
    yield opened
    opened.close()


def test_the_landing_page_fetches_the_next_one_ahead_once_it_stands_there(window: Window, walk: Path) -> None:
    """signer-page.md, Transfer: warm the cache from the page before; issue 7: and be quick oneself."""
    link = f"/a/{stage.an_envelope(walk, 'fr').tokens[0]}"
    with window.on(Scene("landing", link)):
        addresses = window.page.evaluate(AHEAD)
        for _ in range(LOOKS):
            if window.page.evaluate(COME):
                break
            window.page.wait_for_timeout(20)
        else:
            pytest.fail("not all of it has come")
        first, loaded, painted = window.page.evaluate(ORDER)
        assert first >= loaded > 0
        assert first >= painted > 0
        assert len(set(addresses)) == len(addresses)
        assert {"pdf.min.mjs", "pdf.worker.min.mjs", "reader.css"} <= {each.rsplit("/", 1)[1] for each in addresses}
        assert not window.complaints


def test_nothing_is_fetched_ahead_where_there_is_nothing_left_to_read(window: Window, walk: Path) -> None:
    created = stage.an_envelope(walk, "fr")
    stage.apart(lambda: walks.signed(created))
    with window.on(Scene("landing-signed", f"/a/{created.tokens[0]}")):
        assert "vous avez signé" in window.page.inner_text("h1")
        assert not window.page.evaluate(AHEAD)


def test_the_first_document_is_asked_for_before_what_draws_it(window: Window, walk: Path) -> None:
    """Even where no part of the reader arrives, it is on its way: the scripts start while it comes."""
    signer = walks.opened(stage.an_envelope(walk, "fr"))
    scene = Scene("documents", f"/p/{signer.public_id}/", visit="t1", broken=("renderer.mjs",))
    asked: list[str] = []
    window.context.on("request", lambda request: asked.append(request.url))
    with window.on(scene):
        assert [each for each in asked if each.endswith("/presented/1.pdf")]
        assert not [each for each in asked if each.endswith("/presented/2.pdf")]


def test_a_document_that_is_on_its_way_is_not_asked_for_twice(window: Window, walk: Path) -> None:
    signer = walks.opened(stage.an_envelope(walk, "fr"))
    asked: list[str] = []
    window.context.on("request", lambda request: asked.append(request.url))
    with window.on(Scene("documents", f"/p/{signer.public_id}/", visit="t1")):
        window.page.locator(".page[data-loaded]").first.wait_for(state="attached")
        assert len([each for each in asked if each.endswith("/presented/1.pdf")]) == 1
