"""The stamp (look/README.md, "Stamp (200 x 70 pt)"; signing-engine.md, traps 1, 2 and 6)."""

import io
import re
from datetime import UTC, datetime

import pytest
from fontTools.ttLib import TTFont
from hypothesis import given
from hypothesis import strategies as st

from signing.engine import faces, typesetting
from signing.engine.faces import Subset, face
from signing.engine.stamp import Stamp, moment
from signing.engine.typesetting import NotDrawable
from tests.engine.authority import stamp


def shown(made: Stamp) -> list[str]:
    """The texts of a stamp, line by line, as its fonts' ToUnicode maps tell them."""
    drawing = made.draw()
    characters = {name: subset.text for name, subset in drawing.subsets.items()}
    lines: list[str] = []
    font = ""
    for operator in drawing.operators:
        if operator == "BT":
            lines.append("")
        elif operator.endswith(" Tf"):
            font = operator.split()[0].removeprefix("/")
        elif operator.endswith(" TJ"):
            codes = "".join(re.findall(r"<([0-9A-F]*)>", operator))
            lines[-1] += "".join(characters[font][int(codes[n : n + 4], 16)] for n in range(0, len(codes), 4))
    return lines


def sizes(made: Stamp) -> list[float]:
    return [float(operator.split()[1]) for operator in made.draw().operators if operator.endswith(" Tf")]


def test_it_says_who_when_which_dossier_and_which_digits() -> None:
    assert shown(stamp()) == [
        "CM",
        "Signé électroniquement par",
        "Camille Martin",
        "le 23 novembre 2026 à 14:29:03 (Paris)",
        "Dossier EXS-2026-004127",
        "Empreinte 7f3a 9c1e · signature simple",
    ]
    assert sizes(stamp()) == [22.0, 7.3, 14.5, 7.3, 7.3, 7.3]


def test_it_speaks_english() -> None:
    assert shown(stamp(language="en"))[1:] == [
        "Electronically signed by",
        "Camille Martin",
        "on 23 November 2026 at 14:29:03 (Paris)",
        "File EXS-2026-004127",
        "Fingerprint 7f3a 9c1e · simple signature",
    ]


@pytest.mark.parametrize(
    ("at", "zone", "said"),
    [
        (datetime(2026, 3, 1, 8, 0, 0, tzinfo=UTC), "Europe/Paris", "le 1er mars 2026 à 09:00:00 (Paris)"),
        (datetime(2026, 12, 31, 23, 30, 0, tzinfo=UTC), "Europe/Paris", "le 1er janvier 2027 à 00:30:00 (Paris)"),
        (datetime(2026, 8, 2, 12, 0, 59, tzinfo=UTC), "America/New_York", "le 2 août 2026 à 08:00:59 (New York)"),
        (datetime(2026, 8, 2, 12, 0, 59, tzinfo=UTC), "UTC", "le 2 août 2026 à 12:00:59 (UTC)"),
    ],
)
def test_the_moment_is_said_in_its_zone(at: datetime, zone: str, said: str) -> None:
    assert moment(at, zone, "fr") == said


def test_a_long_name_wraps_and_takes_the_second_line() -> None:
    """look/README.md: by shortening the first to "Signé par"."""
    made = stamp(name="Marie-Charlotte Alexandrine Hélène von Hohenlohe-Schillingsfürst")
    _, first, *name = shown(made)
    assert first == "Signé par"
    assert name[:2] == ["Marie-Charlotte Alexandrine Hélène", "von Hohenlohe-Schillingsfürst"]


@pytest.mark.parametrize("name", ["Jean " * 60, "x" * 300, "Anne-" * 40])
def test_a_name_without_end_is_cut_and_says_so(name: str) -> None:
    assert any(line.endswith("…") for line in shown(stamp(name=name)))


def test_a_long_reference_keeps_its_two_ends() -> None:
    line = shown(stamp(reference="A" * 30 + "-MILIEU-" + "Z" * 30))[4]
    assert re.fullmatch(r"Dossier A+…Z+", line)


@given(st.text(min_size=1, max_size=90), st.text(min_size=1, max_size=60))
def test_whatever_is_said_fits_and_is_never_under_six_and_a_half_points(name: str, reference: str) -> None:
    """signing-engine.md, trap 2: wrap, do not shrink to 4 pt; no control or bidi character is drawn."""
    made = stamp(name=name, reference=reference)
    assert min(sizes(made)) >= 6.5
    assert not set("".join(shown(made))) & set("\u202a\u202e\u2066\u200f\n\x00")
    for line in made.draw().operators:
        if line.endswith(" Tm"):
            x, y = map(float, line.split()[4:6])
            assert -22 <= x < 194
            assert 0 <= y < 70


@pytest.mark.parametrize("name", ["😀 🎉", "\u202e", "", "\U00012000\U00012001"])
def test_a_name_that_cannot_be_drawn_is_said_to_stand_elsewhere(name: str) -> None:
    """signing-engine.md, trap 2: never an empty stamp."""
    assert "Nom porté au certificat" in shown(stamp(name=name))


