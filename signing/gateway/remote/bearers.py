"""Whether a certificate that came back names the person it was ordered for, however the other service spells names."""

import unicodedata
from collections import defaultdict
from collections.abc import Iterable

_SHORT = str.maketrans({"ß": "ss", "æ": "ae", "œ": "oe", "ø": "o", "ł": "l", "đ": "d", "ð": "d", "þ": "th", "ı": "i"})
_LONG = str.maketrans({"ä": "ae", "ö": "oe", "ü": "ue", "ø": "oe", "å": "aa"})
"""In passports and at many offices (ICAO 9303-3, 6); beside them everybody leaves the accents out."""


LATIN = "LATIN"


def is_named(person: str, given: Iterable[str]) -> bool | None:
    """Tell whether more than half of the words of a person's name stand in the names that a certificate gives.

    Case, accents, hyphens and the order do not count. Half is not enough: two people share a first name, or a surname.
    All would be too much: a common name is cut after 64 characters. Words are compared in their own script. None where
    the certificate writes the name in another one than the person does: nobody can tell here how it is written in that.
    """
    known: dict[str, set[str]] = defaultdict(set)
    for each in given:
        for script, forms in _forms(each).items():
            known[script] |= forms
    words = [{script: forms for script, forms in _forms(word).items() if script in known} for word in person.split()]
    asked = [word for word in words if word]
    if not asked:
        return None
    found = sum(
        any(form in each for script, forms in word.items() for form in forms for each in known[script])
        for word in asked
    )
    return 2 * found > len(asked)


def _forms(text: str) -> dict[str, set[str]]:
    """The ways in which a name is written, its letters run together, by script; of Latin the 26 letters alone."""
    lower = unicodedata.normalize("NFC", text.casefold())
    latin = {form for each in (lower, lower.translate(_LONG)) if (form := _plain(each.translate(_SHORT)))}
    others: dict[str, str] = defaultdict(str)
    for letter in unicodedata.normalize("NFKD", lower):
        if letter.isalpha():
            others[unicodedata.name(letter, "").partition(" ")[0]] += letter
    return {script: {form} for script, form in others.items() if script != LATIN} | ({LATIN: latin} if latin else {})


def _plain(text: str) -> str:
    return "".join(each for each in unicodedata.normalize("NFKD", text) if "a" <= each <= "z")
