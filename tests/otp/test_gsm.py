import pytest
from hypothesis import given
from hypothesis import strategies as st

from otp import gsm


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("a" * 160, ("GSM-7", 160, 1)),
        ("a" * 161, ("GSM-7", 161, 2)),
        ("a" * 306, ("GSM-7", 306, 2)),
        ("a" * 307, ("GSM-7", 307, 3)),
        ("€" * 80, ("GSM-7", 160, 1)),
        ("a" * 152 + "€" + "a" * 10, ("GSM-7", 164, 2)),
        ("à é ç".replace("ç", "Ç"), ("GSM-7", 5, 1)),
        ("ô" * 70, ("UCS-2", 70, 1)),
        ("ô" * 71, ("UCS-2", 71, 2)),
        ("🙂" * 35, ("UCS-2", 70, 1)),
        ("🙂" * 36, ("UCS-2", 72, 2)),
    ],
)
def test_what_a_text_costs(text: str, told: tuple[str, int, int]) -> None:
    """3GPP TS 23.038 and 23.040: 160 or 2 x 153 septets, 70 or 2 x 67 units; a pair is never parted."""
    size = gsm.size(text)
    assert (size.alphabet, size.units, size.parts) == told


@pytest.mark.parametrize(
    ("text", "goes"),
    [
        ("Société Française du Crêt, Œuvres à côté", "Société Francaise du Cret, OEuvres à coté"),
        ("Łódź", "Łódź"),
        ("Компания ç", "Компания ç"),
        ("déjà ½", "déjà ½"),
        ("Ñ Ü ß Ç é", "Ñ Ü ß Ç é"),
    ],
    ids=["French", "no letter and accent", "another script", "no letter of it", "as it is"],
)
def test_letters_lose_what_the_small_alphabet_lacks_where_all_of_them_then_fit(text: str, goes: str) -> None:
    assert gsm.fitting(text) == goes


@given(st.text(max_size=100))
def test_nothing_costs_more_for_it(text: str) -> None:
    assert gsm.size(gsm.fitting(text)).parts <= gsm.size(text).parts


@given(st.text(max_size=500))
def test_parts_hold_the_text(text: str) -> None:
    size = gsm.size(text)
    alone, part = (160, 153) if size.alphabet == "GSM-7" else (70, 67)
    assert size.parts >= 1
    assert size.units <= (alone if size.parts == 1 else size.parts * part)
    assert size.parts == 1 or size.units > alone
