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
