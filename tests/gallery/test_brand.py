"""Pages in a client's own ink and with its logo: laid out and read as well as in ours."""

from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from signing.clients.looks import Look
from tests.gallery import stage
from tests.gallery.layout import faults
from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium, violations
from tests.signing import walks
from tests.signing.views.test_looks import a_logo
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
INK = "getComputedStyle(document.querySelector('.button.main')).backgroundColor"


@pytest.mark.parametrize(
    ("width", "theme", "ink"), [(320, "dark", "rgb(192, 114, 138)"), (1280, "light", "rgb(150, 20, 60)")]
)
def test_a_clients_pages_are_sound_in_its_own_ink(
    chromium: "Browser", walk: Path, width: int, theme: str, ink: str
) -> None:
    """signer-page.md, 11: a client's logo and colour through tokens served as a CSS file; 10: no violation."""
    created = stage.an_envelope(walk, "fr")
    Look.objects.create(client=created.envelope.client, ink="#96143c", logo=a_logo())
    signer = walks.opened(created)
    window = Window(chromium, width, theme)
    for scene in (Scene("landing", f"/a/{created.tokens[0]}"), Scene("refuse", f"/p/{signer.public_id}/", visit="t1")):
        with window.on(scene):
            assert window.page.locator(".brand").evaluate("image => image.naturalWidth") == 240
            assert faults(window.page) + violations(window) + window.complaints == []
            if scene.name == "landing":
                assert window.page.evaluate(INK) == ink
    window.close()
