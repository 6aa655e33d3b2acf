"""What templates say: look/README, Voice (dates, hours and references in full, as on a deed) and Fonts (spaces)."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime

import pytest
from django.conf import settings
from django.template import Context, Template
from django.utils import translation

from signing.templatetags import words

SUMMER, WINTER = datetime(2026, 7, 1, 12, 5, 9, tzinfo=UTC), datetime(2026, 11, 30, 22, 59, tzinfo=UTC)


TEMPLATES = settings.BASE_DIR / "templates"


def plain(text: str) -> str:
    return text.replace("\u00a0", " ")


def test_a_date_is_told_in_full_in_the_zone_of_paris() -> None:
    assert plain(words.moment(WINTER)) == "lundi 30 novembre 2026 à 23 h 59"
    assert plain(words.moment(SUMMER)) == "mercredi 1er juillet 2026 à 14 h 05"
    assert words.clock(SUMMER) == "14:05:09"


def test_a_date_and_an_hour_are_not_broken_over_two_lines() -> None:
    assert words.day(WINTER).split(" ") == ["30\u00a0novembre\u00a02026"]
    assert words.hour(WINTER) == "23\u00a0h\u00a059"


@pytest.mark.parametrize("told", [words.day, words.hour, words.moment, words.clock])
def test_no_date_is_no_words(told: object) -> None:
    assert callable(told)
    assert told(None) == ""


@pytest.mark.parametrize(
    ("number", "one", "told"),
    [
        (0, "un document", "aucun document"),
        (0, "une page", "aucune page"),
        (1, "un document", "un document"),
        (2, "un document", "deux documents"),
        (3, "un essai restant", "trois essais restants"),
        (16, "une page", "seize pages"),
        (17, "un choix", "17 choix"),
    ],
)
def test_counts_are_words_up_to_sixteen(number: int, one: str, told: str) -> None:
    assert plain(words.counted(number, one)) == told


def test_figures_agree_with_their_noun() -> None:
    assert [plain(words.figures(number, "page")) for number in (0, 1, 2)] == ["0 page", "1 page", "2 pages"]


@pytest.mark.parametrize(
    ("name", "told"),
    [("Exemple SA", "d’Exemple SA"), ("Édith", "d’Édith"), ("Martin et fils", "de Martin et fils"), ("", "de ")],
)
def test_de_loses_its_e_before_a_vowel(name: str, told: str) -> None:
    assert words.of(name) == told


def test_digits_stand_in_groups() -> None:
    assert words.grouped("7f3a9c1e") == "7f3a 9c1e"
    assert words.grouped("418205", 3) == "418 205"


@pytest.mark.parametrize(
    ("size", "told"),
    [
        (812, "812 octets"),
        (412_345, "412 Ko"),
        (999_499, "999 Ko"),
        (999_500, "1,0 Mo"),
        (1_240_000, "1,2 Mo"),
        (50_000_000, "50 Mo"),
    ],
)
def test_sizes_are_decimal(size: int, told: str) -> None:
    assert plain(words.file_size(size)) == told


def test_high_marks_stay_with_their_word() -> None:
    assert words.spaced("Vraiment ? Oui : « ceci » ; cela !") == (
        "Vraiment\u00a0? Oui\u00a0: «\u00a0ceci\u00a0»\u00a0; cela\u00a0!"
    )


def test_spacing_keeps_names_escaped() -> None:
    """A name with markup in it stays a name."""
    page = Template("{% load words %}{{ name|spaced }}").render(Context({"name": "<script> ?"}))
    assert page == "&lt;script&gt;\u00a0?"


def test_a_name_from_right_to_left_turns_nothing_beside_it() -> None:
    assert words.isolated("Zoé Łukasz 3") == "Zoé Łukasz 3"
    assert words.isolated("محمد") == "\u2068محمد\u2069"
    assert words.isolated("דוד 123") == "\u2068דוד 123\u2069"


def test_only_latin_initials_are_set_in_italics() -> None:
    """look/README, Fonts: names outside Latin take the first characters as declared, without the italic."""
    assert [words.drawn_italic(initials) for initials in ("CM", "ŁB", "ΑΒ", "李娜")] == [True, True, False, False]


def test_what_is_past_leaves_no_seconds() -> None:
    assert words.seconds_left(None) == 0
    assert words.seconds_left(WINTER.replace(year=2001)) == 0
    assert words.seconds_left(WINTER.replace(year=9000)) > 0


@pytest.fixture
def english() -> Iterator[None]:
    with translation.override("en"):
        yield


@pytest.mark.usefixtures("english")
def test_english_dates_have_the_day_first_and_hours_go_to_24() -> None:
    assert plain(words.moment(WINTER)) == "Monday 30 November 2026 at 23:59"
    assert plain(words.day(SUMMER)) == "1 July 2026"
    assert words.hour(SUMMER.replace(hour=7)) == "09:05"
    assert words.clock(SUMMER) == "14:05:09"


@pytest.mark.usefixtures("english")
@pytest.mark.parametrize(
    ("number", "one", "told"),
    [
        (0, "un document", "no documents"),
        (1, "un document", "one document"),
        (2, "une page", "two pages"),
        (1, "un essai restant", "one try left"),
        (3, "un essai restant", "three tries left"),
        (17, "un fichier joint", "17 attached files"),
    ],
)
def test_english_counts_name_what_they_count(number: int, one: str, told: str) -> None:
    assert plain(words.counted(number, one)) == told


@pytest.mark.usefixtures("english")
def test_english_figures_sizes_and_marks() -> None:
    assert [plain(words.figures(number, "case")) for number in (0, 1, 2)] == ["0 boxes", "1 box", "2 boxes"]
    assert [words.in_words(number) for number in (6, 16, 17)] == ["six", "sixteen", "17"]
    assert [plain(words.file_size(size)) for size in (812, 412_345, 1_240_000)] == ["812 bytes", "412 kB", "1.2 MB"]
    assert words.of("Édith") == "Édith"
    assert words.spaced("Why? Because: yes") == "Why? Because: yes"


def test_everything_that_templates_count_has_an_english_name() -> None:
    """Counting what has none fails on the page; so it fails here first."""
    counted = re.compile(r"\|(?:counted:\"une? |figures:\")([^\"]+)\"")
    named = {found for path in TEMPLATES.rglob("*.*") for found in counted.findall(path.read_text())}
    assert named
    assert named <= words.NOUNS_EN.keys()
