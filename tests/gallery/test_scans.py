"""A scan on a phone: its pictures are taken apart by pdf.js itself, whose memory comes back page by page."""

import io
from pathlib import Path
from typing import TYPE_CHECKING

import pikepdf
import pytest
from pikepdf import Dictionary, Name
from PIL import Image

from tests.gallery.scene import Scene
from tests.gallery.test_gallery import chromium
from tests.pdfs import sound
from tests.signing import walks
from tests.stack import ROOT
from tests.window import Window

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Route

__all__ = ["chromium"]
pytestmark = pytest.mark.browser
# Before the worker's own script: the browser's decoder of pictures counts what it was given, and takes nothing.
COUNTED = b"""
self.given = 0;
self.ImageDecoder = class {
  static async isTypeSupported() { return true; }
  constructor() { self.given += 1; throw new Error("nothing is taken"); }
};
"""


WORKER = "vendor/pdfjs/pdf.worker.min.mjs"


def counted(route: "Route") -> None:
    route.fulfill(content_type="text/javascript", body=COUNTED + (ROOT / "static" / WORKER).read_bytes())


def a_scan(file: Path) -> Path:
    """One page that is a picture in JPEG."""
    picture = io.BytesIO()
    Image.effect_noise((1654, 2339), 20).convert("RGB").save(picture, "JPEG")
    pdf = pikepdf.new()
    image = pikepdf.Stream(pdf, picture.getvalue())
    image.stream_dict = Dictionary(Type=Name.XObject, Subtype=Name.Image, Width=1654, Height=2339)
    image.ColorSpace, image.BitsPerComponent, image.Filter = Name.DeviceRGB, 8, Name.DCTDecode
    pdf.add_blank_page(page_size=(595, 842))
    pdf.pages[-1].Contents = pdf.make_stream(b"595 0 0 842 0 0 cm /Im0 Do")
    pdf.pages[-1].Resources = Dictionary(XObject=Dictionary(Im0=pdf.make_indirect(image)))
    file.write_bytes(sound.saved(pdf))
    return file


@pytest.mark.parametrize(("width", "given"), [(390, 0), (1280, 1)])
def test_a_phone_leaves_scans_to_pdfjs(chromium: "Browser", walk: Path, width: int, given: int) -> None:
    """signer-page.md, budget: 700 MB. The browser's own decoder, quicker, is for screens that have the memory."""
    file = a_scan(walk / "scan.pdf")
    signer = walks.opened(walks.an_envelope_of(file))
    window = Window(chromium, width)
    window.context.route(f"**/{WORKER}", counted)
    with window.on(Scene("scan", f"/p/{signer.public_id}/", visit="t1")):
        window.page.locator(".page[data-loaded]:not(.loadingIcon)").first.wait_for(state="attached")
        [worker] = window.page.workers
        assert worker.evaluate("self.given") == given
    window.close()
