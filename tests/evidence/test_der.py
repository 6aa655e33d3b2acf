"""Hand-written DER against asn1crypto's (X.690)."""

from datetime import UTC, datetime

import pytest
from asn1crypto import core
from hypothesis import given
from hypothesis import strategies as st

from evidence import der


@given(st.integers(-(2**200), 2**200))
def test_integers(number: int) -> None:
    assert der.integer(number) == core.Integer(number).dump()


@given(st.binary(max_size=70_000))
def test_lengths(content: bytes) -> None:
    assert der.octets(content) == core.OctetString(content).dump()


@pytest.mark.parametrize("dotted", ["2.5.29.32.0", "1.2.840.113549.1.7.2", "1.3.6.1.4.1.32473.1.1", "2.999.3", "0.4.0"])
def test_identifiers(dotted: str) -> None:
    assert der.identifier(dotted) == core.ObjectIdentifier(dotted).dump()


@pytest.mark.parametrize(
    ("position", "written"),
    [(0, "03020780"), (2, "03020520"), (5, "03020204"), (15, "0303000001"), (16, "030407000080")],
)
def test_named_bits(position: int, written: str) -> None:
    assert der.boolean_bits(position).hex() == written


@pytest.mark.parametrize("microsecond", [0, 1000, 120_000, 999_000])
def test_times(microsecond: int) -> None:
    at = datetime(2026, 11, 23, 13, 29, 3, microsecond, tzinfo=UTC)
    assert der.generalized_time(at) == core.GeneralizedTime(at).dump()


def test_sets_are_sorted() -> None:
    assert der.set_of([b"\x02\x01\x02", b"\x02\x01\x01"]) == b"\x31\x06\x02\x01\x01\x02\x01\x02"


def test_tags() -> None:
    assert der.explicit(4, der.NULL) == b"\xa4\x02\x05\x00"
    assert der.implicit(0, der.sequence(der.NULL)) == b"\xa0\x02\x05\x00"


@given(st.lists(st.binary(max_size=300), max_size=9))
def test_what_was_put_together_is_taken_apart(contents: list[bytes]) -> None:
    parts = [der.octets(content) for content in contents]
    assert der.elements(der.sequence(*parts)) == parts
    assert [der.content(part) for part in parts] == contents


@pytest.mark.parametrize("junk", ["", "30", "3003", "300302010101", "30030202", "3082", "300302017f05", "3084ffffffff"])
def test_lengths_that_do_not_add_up_are_found(junk: str) -> None:
    with pytest.raises(ValueError, match=r"element"):
        der.elements(bytes.fromhex(junk))
