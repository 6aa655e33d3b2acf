"""The visible signature that an integrator composes (certsign-api.md, pdfSignatureOptions), as readers draw it."""

import base64
import io
import re
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFile

from signing.engine import pictures
from signing.engine.appearance import Visible
from signing.engine.lines import Line
from signing.engine.overlay import Overlay
from tests.engine.authority import stamp
from tests.engine.overlaid import BLUE, RED, SHEETS, extent, image, signed, size_of
from tests.verification import judges
from tests.verification.pictures import drawn


@pytest.mark.parametrize("kind", SHEETS)
def test_an_image_stands_where_it_was_asked_for(kind: str, tmp_path: Path) -> None:
    """Points from the bottom left of the page as a reader shows it, upright, one pixel a point."""
    sheet = SHEETS[kind]
    page = size_of(sheet)
    target = signed(tmp_path, Overlay(pictures.read(image()), (), page=1, x=50, y=80), sheet)
    (seen,) = drawn(target, last=1)
    red, blue = extent(seen, RED), extent(seen, BLUE)
    near = pytest.approx
    assert (red[0] * page.width, red[1] * page.height) == near((50, 80), abs=2.5)
    assert (blue[2] * page.width, blue[3] * page.height) == near((170, 140), abs=2.5)
    assert red[3] * page.height == near(110, abs=2.5)


@pytest.mark.parametrize(("x", "y"), [(-500, -500), (5000, 5000)])
def test_it_is_moved_onto_the_page(x: float, y: float, tmp_path: Path) -> None:
    page = size_of(SHEETS["plain"])
    target = signed(tmp_path, Overlay(pictures.read(image()), (), page=1, x=x, y=y))
    (seen,) = drawn(target, last=1)
    left, bottom, _, _ = extent(seen, RED)
    expected = (0, 0) if x < 0 else (page.width - 120, page.height - 60)
    assert (left * page.width, bottom * page.height) == pytest.approx(expected, abs=2.5)


def test_one_larger_than_the_page_is_shrunk_to_it(tmp_path: Path) -> None:
    target = signed(tmp_path, Overlay(pictures.read(image((3000, 600))), (), page=1, x=0, y=0))
    (seen,) = drawn(target, last=1)
    left, _, right, top = extent(seen, BLUE)
    assert (left, right) == pytest.approx((0, 1), abs=0.01)
    assert top * size_of(SHEETS["plain"]).height == pytest.approx(size_of(SHEETS["plain"]).width / 5, abs=3)


def test_what_is_transparent_lets_the_page_through(tmp_path: Path) -> None:
    """By a stencil, not a soft mask (ISO 19005-1, 6.4); what is half transparent lies on white."""
    made = Image.new("RGBA", (120, 60), (0, 0, 0, 0))
    ImageDraw.Draw(made).rectangle((0, 0, 30, 59), fill=(200, 0, 0, 255))
    ImageDraw.Draw(made).rectangle((40, 0, 60, 59), fill=(0, 0, 200, 128))
    out = io.BytesIO()
    made.save(out, "PNG")
    picture = pictures.read(out.getvalue())
    assert picture.mask is not None
    target = signed(tmp_path, Overlay(picture, (), page=1, x=50, y=600))
    with pikepdf.open(target) as pdf:
        streams = [each for each in pdf.objects if isinstance(each, pikepdf.Stream)]
        assert not any("/SMask" in each for each in streams)
        assert any("/Mask" in each for each in streams)
    before = tmp_path / "before.pdf"
    before.write_bytes(SHEETS["plain"])
    (bare,), (seen,) = drawn(before, last=1), drawn(target, last=1)
    page = size_of(SHEETS["plain"])
    row = round((1 - 630 / page.height) * seen.height)
    column = round((50 + 100) / page.width * seen.width)
    assert seen.rows[row][3 * column : 3 * column + 3] == bare.rows[row][3 * column : 3 * column + 3]
    half = round((50 + 50) / page.width * seen.width)
    assert seen.rows[row][3 * half : 3 * half + 3] == bytes((127, 127, 227))


@pytest.mark.parametrize("mode", ["1", "L", "LA", "P", "RGB", "RGBA", "I;16"])
def test_every_png_is_drawn(mode: str, tmp_path: Path) -> None:
    picture = pictures.read(image(mode=mode))
    assert (picture.width, picture.height, picture.filter) == (120, 60, "/FlateDecode")
    target = signed(tmp_path, Overlay(picture, (), page=1, x=50, y=80))
    (seen,) = drawn(target, last=1)
    darkness = [255 - sum(row[3 * 80 : 3 * 80 + 3]) / 3 for row in seen.rows]
    assert max(darkness) > 40


