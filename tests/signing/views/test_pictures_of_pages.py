"""Pages as pictures, for browsers that draw no PDF (signer-page.md, pdf.js and Proof of reading)."""

import io
from pathlib import Path

import pytest
from PIL import Image

from evidence import trail
from signing.engine import painting
from signing.models import Presentation, Signer
from tests.pdfs import sound
from tests.signing import walks
from tests.signing.views.browser import Browser, words_of


def test_a_page_is_served_as_a_picture_and_declared_as_one(walk: Path) -> None:
    """Without pdf.js: page images rendered by the server, one form per page, traced as `image`."""
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    answer = browser.get(f"{url}presented/1/2.webp")
    with Image.open(io.BytesIO(answer.content)) as picture:
        assert picture.format == "WEBP"
        assert picture.width == 1240
        assert len(picture.getcolors(1 << 20) or []) > 1  # something is drawn
    again = browser.get(f"{url}presented/1/2.webp", headers={"if-none-match": answer["ETag"]})
    assert again.status_code == 304
    assert Presentation.objects.count() == 1
    browser.post(f"{url}declare", {"document": 1, "page": 2}, headers={"accept": "text/html"})
    entry = next(entry for entry in trail.entries(Signer.objects.get().envelope.trail) if entry.kind == "page.read")
    assert entry.data["method"] == "image"


def test_without_script_every_page_has_its_picture_and_its_form(walk: Path) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    page = words_of(browser.get(url))
    for n, number in ((1, 1), (1, 2), (2, 1)):
        assert f'<noscript><img class="picture" src="{url}presented/{n}/{number}.webp"' in page


@pytest.mark.parametrize("where", ["1/0", "1/99", "9/1"])
def test_a_page_that_is_not_there_has_no_picture(walk: Path, where: str) -> None:
    browser = Browser()
    url = browser.open(walks.an_envelope(walk))
    assert browser.get(f"{url}presented/{where}.webp").status_code == 404


def test_another_browser_gets_no_picture(walk: Path) -> None:
    url = Browser().open(walks.an_envelope(walk))
    assert Browser().get(f"{url}presented/1/1.webp").status_code == 403


def test_a_page_that_cannot_be_drawn_is_told(walk: Path, tmp_path: Path) -> None:
    file = tmp_path / "nothing.pdf"
    file.write_bytes(sound.contract(1)[:200])
    with pytest.raises(painting.NotDrawn):
        painting.picture(file, page=1)
