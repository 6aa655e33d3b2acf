"""Telephone numbers as an SMS gateway takes them: E.164."""

import phonenumbers

TRUNK_PREFIX = "0"


class NotInternational(ValueError):
    """This number cannot be brought into E.164."""


def international(number: str, *, country: str = "FR") -> str:
    """`06 12 34 56 78` and `+33 6 12 34 56 78` become `+33612345678`; raises `NotInternational`.

    A national number is read in `country` (ISO 3166-1 alpha-2). Whether anybody has the number is not checked.
    """
    written = " ".join(number.split())  # no-break spaces are not known there
    if written.count("+") > 1:
        raise NotInternational(number)
    try:
        read = phonenumbers.parse(written, country.upper())
    except phonenumbers.NumberParseException as error:
        raise NotInternational(number) from error
    if not phonenumbers.is_possible_number(read) or _lacks_trunk_prefix(written, country.upper()):
        raise NotInternational(number)
    return phonenumbers.format_number(read, phonenumbers.PhoneNumberFormat.E164)


def _lacks_trunk_prefix(written: str, country: str) -> bool:
    """Whether a national number lacks the 0 that its country dials first: what was left out may be more than that."""
    metadata = phonenumbers.PhoneMetadata.metadata_for_region(country)
    prefix = metadata.national_prefix if metadata else None
    return prefix == TRUNK_PREFIX and not written.lstrip("(").startswith((TRUNK_PREFIX, "+"))
