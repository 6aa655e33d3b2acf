"""Names in certificates and on stamps (signing-engine.md, trap 2)."""

import stringprep
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from signing.engine import names


@pytest.mark.parametrize(
    ("declared", "shown"),
    [
        ("Camille  Martin ", "Camille Martin"),
        ("O\u202eevil\u202c", "Oevil"),
        ("a\u2066b\u2069\u200f\ufeff", "ab"),
        ("Zo\u0065\u0308", "Zo\u00eb"),
        ("line\nbreak\ttab\x00", "line break tab"),
        ("no\u00a0break", "no break"),
        ("\u0645\u06cc\u200c\u062e", "\u0645\u06cc\u200c\u062e"),
        ("\ue000private", "private"),
    ],
)
def test_what_could_mislead_is_taken_away(declared: str, shown: str) -> None:
    assert names.clean(declared) == shown


@pytest.mark.parametrize(
    ("declared", "certified"),
    [
        ("Zoé 😀", "Zoé"),
        ("Lèvre🎉", "Lèvre"),
        ("👩\u200d💻 Ana ❤\ufe0f", "Ana ❤\ufe0f"),
        ("GROẞ", "GROß"),
        ("a\ufffdb", "ab"),
        ("Nguyễn Đắc", "Nguyễn Đắc"),
        ("محمد علي", "محمد علي"),
        ("ⵣⵉⵔⵉ", ""),
        ("😀", ""),
    ],
)
def test_a_certificate_takes_only_what_can_be_compared(declared: str, certified: str) -> None:
    """RFC 4518, 2.4: unassigned code points (Unicode 3.2) and U+FFFD are prohibited."""
    assert names.certifiable(declared) == certified


@given(st.text(max_size=80))
def test_what_is_certifiable_stays_so_and_holds_nothing_unassigned(declared: str) -> None:
    certified = names.certifiable(declared)
    assert names.certifiable(certified) == certified
    assert not any(map(stringprep.in_table_a1, certified))


def test_a_short_name_stands_whole() -> None:
    assert names.common_name("Camille", "Martin") == "Camille Martin"


def test_a_long_name_gives_up_its_last_given_names_first() -> None:
    """evidence.md: CN of 64 characters at most."""
    given = "Marie Charlotte Alexandrine Hélène Victoire Eugénie"
    assert names.common_name(given, "Durand de Beaumanoir") == "Marie Charlotte Alexandrine Hélène Durand de Beaumanoir"


def test_a_single_word_is_cut_between_characters() -> None:
    letter = unicodedata.normalize("NFC", "x\u0323\u0307")
    cut = names.common_name("", letter * 40)
    assert len(cut.encode()) <= 64
    assert cut == letter * (len(cut) // len(letter))


@given(st.text(max_size=120), st.text(max_size=120))
def test_a_common_name_always_fits_and_is_clean(given_name: str, surname: str) -> None:
    common = names.common_name(given_name, surname)
    assert len(common.encode()) <= names.COMMON_NAME_LIMIT
    assert common == common.strip()
    assert not any(character in common for character in "\u202a\u202e\u2066\n\x00")


@pytest.mark.parametrize(
    ("name", "initials"),
    [
        ("Camille Martin", "CM"),
        ("Anne-Sophie de La Rochefoucauld", "ALR"),
        ("Charles de Gaulle", "CG"),
        ("Tô", "T"),
        ("élodie", "É"),
        ("Дмитрий Шостакович", "ДШ"),
        ("王小明", "王小"),
        ("Wang 王小明", "W"),
        ("", ""),
        ("42", "42"),
    ],
)
def test_initials(name: str, initials: str) -> None:
    """look/README.md: one to three; outside scripts with capitals the first two characters as declared."""
    assert names.initials(name) == initials
