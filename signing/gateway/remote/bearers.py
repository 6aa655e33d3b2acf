"""Whether a certificate that came back names the person it was ordered for, however the other service spells names."""

import unicodedata
from collections.abc import Iterable

_SHORT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""In passports and at many offices (ICAO 9303-3, 6); beside them everybody leaves the accents out."""


def is_named(person: str, given: Iterable[str]) -> bool:
    """Tell whether more than half of the words of a person's name stand in the names that a certificate gives.

    Case, accents, hyphens and the order do not count. Half is not enough: two people share a first name, or a surname.
    All would be too much: a common name is cut after 64 characters. Where one of both is in other letters than Latin
    ones nobody can tell here how it is written in the other's, and it passes.
    """
    known = {form for each in given for form in _forms(each)}
    asked = [forms for word in person.split() if (forms := _forms(word))]
    if not asked or not known:
        return True
    found = sum(any(form in each for form in forms for each in known) for forms in asked)
    return 2 * found > len(asked)


def _forms(text: str) -> set[str]:
    """The ways in which a name is written with the 26 letters alone, run together; none for other scripts."""
    lower = unicodedata.normalize("NFC", text.casefold())
    return {form for each in (lower, lower.translate(_LONG)) if (form := _plain(each.translate(_SHORT)))}


def _plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if "a" <= each <= "z")
