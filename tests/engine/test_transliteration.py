"""Names in scripts that no face of ours has: in Latin letters, whole, from their first letter on."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.engine.transliteration import transliterated
from signing.engine.typesetting import drawable, runs

NAMES = [
    ("ශ්‍රී", "Shrii"),
    ("සිරි", "Siri"),
    ("කුමාර", "Kumaara"),
    ("ලංකා", "Lankaa"),
    ("අමල්", "Amal"),
    ("ᠪᠠᠲᠤ", "Batu"),
    ("ᠮᠣᠩᠭᠣᠯ", "Monggol"),
    ("ᠠ᠋ᠨᠠ", "Ana"),
    ("ꆈꌠ", "Nuosu"),
    ("ꉙꃅ", "Hxopmu"),
    ("ܣܘܪܝܐ", "Swrya"),
    ("ܝܘܚܢܢ", "Ywhnn"),
]


@pytest.mark.parametrize(("word", "latin"), NAMES)
def test_a_name_is_written_letter_by_letter_and_not_from_its_end(word: str, latin: str) -> None:
    assert transliterated(word) == latin


@pytest.mark.parametrize("word", ["", "Jean", "राम", "සිරි1", "ᠪJ", "ා", "்", "\u180b", "\u200d"])
def test_what_is_of_another_script_is_left_to_others(word: str) -> None:
    assert transliterated(word) is None


@given(st.text(st.sampled_from([*map(chr, (*range(0xD80, 0xE00), 0x200D, *range(0x700, 0x750)))]), max_size=12))
def test_what_comes_is_latin_or_nothing(word: str) -> None:
    latin = transliterated(word)
    assert latin is None or (latin.isascii() and latin.isalpha())


@pytest.mark.parametrize(("word", "latin"), NAMES)
def test_a_stamp_has_it_in_latin_letters_beside_others(word: str, latin: str) -> None:
    """Where it said "Nom porté au certificat", or had three dots for the name."""
    assert drawable(f"Zoé {word}", "sans", "world") == f"Zoé {latin}"
    assert "".join(text for _face, text in runs(word, "sans", "world")) == latin
