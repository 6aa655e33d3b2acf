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


@pytest.mark.parametrize(
    ("written", "country", "dialled"),
    [
        ("0611111111", "fr", "+33611111111"),
        ("079 123 45 67", "CH", "+41791234567"),
        ("0470 12 34 56", "BE", "+32470123456"),
        ("(212) 555-0123", "US", "+12125550123"),
        ("+33 6 11 11 11 11", "US", "+33611111111"),
    ],
)
def test_a_national_number_is_read_in_its_country(written: str, country: str, dialled: str) -> None:
    """certsign-api.md, holder.mobile: national (read in the holder's country) and E.164 forms."""
    assert international(written, country=country) == dialled
