"""A contract of many pages: what is far from the window costs neither memory nor layout."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.signing import walks
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
PAGES = 30
# Pages, by their element's id, in the order in which they were drawn.
NOTED = """
  globalThis.order = [];
  new MutationObserver((changes) => {
    const drawn = changes.map(({ target }) => target).filter((target) => target.matches(".page[data-loaded]"));
    order.push(...drawn.map((target) => target.closest("[id^=d1-p]").id));
  }).observe(document, { subtree: true, attributeFilter: ["data-loaded"] });
"""
# Whether the words in margin and row of a page are laid out where it lies now.
LAID_OUT = """folio => ["number", "declare"].map(
  (name) => folio.querySelector(`.${name}`).checkVisibility({ contentVisibilityAuto: true }))"""


def test_marks_and_rows_that_are_far_away_are_not_laid_out(chromium: "Browser", walk: Path) -> None:
    """signer-page.md, budget: fonts of a PDF that arrive lay out anew all that is laid out."""
    signer = walks.opened(walks.an_envelope(walk, pages=PAGES))
    window = Window(chromium, 390)
    with window.on(Scene("far", f"/p/{signer.public_id}/", visit="t1")):
        first, last = (window.page.locator(f"#d1-p{n}") for n in (1, PAGES))
        window.page.locator(".page[data-loaded]").first.wait_for(state="attached")
        assert first.evaluate(LAID_OUT) == [True, True]
        assert last.evaluate(LAID_OUT) == [False, False]
        before = last.bounding_box()
        last.scroll_into_view_if_needed()
        last.locator(".page[data-loaded]").wait_for(state="attached")
        assert last.evaluate(LAID_OUT) == [True, True]
        assert first.evaluate(LAID_OUT) == [False, False]
        after = last.bounding_box()
        assert before is not None
        assert after is not None
        assert after["height"] == before["height"]  # the room kept is the room taken
        assert not window.complaints
    window.close()


def test_what_is_in_sight_is_drawn_before_what_is_beside_it(chromium: "Browser", walk: Path) -> None:
    """Issue 7, 1: one page after the other, the visible one first, whichever somebody jumps to."""
    signer = walks.opened(walks.an_envelope(walk, pages=PAGES))
    window = Window(chromium, 390)
    window.context.add_init_script(NOTED)
    with window.on(Scene("far", f"/p/{signer.public_id}/", visit="t1")):
        page = window.page
        page.locator("#d1-p2 .page[data-loaded]").wait_for(state="attached")
        page.locator("#d1-p15").evaluate("folio => folio.scrollIntoView({block: 'start', behavior: 'instant'})")
        for n in (14, 15, 16):
            page.locator(f"#d1-p{n} .page[data-loaded]").wait_for(state="attached")
        order = page.evaluate("order")
        assert order[0] == "d1-p1"
        assert next(each for each in order if int(each.removeprefix("d1-p")) > PAGES // 3) == "d1-p15"
        assert not {f"d1-p{n}" for n in range(20, PAGES + 1)} & set(order)  # a screen ahead, and no more
    window.close()