@pytest.mark.parametrize(
    ("name", "initials", "drawn"),
    [
        ("王小明", "王小", "王小明"),
        ("김철수", "김철", "김철수"),
        ("𠮷野家", "𠮷野", "𠮷野家"),
        ("王䶮", "王䶮", "王䶮"),
        ("𐐔𐐯𐑅 𐐀𐐪", "𐐔𐐀", "𐐔𐐯𐑅 𐐀𐐪"),
        ("ᚱᚢᚾ", "ᚱᚢ", "ᚱᚢᚾ"),
        ("محمد علي", "حم", "يلع دمحم"),
        ("שלום כהן-לוי", "לש", "יול-ןהכ םולש"),
        ("Wang محمد 王", "W", "Wang دمحم 王"),
        ("აკაკი წერეთელი", "აწ", "აკაკი წერეთელი"),
        ("Նարեկ Աբգարյան", "ՆԱ", "Նարեկ Աբգարյան"),
        ("สมชาย ใจดี", "สม", "สมชาย ใจดี"),
        ("አበበ ቢቂላ", "አበ", "አበበ ቢቂላ"),
        ("राम नरेन्द्र मोदी", "RNM", "Raam Narendra Modii"),
        ("Anna கண்ணன்", "AK", "Anna Kannan"),
    ],
)
def test_a_name_of_another_script_is_drawn_in_it(name: str, initials: str, drawn: str) -> None:
    """Issue, part 3: by a face from Debian, from left to right as the line is seen."""
    assert [shown(stamp(name=name))[n] for n in (0, 2)] == [initials, drawn]


@pytest.mark.parametrize(("name", "drawn"), [("Ｃａｍｉｌｌｅ", "Camille"), ("Дмитрий", "Дмитрий")])
def test_a_missing_character_takes_another_face_or_a_simpler_form(name: str, drawn: str) -> None:
    assert drawn in shown(stamp(name=name))


@pytest.mark.parametrize(
    ("name", "initials", "drawn"),
    [
        ("Zoé 😀 Lèvre🎉", "ZL", "Zoé Lèvre"),
        ("🎉Lèvre", "L", "Lèvre"),
        ("Дмитрий😀", "Д", "Дмитрий"),
        ("Wang \U00012000\U00012001", "W", "Wang …"),
        ("\U00012000 \U00012001 Wang", "W", "… Wang"),
        ("王\U0002b740", "王…", "王…"),
        ("王\U0003fffd", "王…", "王…"),  # of no version of Unicode yet
    ],
)
def test_only_what_no_face_draws_is_missing_from_a_name(name: str, initials: str, drawn: str) -> None:
    """signing-engine.md, trap 2: emoji fall away; letters that are missing are shown to be."""
    assert [shown(stamp(name=name))[n] for n in (0, 2)] == [initials, drawn]


def test_a_word_is_drawn_by_one_face() -> None:
    """look/README.md: names outside Latin fall back; initials then without the italic."""
    assert typesetting.runs("Anna Дмитриевна", "serif", "sans") == [("serif", "Anna "), ("sans", "Дмитриевна")]
    assert "serif-italic" not in stamp(name="Дмитрий Шостакович").draw().subsets


def test_no_face_and_no_simpler_form_is_an_error_not_a_blank() -> None:
    with pytest.raises(NotDrawable):
        typesetting.runs("\U00012000", "serif", "sans")


@pytest.mark.parametrize("name", ["serif", "serif-italic", "sans"])
def test_faces_have_a_thousand_units_and_the_letters_of_europe(name: str) -> None:
    """signing-engine.md, trap 1."""
    assert TTFont(faces.FOLDER / f"{name}.ttf")["head"].unitsPerEm == 1000
    assert all(map(face(name).has, "ÀÉÎÕÜàéîõüçñßøåæœŒŁłŚśŽžŐőȘșẞ’–·… 0123456789"))
    if name == "sans":
        assert all(map(face(name).has, "ΑΩαωάἀЖжЩщЁёЇїҐґ"))


def test_widths_are_those_of_the_glyphs() -> None:
    font = TTFont(faces.FOLDER / "serif.ttf")
    names = font.getBestCmap()
    for character in "Camillé ":
        (glyph,) = face("serif").glyphs(character)
        assert face("serif").advance(glyph) == font["hmtx"][names[ord(character)]][0]
    assert face("serif").width("AV", 10) < face("serif").width("A", 10) + face("serif").width("V", 10)


def test_a_subset_is_a_sound_font_of_the_glyphs_used() -> None:
    """ISO 32000-2, 9.9.2; checksums are checked by fontTools."""
    subset = Subset(face("serif"))
    subset.show("Camille")
    font = TTFont(io.BytesIO(subset.program), checkChecksums=2)
    assert font["maxp"].numGlyphs == len(subset.widths) == len(set("Camille")) + 1
    assert [font["hmtx"][name][0] for name in font.getGlyphOrder()] == subset.widths
    assert all(font["glyf"][name].numberOfContours > 0 for name in font.getGlyphOrder())
    assert font["head"].checkSumAdjustment != 0
