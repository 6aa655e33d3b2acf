"""Lines of a visible signature: every font of the contract, and letters that it does not have."""

import unicodedata
from collections.abc import Callable
from pathlib import Path

import pytest

from signing.engine import romanisation, transliteration, typesetting
from signing.engine.lines import FONTS, Line, colour
from signing.engine.overlay import Overlay
from tests.engine.overlaid import EMPTY, RED, SHEETS, extent, inked, signed, size_of
from tests.pdfs import sound
from tests.verification import judges
from tests.verification.pictures import drawn


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
