"""Names of people as they may stand in a certificate and on a stamp.

What was declared is kept elsewhere, unchanged (trail, dossier), once `has_controls` let it pass. Here it becomes
harmless: nothing that turns the direction of the text around it, no control characters, no runs of blanks. A
certificate takes a little less than a stamp: only what the string preparation of X.500 knows (RFC 4518, which stays at
Unicode 3.2), for a name that it refuses cannot be compared, and validators fail on it.
"""

import stringprep
import unicodedata

COMMON_NAME_LIMIT = 64
"""RFC 5280, appendix A.1: ub-common-name, in characters. Counted in UTF-8 bytes here, as common libraries do."""

_JOINERS = "\u200c\u200d"
"""Zero-width (non-)joiners are spelling in Persian, Sinhala and others; every other format character is dropped."""


def clean(text: str) -> str:
    """Give `text` in NFC without control, bidi, private and unassigned characters, blanks single and trimmed.

    Unassigned ones of the ideographic planes stay: a later Unicode than ours has Chinese characters there, and without
    one of them it would be another name.
    """
    kept = (_harmless(character) for character in unicodedata.normalize("NFC", text))
    return " ".join("".join(kept).split())


def _harmless(character: str) -> str:
    category = unicodedata.category(character)
    if category.startswith("Z") or character in "\t\r\n\v\f\x85":
        return " "
    if character in _JOINERS or not category.startswith("C") or is_later_ideograph(character):
        return character
    return ""


def is_later_ideograph(character: str) -> bool:
    """Tell whether our Unicode does not know a character of the planes kept for ideographs (4.4 of the standard)."""
    is_there = 0x20000 <= ord(character) <= 0x3FFFD  # noqa: PLR2004 planes 2 and 3
    return is_there and unicodedata.category(character) == "Cn" and not _is_noncharacter(character)


def has_controls(text: str) -> bool:
    """Tell whether a text holds what is no text: control characters, halves of a surrogate pair, noncharacters.

    Blanks at its ends do not count: who keeps a text trims it.
    """
    return any(unicodedata.category(each) in {"Cc", "Cs"} or _is_noncharacter(each) for each in text.strip())


def _is_noncharacter(character: str) -> bool:
    """The Unicode Standard, 23.7: set aside for ever, and U+FFFE and U+FFFF are not allowed in XML."""
    code = ord(character)
    return code & 0xFFFE == 0xFFFE or 0xFDD0 <= code <= 0xFDEF  # noqa: PLR2004 the ranges of the standard


def is_seen(text: str) -> bool:
    """Tell whether anything of a text would be seen: not joiners and marks alone."""
    return not all(map(_shapeless, clean(text)))


def certifiable(text: str) -> str:
    """Clean `text` for a certificate: without what RFC 4518, 2.4 prohibits, emoji and later scripts among it.

    A character without a place in Unicode 3.2 gives way to its other case or compatibility form that has one (ẞ to ß),
    or is dropped. Empty where nothing is left. Whether directions mix (2.4, bidi) is not looked at.
    """
    words = "".join(map(_comparable, clean(text))).split()
    return clean(" ".join(word for word in words if not all(map(_shapeless, word))))


def _comparable(character: str) -> str:
    forms = (character, character.lower(), character.upper(), unicodedata.normalize("NFKC", character))
    return next((form for form in forms if not any(map(_prohibited, form))), "")


def _prohibited(character: str) -> bool:
    return character == "\ufffd" or stringprep.in_table_a1(character)


def _shapeless(character: str) -> bool:
    """Joiners and marks: what an emoji that was dropped may leave behind."""
    return unicodedata.category(character)[0] in "CM"


def common_name(given_name: str, surname: str) -> str:
    """Join both names into a CN of at most 64 bytes, cut at a word where it must be cut.

    The full names stand in givenName and surname; the CN gives up given names from the last on, then whole words from
    the end, then letters (never half of a character with its marks).
    """
    given, family = clean(given_name).split(), clean(surname).split()
    while len(given) > 1 and not _fits(given + family):
        given.pop()
    words = given + family
    while len(words) > 1 and not _fits(words):
        words.pop()
    return _cut(" ".join(words))


def initials(name: str) -> str:
    """Give what stands for `name` in a margin: one to three capitals, first word and last two; particles do not count.

    A name in a script without capitals has no initials in that sense: then its first two characters as declared.
    """
    words = [word for word in clean(name).replace("-", " ").split() if _has_case(word[0])]
    words = [word for word in words if word[0] != word[0].lower()] or words
    if not words:
        return clean(name)[:2]
    chosen = words if len(words) <= 2 else [words[0], *words[-2:]]  # noqa: PLR2004 three initials at most
    # Not upper(): Georgian has capitals for whole headings only, which no name is written with.
    return "".join(word[0].title()[0] for word in chosen)


def _has_case(character: str) -> bool:
    return character.lower() != character.upper()


def _fits(words: list[str]) -> bool:
    return len(" ".join(words).encode()) <= COMMON_NAME_LIMIT


def _cut(text: str) -> str:
    while len(text.encode()) > COMMON_NAME_LIMIT:
        mark = unicodedata.combining(text[-1])
        text = text[:-1]
        while mark and text and unicodedata.combining(text[-1]):
            text = text[:-1]
        text = text[:-1] if mark else text
    return text.rstrip()
