"""Telephone numbers as an SMS gateway takes them: E.164."""

import phonenumbers
from django.core.exceptions import ValidationError
from django.utils.translation import gettext_lazy as _
from phonenumbers import PhoneNumberType

TRUNK_PREFIX = "0"
# Numbers of these kinds cannot show an SMS, or cost whoever writes to them.
_NOT_FOR_SMS = frozenset(
    {
        PhoneNumberType.FIXED_LINE,
        PhoneNumberType.TOLL_FREE,
        PhoneNumberType.PREMIUM_RATE,
        PhoneNumberType.SHARED_COST,
        PhoneNumberType.UAN,
        PhoneNumberType.VOICEMAIL,
        PhoneNumberType.PERSONAL_NUMBER,
        PhoneNumberType.PAGER,
    }
)
NO_COUNTRY = "001"  # satellites and networks of the world: a message there costs a multiple


class NotInternational(ValueError):
    """This number cannot be brought into E.164."""


def international(number: str, *, country: str = "FR") -> str:
    """`06 12 34 56 78` and `+33 6 12 34 56 78` become `+33612345678`; raises `NotInternational`.

    A national number is read in `country` (ISO 3166-1 alpha-2); letters (`0800 FLOWERS`) and extensions are none.
    Whether anybody has the number is not checked.
    """
    written = " ".join(number.split())  # no-break spaces are not known there
    if written.count("+") > 1 or any(each.isalpha() or each in ";#" for each in written):
        raise NotInternational(number)
    try:
        read = phonenumbers.parse(written, country.upper())
    except phonenumbers.NumberParseException as error:
        raise NotInternational(number) from error
    if not phonenumbers.is_possible_number(read) or _lacks_trunk_prefix(written, country.upper()):
        raise NotInternational(number)
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def is_assigned(number: str) -> bool:
    """Whether a number in E.164 is of a range that its country has given out: more than a length that can be."""
    return phonenumbers.is_valid_number(phonenumbers.parse(number))


def takes_sms(number: str) -> bool:
    """Whether a number in E.164 is of a kind that SMS reach: no land line, none that costs its caller, no satellite."""
    return phonenumbers.number_type(phonenumbers.parse(number)) not in _NOT_FOR_SMS and country_of(number) != NO_COUNTRY


def country_of(number: str) -> str:
    """The country of a number in E.164 (ISO 3166-1 alpha-2); empty where it belongs to none."""
    return phonenumbers.region_code_for_number(phonenumbers.parse(number)) or ""


def check_countries(written: str) -> None:
    """Raise ValidationError for what is no list of countries: `FR BE, CH`."""
    for each in countries(written):
        if each not in phonenumbers.SUPPORTED_REGIONS:
            raise ValidationError(_("%(country)s n’est pas un pays."), params={"country": each})


def countries(written: str) -> list[str]:
    return written.replace(",", " ").upper().split()


def _lacks_trunk_prefix(written: str, country: str) -> bool:
    """Whether a national number lacks the 0 that its country dials first: what was left out may be more than that."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    prefix = metadata.national_prefix if metadata else None
    return prefix == TRUNK_PREFIX and not written.lstrip("(").startswith((TRUNK_PREFIX, "+"))
