"""Names in the scripts of India and its neighbours, written in Latin letters: no face of ours joins theirs.

By the names that Unicode gives their letters (DEVANAGARI LETTER KA, VOWEL SIGN AA, SIGN VIRAMA): a consonant with its
vowel, which a sign behind it replaces or takes away. In the north the vowel of a last consonant is not written, as it
is not said.
"""

import re
import unicodedata

_SCRIPTS = "DEVANAGARI|BENGALI|GURMUKHI|GUJARATI|ORIYA|TAMIL|TELUGU|KANNADA|MALAYALAM|MYANMAR|KHMER|TIBETAN"
_KINDS = "LETTER|VOWEL SIGN|INDEPENDENT VOWEL|CONSONANT SIGN|SUBJOINED LETTER|SIGN"
_NORTHERN = frozenset({"DEVANAGARI", "BENGALI", "GURMUKHI", "GUJARATI"})
_NAMED = re.compile(rf"(?P<script>{_SCRIPTS}) (?P<kind>{_KINDS}) (?P<name>.+)")
_FIRST = "\u0900"  # DEVANAGARI, the first of these scripts
_SILENT = frozenset({"VIRAMA", "ASAT", "COENG"})
_SIGNS = {"ANUSVARA": "n", "CANDRABINDU": "n", "BINDI": "n", "TIPPI": "n", "VISARGA": "h", "NIKAHIT": "m"}
_CONSONANTS = {"C": "ch", "CH": "chh", "SS": "sh", "LLL": "zh"}
_VOWEL, _VOWELS = "a", frozenset("aeiou")


def romanised(word: str) -> str | None:
    """Give a word in Latin letters; None where any of it is of another script."""
    if max(word, default="") < _FIRST:
        return None
    letters: list[str] = []
    follows_vowel = False  # the last one is the vowel that a consonant has by itself
    script = ""
    for character in unicodedata.normalize("NFC", word):
        found = _NAMED.fullmatch(unicodedata.name(character, ""))
        if found is None:
            return None
        script, kind, name = found["script"], found["kind"], found["name"].split()[-1]
        if name == "NUKTA":  # a dot that makes another consonant of one: the vowel stays
            continue
        is_silent = kind == "SIGN" and name in _SILENT
        if follows_vowel and (is_silent or kind in {"VOWEL SIGN", "CONSONANT SIGN", "SUBJOINED LETTER"}):
            letters.pop()
        follows_vowel = False
        if kind == "SIGN":
            if not is_silent and name not in _SIGNS:
                return None
            letters.append(_SIGNS.get(name, ""))
        elif "VOWEL" not in kind and re.fullmatch("[B-DF-HJ-NP-TV-Z]+A", name):
            letters += [_consonant(name[:-1]), _VOWEL]
            follows_vowel = True
        else:
            letters.append(name.lower() + ("i" if "VOCALIC" in found["name"] else ""))
    if follows_vowel and script in _NORTHERN and letters[-3:-2] and letters[-3][-1:] in _VOWELS:
        letters.pop()
    return "".join(letters).capitalize() or None


def _consonant(name: str) -> str:
    """What Unicode writes twice is said further back in the mouth, which Latin letters do not tell."""
    return _CONSONANTS.get(name) or re.sub(r"(.)\1+", r"\1", name).lower()