ARITHMETIC = base64.b64decode(
    "/9j/4AAQSkZJRgABAQAAAQABAAD/2wBDABALDA4MChAODQ4SERATGCgaGBYWGDEjJR0oOjM9PDkzODdASFxOQERXRTc4UG1RV19iZ2hnPk1xeXBk"
    "eFxlZ2P/2wBDARESEhgVGC8aGi9jQjhCY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2NjY2P/yQARCAAQABAD"
    "ASIAAhEBAxEB/8wACgAQEAUBEBEF/9oADAMBAAIRAxEAPwD/AD/KE4MAvCoYq45XMyhdqxSg/9k="
)
"""Of libjpeg-turbo's `cjpeg -arithmetic`: red above blue."""


def test_a_jpeg_of_another_coding_goes_in_as_pixels() -> None:
    """Pillow reads it, and pdf.js draws nothing of it."""
    assert pictures.read(ARITHMETIC).filter == "/FlateDecode"
    for progressive in (False, True):
        out = io.BytesIO()
        Image.new("RGB", (8, 8), "red").save(out, "JPEG", progressive=progressive)
        assert pictures.read(out.getvalue()).filter == "/DCTDecode"


def test_a_jpeg_goes_in_as_it_is_and_one_in_other_colours_as_pixels(tmp_path: Path) -> None:
    plain = image(kind="JPEG")
    assert pictures.read(plain).data == plain
    printed = image(mode="CMYK", kind="JPEG")
    assert pictures.read(printed).filter == "/FlateDecode"
    for content in (plain, printed):
        (seen,) = drawn(signed(tmp_path, Overlay(pictures.read(content), (), page=1, x=50, y=80)), last=1)
        assert extent(seen, RED, near=60)


def test_a_photograph_is_turned_as_its_camera_says() -> None:
    """EXIF, Orientation: readers of PDF know nothing of it."""
    turned = Image.new("RGB", (120, 60), BLUE)
    exif = turned.getexif()
    exif[0x0112] = 6
    out = io.BytesIO()
    turned.save(out, "JPEG", exif=exif)
    picture = pictures.read(out.getvalue())
    assert (picture.width, picture.height, picture.filter) == (60, 120, "/FlateDecode")


@pytest.mark.parametrize(
    "made",
    [
        *(lambda: b"", lambda: b"GIF89a", lambda: b"%PDF-1.4"),
        *(lambda: image()[:80], lambda: image(kind="JPEG")[:700], lambda: image((5000, 4000), mode="1")),
    ],
    ids=["nothing", "GIF", "PDF", "half a PNG", "half a JPEG", "too large"],
)
def test_what_is_no_picture_is_refused(made: Callable[[], bytes], monkeypatch: pytest.MonkeyPatch) -> None:
    """Cut off too, whatever another library of the process makes of that (WeasyPrint)."""
    monkeypatch.setattr(ImageFile, "LOAD_TRUNCATED_IMAGES", True)
    with pytest.raises(pictures.NoPicture):
        pictures.read(made())


def test_lines_alone_make_a_box_of_their_extent(tmp_path: Path) -> None:
    """Two lines, the longer one decides; nothing of it is cut."""
    lines = (Line("Lu et approuvé", size=12, y=20), Line("Camille Martin, gérante, pour Exemple SA", y=4))
    overlay = Overlay(None, lines)
    assert overlay.box[2:] == pytest.approx((lines[1].extent[2] + 2, lines[0].extent[3] + 2))
    assert "Lu et approuvé" in judges.text(signed(tmp_path, overlay))


@pytest.mark.parametrize(
    "visible",
    [
        Overlay(pictures.read(image()), (), test=True),
        Overlay(None, (Line("Signé"),), test=True),
        Overlay(pictures.read(image((30, 10))), (), test=True),
        stamp(test=True),
        stamp(test=True, name="Maximilienne-Alexandrine de La Rochefoucauld-Doudeauville et de Bourbon"),
    ],
    ids=["image", "line", "small image", "stamp", "stamp with a long name"],
)
def test_a_signature_of_the_sandbox_says_test(visible: Visible, tmp_path: Path) -> None:
    """Issue, part 2."""
    assert re.search(r"\bTEST\b", judges.text(signed(tmp_path, visible)))


def test_the_stamp_takes_a_logo_and_a_first_line_of_the_client(tmp_path: Path) -> None:
    target = signed(tmp_path, stamp(logo=pictures.read(image()), label="Bon pour accord, Exemple SA"))
    text = judges.text(target)
    assert "Bon pour accord, Exemple SA" in text
    assert "Signé électroniquement" not in text
    assert extent(drawn(target)[-1], RED)
