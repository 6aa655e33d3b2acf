"""Numbers as PDF has them (ISO 32000-2, 7.3.3): never with an exponent, however small what rounding leaves."""

import io

import pytest

from signing.engine import resources


@pytest.mark.parametrize(
    ("value", "written"),
    [(2.27e-12, b"0"), (-4e-13, b"0"), (0.0000123456, b"0.000012"), (595.28, b"595.28"), (3, b"3")],
)
def test_a_number_has_no_exponent(value: float, written: bytes) -> None:
    out = io.BytesIO()
    resources.numbers(value)[0].write_to_stream(out)
    assert out.getvalue() == written
