import pytest

from otp.numbers import NotInternational, international, takes_sms


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
    [
        "",
        "12345",
        "6 12 34 56 78",
        "079 123 45 67 89",
        "+0612345678",
        "+1234567890123456",
        "+33 six",
        "++33612345678",
        "0612345OLD",
        "06 12 34 56 78 ext. 5",
        "+33612345678;ext=5",
        "06 12 34 56 78#5",
    ],
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


@pytest.mark.parametrize(
    "number",
    ["+33142345642", "+33899123456", "+447012345678", "+447640123456", "+881612345678", "+8835100123456"],
    ids=["land line", "costs", "personal number", "pager", "satellite", "network of the world"],
)
def test_what_takes_no_sms(number: str) -> None:
    """reliability.md, SMS pumping: whoever pumps has a share in what such numbers cost."""
    assert not takes_sms(number)


@pytest.mark.parametrize("number", ["+33612345678", "+33712345678", "+590690123456", "+447781123456", "+18095551234"])
def test_what_does(number: str) -> None:
    assert takes_sms(number)
