"""The README's pictures of a path, taken here as a signer on a phone sees its pages: `make pictures` keeps them.

How they look is for people to compare: dates and references differ each time, and lines break where they do.
"""

import json
import os
import re
import shutil
import subprocess
from pathlib import Path
from typing import TYPE_CHECKING

import pytest
from PIL import Image

from tests.browser import NARROW
from tests.journeys import signer
from tests.stack import ROOT, Stack

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

pytestmark = pytest.mark.browser
KEPT = ROOT / "docs" / "pictures"
NAMES = ("landing", "documents", "consent", "code", "done", "dossier")
ENDS_MILLISECONDS = 40_000


@pytest.fixture
def phone(browser: "Browser") -> "Page":
    """A phone whose picture is twice as fine, as eyes see it."""
    width, height = NARROW
    context = browser.new_context(
        viewport={"width": width, "height": height},
        device_scale_factor=2,
        locale="fr-FR",
        timezone_id="Europe/Paris",
        reduced_motion="reduce",
    )
    context.set_default_timeout(ENDS_MILLISECONDS)
    return context.new_page()


@pytest.fixture
def taken(stack: Stack, phone: "Page", tmp_path: Path) -> Path:
    """A folder with a picture of each page of a path, and of page one of its dossier."""
    from playwright.sync_api import expect  # noqa: PLC0415 - browser tests only

    folder = tmp_path / "pictures"
    folder.mkdir()

    def take(name: str) -> None:
        phone.evaluate("document.fonts.ready")
        phone.screenshot(path=folder / f"{name}.png")

    link = json.loads(stack.manage("sandbox").stdout)["link"]
    phone.goto(link)
    take("landing")
    signer.open_documents(phone, link)
    expect(phone.locator("canvas").first).to_be_visible()
    take("documents")
    signer.read_by_scrolling(phone)
    signer.agree(phone)
    take("consent")
    before = signer.newest_code(stack.state / "mailbox")
    signer.press_sign(phone)
    expect(phone.get_by_label(re.compile("^Code"))).to_be_visible()
    take("code")
    signer.enter(phone, signer.newest_code(stack.state / "mailbox", besides=before))
    expect(phone.get_by_role("heading", level=1)).to_have_text(re.compile("C’est signé"), timeout=ENDS_MILLISECONDS)
    take("done")
    dossier_page(stack, phone, folder)
    return folder


def dossier_page(stack: Stack, phone: "Page", folder: Path) -> None:
    """Page one of the dossier, as wide as a phone's picture."""
    reference = re.search(r"EXS-\d{4}-\d{6}", phone.inner_text("body"))
    assert reference
    stack.export(reference[0], folder / "out")
    dossier = folder / "out" / "signer-1" / "dossier.pdf"
    command = ["pdftoppm", "-png", "-singlefile", "-scale-to-x", str(2 * NARROW[0]), "-scale-to-y", "-1"]
    subprocess.run([*command, str(dossier), str(folder / "dossier")], check=True, capture_output=True, timeout=60)
    shutil.rmtree(folder / "out")


def test_the_readme_shows_every_page_that_is_taken(taken: Path) -> None:
    """Issue 3, part 8."""
    if os.environ.get("KEEP_PICTURES"):
        shutil.rmtree(KEPT, ignore_errors=True)
        shutil.copytree(taken, KEPT)
    shown = re.findall(r"docs/pictures/([a-z]+)\.png", (ROOT / "README.md").read_text())
    assert tuple(shown) == NAMES
    assert sizes(KEPT) == sizes(taken)
    assert set(sizes(taken)) == set(NAMES)


def sizes(folder: Path) -> dict[str, tuple[int, int]]:
    """Width and height of each picture of a folder, in pixels; reading them whole, so that none is cut short."""
    found = {}
    for path in folder.iterdir():
        with Image.open(path) as picture:
            picture.load()
            found[path.stem] = picture.size
    return found
