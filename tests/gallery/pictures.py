"""The pictures of docs/gallery: small files that people leaf through. How they look is for people to judge."""

import io
import os
from typing import TYPE_CHECKING

from PIL import Image

from tests.gallery.scene import Scene
from tests.stack import ROOT

if TYPE_CHECKING:
    from playwright.sync_api import Page

FOLDER = ROOT / "docs" / "gallery"
WANTED = bool(os.environ.get("KEEP_GALLERY"))
WIDTHS = (320, 390, 768, 1280, 1920)
FRAMES = [(width, theme) for width in WIDTHS for theme in ("light", "dark")]
SHOWN = {(390, "light", "fr"), (1280, "light", "fr"), (390, "dark", "en")}
"""What is kept of all that is seen: a phone and a desk in French, a phone at night in English."""
QUALITY = 55
LONGEST = 2_400


def keep(page: "Page", scene: Scene, width: int, theme: str, language: str) -> None:
    """Keep a picture, in `make gallery` alone."""
    if not WANTED or (width, theme, language) not in SHOWN:
        return
    picture = Image.open(io.BytesIO(page.screenshot(full_page=scene.whole))).convert("RGB")
    cut = picture.crop((0, 0, picture.width, min(picture.height, LONGEST)))
    FOLDER.mkdir(exist_ok=True)
    cut.save(FOLDER / f"{scene.name}-{width}-{theme}-{language}.webp", quality=QUALITY, method=6)
