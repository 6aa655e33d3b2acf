"""A client's own ink: what is refused, and that what is taken is read by day and by night (look/README, Palette)."""

import re

import pytest
from django.conf import settings
from django.core.exceptions import ValidationError
from hypothesis import given
from hypothesis import strategies as st

from signing.clients import inks


@pytest.mark.parametrize("ink", ["", "24408e", "#24408E", "#248", "red", "#24408e;}", "#24408g"])
def test_what_is_no_colour_is_refused(ink: str) -> None:
    with pytest.raises(ValidationError, match="six chiffres"):
        inks.check(ink)


@pytest.mark.parametrize("ink", ["#ffffff", "#ffcc00", "#7f8c8d", "#e2001a"])
def test_a_colour_that_is_not_read_is_refused(ink: str) -> None:
    with pytest.raises(ValidationError, match="trop claire"):
        inks.check(ink)


def test_contrast_is_that_of_wcag() -> None:
    assert inks.contrast(inks.BLACK, inks.WHITE) == pytest.approx(21)
    assert inks.contrast((0x77, 0x77, 0x77), inks.WHITE) == pytest.approx(4.48, abs=0.01)


def test_grounds_are_those_of_the_pages() -> None:
    """A palette that changes changes what is read on it."""
    tokens = (settings.BASE_DIR / "static/css/tokens.css").read_text()
    both = re.findall(r"--(fond|papier|sur-encre): light-dark\((\S+), (\S+)\)", tokens)
    told = {name: ["#ffffff" if each == "#fff" else each for each in pair] for name, *pair in both}
    assert [told["fond"], told["papier"]] == [list(pair) for pair in zip(inks.DAY, inks.NIGHT, strict=True)]
    assert told["sur-encre"] == list(inks.ON_INK.values())


@given(st.binary(min_size=3, max_size=3))
def test_every_ink_that_is_taken_is_read_in_both_themes(octets: bytes) -> None:
    """4.5:1 on ground and paper and under its label; stronger where it is pressed or pointed at."""
    ink = f"#{octets.hex()}"
    try:
        inks.check(ink)
    except ValidationError:
        return
    tokens = dict(re.findall(r"--([a-z-]+): light-dark\(([^)]*)\)", inks.sheet(ink)))
    assert set(tokens) == {"encre", "encre-fort", "sur-encre"}
    by_day, by_night = ([bytes.fromhex(pair.split(", ")[n][1:]) for pair in tokens.values()] for n in (0, 1))
    for (own, strong, label), grounds in ((by_day, inks.DAY), (by_night, inks.NIGHT)):
        for each in (own, strong):
            for beside in (*(bytes.fromhex(ground[1:]) for ground in grounds), label):
                assert inks.contrast(tuple(each), tuple(beside)) >= inks.LEAST  # type: ignore[arg-type]  # three octets
