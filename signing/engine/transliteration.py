"""Names in Sinhala, Syriac, Mongolian and Yi, letter by letter in Latin ones: no face of ours joins or has theirs.

Sinhala as ISO 15919 without its marks, a long vowel twice; Syriac, which writes few vowels, as it stands and from its
first letter on, which is the one on the right; Mongolian and Yi by the names that Unicode gives their letters.
"""

import re
import unicodedata
from itertools import chain

_INHERENT, _VIRAMA, _JOINERS = "a", "\u0dca", {"\u200c", "\u200d"}


def _from(first: int, names: str) -> dict[str, str]:
    """Code points from `first` on; a dash where there is none."""
    return {chr(first + n): name for n, name in enumerate(names.split()) if name != "-"}


_VOWELS = _from(0x0D85, "a aa ae aae i ii u uu ri rii li lii e ee ai o oo au")
_CONSONANTS = _from(
    0x0D9A,
    "k kh g gh ng ng c ch j jh ny jny nj t th d dh n nd t th d dh n - nd p ph b bh m mb y r - l - - v sh sh s h l f",
)
_SIGNS = _from(0x0DCF, "aa ae aae i ii u - uu - ri e ee ai o oo au li") | _from(0x0DF2, "rii lii")
_AFTER = _from(0x0D82, "n h")
_ALONE = {**_VOWELS, **_CONSONANTS, **_AFTER, "": ""}
_BEHIND_CONSONANT = {**_ALONE, **_SIGNS, _VIRAMA: ""}
_SYRIAC = _from(0x0710, "a - b g g d d h w z h t t y y k l m n s s e p p s q r sh t") | _from(
    0x0730, "a a a aa aa aa e e e e i u u u u"
)
_MONGOLIAN = re.compile(r"MONGOLIAN LETTER (?:TODO |SIBE |MANCHU )?(?P<name>[A-Z]+)")
_YI = re.compile(r"YI SYLLABLE (?P<name>[A-Z]+)")
_FIRST = "\u0710"  # the letters of Syriac, the first of these scripts, begin here
_SELECTORS = {*map(chr, (0x180B, 0x180C, 0x180D, 0x180E, 0x180F, 0x202F))}


def transliterated(word: str) -> str | None:
    """Give a word of one of these scripts in Latin letters (ASCII); None where any of it is of another."""
    if max(word, default="") < _FIRST:
        return None
    for written in (_sinhala, _syriac, _mongolian, _yi):
        found = written(word)
        if found:
            return found.capitalize()
    return None


def _sinhala(word: str) -> str | None:
    """A consonant has a vowel of its own, which a sign behind it replaces or takes away."""
    letters: list[str] = []
    open_ = False  # whether the last letter is a consonant whose vowel is not settled
    for character in chain(unicodedata.normalize("NFC", word), [""]):
        if character in _JOINERS:
            continue
        if open_ and character not in _SIGNS and character != _VIRAMA:
            letters.append(_INHERENT)
        known = _BEHIND_CONSONANT if open_ else _ALONE
        if character not in known:
            return None
        letters.append(known[character])
        open_ = character in _CONSONANTS
    return "".join(letters)


def _syriac(word: str) -> str | None:
    letters = [_SYRIAC.get(character) for character in word]
    return None if None in letters else "".join(map(str, letters))


def _mongolian(word: str) -> str | None:
    """Its vowels have names of their own, and its consonants those of a syllable."""
    found = [_MONGOLIAN.fullmatch(unicodedata.name(each, "")) for each in word if each not in _SELECTORS]
    names = [each["name"].lower() if each else "" for each in found]
    if not all(names):
        return None
    return "".join("ng" if name == "ang" else re.sub("(?<=[^aeiou])a+$", "", name) for name in names)


def _yi(word: str) -> str | None:
    """As Yi is written in Latin letters: t, x or p at the end of a syllable are its tone."""
    found = [_YI.fullmatch(unicodedata.name(each, "")) for each in word]
    return "".join(each["name"].lower() for each in found if each) if all(found) else None
