"""English as the dossier prints it, and the choice of a language."""

from datetime import UTC, datetime

import pytest
from django.utils import translation

from evidence.dossier import english, french, language, signs

GAP = signs.NO_BREAK
AT = datetime(2026, 11, 30, 14, 29, 3, tzinfo=UTC)


@pytest.mark.parametrize(("n", "said"), [(0, "zero"), (1, "one"), (12, "twelve"), (13, "13"), (421906, "421,906")])
def test_numbers(n: int, said: str) -> None:
    assert english.number(n) == english.number(n, feminine=True) == said


@pytest.mark.parametrize(
    ("n", "said"),
    [(2, "second"), (10, "tenth"), (11, "11th"), (12, "12th"), (21, "21st"), (22, "22nd"), (113, "113th")],
)
def test_ordinals(n: int, said: str) -> None:
    assert english.ordinal(n) == said


def test_moments_have_the_day_first_and_four_figures() -> None:
    assert english.day(AT) == f"30{GAP}November{GAP}2026"
    assert english.moment(AT) == f"30{GAP}November{GAP}2026 at 14:29:03"
    assert english.stamp(AT) == f"on{GAP}30{GAP}November{GAP}2026 at{GAP}14:29:03"
    assert english.hour(AT.replace(hour=9)) == f"at{GAP}09:29"
    assert english.hour(AT, dated=True) == f"on{GAP}30{GAP}November{GAP}2026 at{GAP}14:29"


def test_times_seconds_lists_and_ranges() -> None:
    assert [english.times(n) for n in (1, 2, 3)] == ["once", "twice", f"three{GAP}times"]
    assert (english.seconds(1437), english.seconds(1000, digits=0)) == (f"1.4{GAP}s", f"1{GAP}s")
    assert english.listed(["a", "b", "c"]) == "a, b and c"
    assert english.listed(["a"]) == "a"
    assert english.listed([]) == ""
    assert english.ranges([4, 6, 38, 39, 40]) == f"4, 6, 38{GAP}to{GAP}40"
    assert english.of("Exemple SA") == "of Exemple SA"


def test_nothing_is_put_before_a_colon() -> None:
    """Not one space is changed, in exact words or elsewhere."""
    html = "<p>Yes: “x”?</p><blockquote>« x » : y</blockquote>"

    assert english.spaced(html) == html


def test_what_is_one_word_stays_on_one_line() -> None:
    told = "<p title='B-LTA'>level B-LTA, 01 23 45 67 89</p><pre>B-LTA</pre>"
    assert english.spaced(told) == (
        '<p title=\'B-LTA\'>level <span class="whole">B-LTA</span>, <span class="whole">01 23 45 67 89</span></p>'
        "<pre>B-LTA</pre>"
    )
    assert english.plain("level B-LTA: <b>") == "level B-LTA: <b>"


@pytest.mark.parametrize(("active", "spoken"), [("en", english), ("en-gb", english), ("fr", french), ("de", french)])
def test_the_active_language_speaks(active: str, spoken: object) -> None:
    with translation.override(active):
        assert language.spoken() is spoken
    with translation.override(None):
        assert language.spoken() is french


@pytest.mark.parametrize("name", [each for each in vars(language.Language) if not each.startswith("_")])
def test_both_languages_can_say_the_same_things(name: str) -> None:
    assert callable(getattr(french, name))
    assert callable(getattr(english, name))
