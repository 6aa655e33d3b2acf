"""Names of India and its neighbours in Latin letters."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.engine.romanisation import romanised

_BLOCKS = st.characters(min_codepoint=0x900, max_codepoint=0x109F) | st.characters(
    min_codepoint=0x1780, max_codepoint=0x17FF
)


@pytest.mark.parametrize(
    ("word", "latin"),
    [
        ("राम", "Raam"),
        ("सीता", "Siitaa"),
        ("नरेन्द्र", "Narendra"),
        ("লক্ষ্মী", "Lakshmii"),
        ("প্রিয়া", "Priyaa"),
        ("கண்ணன்", "Kannan"),
        ("ਗੁਰਪ੍ਰੀਤ", "Gurapriit"),
        ("శ్రీ", "Shrii"),
        ("కృష్ణ", "Krishna"),
        ("ಕನ್ನಡ", "Kannada"),
        ("မြန်မာ", "Mranmaa"),
        ("සිරි", None),
        ("Jean", None),
        ("राम1", None),
        ("", None),
    ],
)
def test_a_word_is_written_as_its_letters_are_named(word: str, latin: str | None) -> None:
    assert romanised(word) == latin


@given(st.text(_BLOCKS, max_size=20))
def test_what_comes_is_latin_or_nothing(word: str) -> None:
    latin = romanised(word)
    assert latin is None or (latin.isascii() and latin.replace("-", "").isalpha())
