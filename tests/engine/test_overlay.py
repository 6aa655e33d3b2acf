"""The visible signature that an integrator composes (certsign-api.md, pdfSignatureOptions), as readers draw it."""

import io
import re
import unicodedata
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pytest
from PIL import Image, ImageDraw, ImageFile

from signing.engine import pages, pictures, romanisation, transliteration, typesetting
from signing.engine.appearance import Visible
from signing.engine.lines import FONTS, Line, colour
from signing.engine.overlay import Overlay
from tests.engine.authority import sign, stamp
from tests.pdfs import raw, sound
from tests.verification import judges
from tests.verification.pictures import Picture, drawn

BLUE, RED = (0, 0, 200), (200, 0, 0)
EMPTY = raw.write(raw.one_page(content=raw.stream(b"")))
SHEETS = {
    "plain": sound.contract(1),
    **{f"rotated {degrees}": sound.rotated(degrees) for degrees in (90, 180, 270)},
    "cropped": raw.write(raw.one_page(page=b"/CropBox [100 150 500 700]")),
    "cropped and turned": raw.write(raw.one_page(page=b"/CropBox [100 150 500 700] /Rotate 270 /UserUnit 1.5")),
    "user unit": sound.scaled(),
}


def image(size: tuple[int, int] = (120, 60), mode: str = "RGB", kind: str = "PNG") -> bytes:
    """Red below, blue above: whoever turns or mirrors it is found out."""
    made = Image.new("RGB", size, BLUE)
    ImageDraw.Draw(made).rectangle((0, size[1] // 2, size[0], size[1]), fill=RED)
    out = io.BytesIO()
    made.convert(mode).save(out, kind, **({"quality": 95} if kind == "JPEG" else {}))
    return out.getvalue()


def signed(folder: Path, overlay: Visible, sheet: bytes = SHEETS["plain"]) -> Path:
    source, target = folder / "source.pdf", folder / "signed.pdf"
    source.write_bytes(sheet)
    sign(source, target, stamp=overlay)
    judges.qpdf_check(target)
    return target


def extent(picture: Picture, wanted: tuple[int, int, int], near: int = 30) -> tuple[float, float, float, float]:
    """Left, bottom, right, top of what has a colour, as parts of the page."""
    across, down = [], []
    for number, row in enumerate(picture.rows):
        for column in range(picture.width):
            if all(abs(row[3 * column + n] - wanted[n]) < near for n in range(3)):
                across.append(column)
                down.append(number)
    return (
        min(across) / picture.width,
        1 - (max(down) + 1) / picture.height,
        (max(across) + 1) / picture.width,
        1 - min(down) / picture.height,
    )


def inked(picture: Picture, line: Line, page: pages.PageSize) -> bool:
    """Whether the lower half of a line's letters is seen; its box begins in the corner of the page."""
    top, bottom = (round((1 - y / page.height) * picture.height) for y in (line.y + line.size / 2, line.y))
    left, right = (3 * round(x / page.width * picture.width) for x in line.extent[::2])
    return any(min(row[left:right]) < 200 for row in picture.rows[top:bottom])


def size_of(sheet: bytes) -> pages.PageSize:
    with pikepdf.open(io.BytesIO(sheet)) as pdf:
        return pages.page_boxes(pdf)[0].size


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


@pytest.mark.parametrize("name", FONTS)
def test_each_font_of_the_contract(name: str, tmp_path: Path) -> None:
    """Embedded as a subset, or by its standard name; the text can be copied; its colour is the one asked for."""
    line = Line("Signé par Élodie Müller, 12 € “ok”", name, 18, colour(0xC80000), 4, 8)
    target = signed(tmp_path, Overlay(None, (line,), page=1, x=40, y=40))
    assert line.text in judges.text(target)
    fonts = judges.fonts(target)
    if name.endswith("_not_archived"):
        assert fonts[str(FONTS[name].standard)] == "no"
    else:
        assert any("Paraphe" in font and embedded == "yes" for font, embedded in fonts.items())
    (seen,) = drawn(target, last=1)
    left, bottom, right, top = extent(seen, RED, near=60)
    page = size_of(SHEETS["plain"])
    assert 40 + line.extent[0] - 1 <= left * page.width <= 44 + 8
    assert right * page.width <= 40 + Overlay(None, (line,)).box[2] + 1
    assert 48 - 8 <= bottom * page.height <= 48 + 2
    assert top * page.height <= 48 + 18 * 1.3


@pytest.mark.parametrize("text", ["----------", "________", "€", "*", "—", "…", "………", "@", "№", "à € 🙂"])
def test_a_line_need_have_no_letter(text: str) -> None:
    """linesOptions: a rule, a currency, a place to write on; whatever a face has."""
    assert all(Line(text, font).is_drawable for font in FONTS)
    drawing = Overlay(None, (Line(text),)).draw(embed=True)
    (subset,) = drawing.subsets.values()
    assert set(text) - {"🙂"} == set("".join(subset.text.values()))


@pytest.mark.parametrize("text", ["", " ", "🙂", "\u200b", "\u00ad\u2060", "\u034f", "𒀀𒀀", "𒀀 🙂"])
def test_a_line_of_which_nothing_would_be_seen_is_not_drawn(text: str) -> None:
    assert not any(Line(text, font).is_drawable for font in FONTS)


def test_a_line_is_set_once_whatever_is_asked_of_it(monkeypatch: pytest.MonkeyPatch) -> None:
    """Setting costs: twenty documents of fifty long lines each are signed in the time of a task."""
    found = typesetting.drawable_line
    asked: list[str] = []

    def counted(text: str, *faces: str) -> str:
        asked.append(text)
        return found(text, *faces)

    monkeypatch.setattr(typesetting, "drawable_line", counted)
    line = Line("Lu et approuvé, කාර", "Helvetica")
    assert line.is_drawable
    assert line.extent[2] > line.x
    line.draw(typesetting.Drawing(), embed=True)
    line.draw(typesetting.Drawing(), embed=False)
    assert asked == [line.text]


@pytest.mark.parametrize(
    ("writes", "word"), [(transliteration.transliterated, "approuvé"), (romanisation.romanised, "Ελλάδα")]
)
def test_a_word_of_another_script_costs_no_look_at_its_letters(
    writes: Callable[[str], str | None], word: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Most text is of scripts that our faces have: none of its letters is looked up by name or taken apart."""

    def looked_up(*_: object) -> str:
        raise AssertionError(word)

    with monkeypatch.context() as patched:
        patched.setattr(unicodedata, "name", looked_up)
        patched.setattr(unicodedata, "normalize", looked_up)
        found = writes(word)
    assert found is None


def test_every_name_of_the_contract_is_known() -> None:
    """certsign-api.md: twelve of the standard fonts, embedded and not, and two hands."""
    assert len(FONTS) == 26
    assert {"Courier_Oblique_not_archived", "Courier_Bold_Oblique_not_archived"} <= set(FONTS)
    assert "Courier_Italic_not_archived" not in FONTS


def test_a_standard_font_without_the_letters_gives_way_to_one_that_has_them(tmp_path: Path) -> None:
    """A missing glyph is never drawn as nothing (signing-engine.md, trap 2)."""
    line = Line("Дмитрий Шостакович", "Times_roman_not_archived")
    target = signed(tmp_path, Overlay(None, (line,), page=1))
    assert line.text in judges.text(target)
    assert [embedded for font, embedded in judges.fonts(target).items() if "ParapheRoman" in font] == ["yes"]


def test_all_fonts_of_the_contract_in_one_signature(tmp_path: Path) -> None:
    """Every line is there, from top to bottom, once in Latin and once in what the standard fonts do not have.

    A face and the standard font of its widths are two resources of one form.
    """
    words = ("Signé par {}", "Шостакович {}", "Signé : Дмитрий {}")
    texts = [(word.format(n), name) for n, name in enumerate(FONTS) for word in words]
    lines = [Line(text, name, 8, x=4, y=780 - 9.5 * n) for n, (text, name) in enumerate(texts)]
    target = signed(tmp_path, Overlay(None, tuple(lines), page=1, x=0, y=0), EMPTY)
    read = [line.strip() for line in judges.text(target).splitlines() if line.strip()]
    assert read == [text for text, _ in texts]
    (seen,) = drawn(target, last=1)
    assert all(inked(seen, line, size_of(EMPTY)) for line in lines)
    fonts = judges.fonts(target)
    assert {name for name, embedded in fonts.items() if embedded == "no"} == {
        font.standard for font in FONTS.values() if not font.embedded
    }


@pytest.mark.parametrize(
    "pair",
    [
        (Line("Première ligne", y=30), Line("Deuxième ligne", "Helvetica_not_archived")),
        (Line("Signé par", "Helvetica_not_archived", y=30), Line("Дмитрий Шостакович", "Helvetica_not_archived")),
        (Line("Signé par", "Times_Bold_not_archived", y=30), Line("Camille", "Times_Bold")),
    ],
    ids=["embedded and not", "with the letters and without", "bold"],
)
def test_a_line_does_not_take_the_font_of_another(pair: tuple[Line, Line], tmp_path: Path) -> None:
    """Whichever is drawn first: each is read, and each leaves ink where it stands."""
    for lines in (pair, pair[::-1]):
        target = signed(tmp_path, Overlay(None, lines, page=1, x=0, y=0), EMPTY)
        read = [line.strip() for line in judges.text(target).splitlines() if line.strip()]
        assert read == [line.text for line in pair]
        (seen,) = drawn(target, last=1)
        assert all(inked(seen, line, size_of(EMPTY)) for line in lines)


def test_a_pdf_a_has_every_font_embedded(tmp_path: Path) -> None:
    """ISO 19005-1, 6.3.4: it stays what it says it is."""
    target = signed(tmp_path, Overlay(None, (Line("Signé", "Helvetica_not_archived"),), page=1), sound.archival())
    assert [embedded for font, embedded in judges.fonts(target).items() if "ParapheGrotesque" in font] == ["yes"]


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
