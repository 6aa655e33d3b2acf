"""Lines in the order in which they are seen, and letters in the forms that join."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.engine import directions, shaping

letters = st.text("abcXYZ éאבגדمحعلاإ123٤٥ ()-.,/%+", max_size=30)


@pytest.mark.parametrize(
    ("read", "seen"),
    [
        ("Jean Martin", "Jean Martin"),
        ("אבג", "גבא"),
        ("Dupont אבג", "Dupont גבא"),
        ("אבג Dupont", "Dupont גבא"),
        ("אבג 123 דהו", "והד 123 גבא"),
        ("a (אבג) b", "a (גבא) b"),
        ("אב (גד)", "(דג) בא"),
        ("ab אב, גד cd", "ab דג ,בא cd"),
        ("12 אב", "בא 12"),
        ("אב 1,5 %", "% 1,5 בא"),
        ("אב 1,5%", "1,5% בא"),
        ("اب 12-3", "3-12 با"),
        ("ab אב 12", "ab 12 בא"),
        ("דוד 123 Ali", "Ali 123 דוד"),
    ],
)
def test_a_line_is_drawn_as_the_algorithm_of_unicode_has_it(read: str, seen: str) -> None:
    """UAX #9."""
    assert directions.visual(read) == seen


@given(letters)
def test_nothing_is_lost_by_turning(text: str) -> None:
    unmirrored = str.maketrans(")", "(")
    assert sorted(directions.visual(text).translate(unmirrored)) == sorted(text.translate(unmirrored))


@given(st.text(max_size=30))
def test_any_text_is_turned_and_shaped_without_an_error(text: str) -> None:
    assert len(directions.visual(text)) == len(text)
    shaping.joined(text)


@pytest.mark.parametrize(
    ("letters", "forms"),
    [
        ("محمد", "ﻣﺤﻤﺪ"),
        ("علي", "ﻋﻠﻲ"),
        ("دار", "ﺩﺍﺭ"),
        ("لا", "ﻻ"),
        ("سلام", "ﺳﻼﻡ"),
        ("می\u200cخواهم", "ﻣﯽﺧﻮﺍﻫﻢ"),
        ("گل", "ﮔﻞ"),
        ("مُحَمَّد", "ﻣﺤﻤﺪ"),
        ("שָׁלוֹם", "שלום"),
        ("José", "José"),
        ("نـا", "ﻧـﺎ"),
        ("بء", "ﺏﺀ"),
        ("ﷲ", "ﺍﻟﻠﻪ"),
        ("ﻣﺤﻤﺪ", "ﻣﺤﻤﺪ"),
    ],
)
def test_letters_join_as_they_are_written(letters: str, forms: str) -> None:
    """The Unicode Standard, 9.2: Arabic Cursive Joining."""
    assert shaping.joined(letters) == forms


@given(letters)
def test_what_is_copied_are_the_letters_and_not_their_forms(text: str) -> None:
    shaped = shaping.joined(text)
    assert "".join(map(shaping.plain, shaped)) == unicodedata.normalize("NFC", text)
