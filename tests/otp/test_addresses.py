"""Addresses that mail goes to as they are written (`otp.addresses`), and how they are masked."""

import pytest
from django.core.exceptions import ValidationError

from otp import addresses
from otp.masking import masked_address


@pytest.mark.parametrize(
    "written",
    [
        "camille@exemple.fr",
        "c.m+box@sous.exemple.fr",
        "CAMILLE@Exemple.FR",
        "camille@société.fr",
        "camille@xn--socit-esab.fr",
        "camille@пример.com",
        "camille@почта.рф",
        "camille@ёлка.com",
        "camille@例え.テスト",
        "camille@tokyo東京.jp",
        "camille@αθήνα.gr",
        "a" * 64 + "@exemple.fr",
    ],
)
def test_one_mailbox_is_one(written: str) -> None:
    addresses.check(written)


@pytest.mark.parametrize(
    "written",
    [
        "a1@x.fr,b1@y.fr",
        "a2@b2@c.fr",
        "a7@.",
        '"a5"<z5@y.fr>',
        "boss@x.fr <other@y.fr>",
        "a10(c)@x.fr",
        "josé8@exemple.fr",
        "\u212a@exemple.fr",  # the sign of kelvin, which patterns that ignore case take for a k
        '"a b"@exemple.fr',
        "a@straße.de",  # which IDNA 2003 sends to strasse.de
        "a@" + "é" * 60 + ".fr",
        "a@[127.0.0.1]",
        "a@[IPv6:::1]",
        "a@ex\u0435mple.fr",  # a Cyrillic letter among Latin ones
        "a@xn--exmple-4of.fr",  # the same, coded
        "a@\u0430\u0440\u0440\u04cf\u0435.com",  # apple, every letter of it Cyrillic
        "a@xn--80ak6aa92e.com",  # the same, coded
        "a@\u03c4\u03bf\u03c1.fr",  # Greek letters that are read as "top"
        "a@g\u0585\u0585gle.com",  # Armenian ones among Latin ones
        "a@sous.\u0430\u0440\u0440\u04cf\u0435.com",
        "a" * 65 + "@exemple.fr",
        "",
        "camille",
    ],
)
def test_what_mail_would_carry_elsewhere_or_nowhere_is_none(written: str) -> None:
    with pytest.raises(ValidationError):
        addresses.check(written)


@pytest.mark.parametrize(
    ("one", "other"), [("A@Société.fr", "a@xn--socit-esab.fr"), ("+33612345642", "+33612345642"), ("a@.x", "A@.x")]
)
def test_one_mailbox_is_counted_as_one(one: str, other: str) -> None:
    assert addresses.canonical(one) == addresses.canonical(other)


def test_a_masked_address_ends_with_the_domain_that_mail_goes_to() -> None:
    assert masked_address('"a@b"@exemple.fr') == '"•••••@exemple.fr'
