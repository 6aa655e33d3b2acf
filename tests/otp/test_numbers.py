import pytest

from otp.numbers import NotInternational, international


@pytest.mark.parametrize(
    ("written", "dialled"),
    [
        ("06 12 34 56 78", "+33612345678"),
        ("06.12.34.56.78", "+33612345678"),
        ("0612345678", "+33612345678"),
        ("+33 6 12 34 56 78", "+33612345678"),
        ("+33 (0)6 12 34 56 78", "+33612345678"),
        ("0033 6 12 34 56 78", "+33612345678"),
        ("+41 79 123 45 67", "+41791234567"),
        ("06\u00a012\u202f34 56 78", "+33612345678"),
    ],
)
def test_a_number_becomes_e164(written: str, dialled: str) -> None:
    """reliability.md, SMS pumping: E.164."""
    assert international(written) == dialled


@pytest.mark.parametrize(
    "written",
    ["", "12345", "6 12 34 56 78", "079 123 45 67 89", "+0612345678", "+1234567890123456", "+33 six", "++33612345678"],
)
def test_a_number_without_its_country_is_refused(written: str) -> None:
    with pytest.raises(NotInternational):
        international(written)
