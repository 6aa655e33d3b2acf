"""Letters of Arabic in the forms that they take in words, as characters that faces have (Unicode, Presentation Forms).

The forms are those of the Unicode Character Database: a letter with an initial form joins on both sides, one with a
final form alone joins with what stands before it. Lam and alef become one. Points and vowel signs of Hebrew and Arabic
are left out: names are written without them, and readers know them so.
"""

import unicodedata
from collections import defaultdict
from functools import cache
from itertools import chain

_BLOCKS = (range(0xFB50, 0xFE00), range(0xFE70, 0xFF00))
_FIRST = chr(_BLOCKS[0].start)
_RIGHT = frozenset({"R", "AL"})
_TATWEEL, _JOINER, _NON_JOINER = "\u0640", "\u200d", "\u200c"
_LAM, _LIGATURE = "\u0644", 2

Forms = dict[str, dict[str, str]]
"""By letter (or lam with its alef): isolated, initial, medial and final form, as far as there are such."""


def joined(text: str) -> str:
    """Give a text in the order in which it is read, its letters of Arabic in the forms that join."""
    if not any(unicodedata.bidirectional(character) in _RIGHT for character in text):
        return text
    letters = _fused(_unpointed("".join(map(plain, text))))  # some keyboards write the word of God as one character
    shaped = [_shape(letters, n) for n in range(len(letters))]
    return "".join(shaped).translate({ord(_JOINER): None, ord(_NON_JOINER): None})


def plain(character: str) -> str:
    """What is read in place of a form: one letter, or the two that became one; any other character as it is."""
    if character < _FIRST:
        return character
    is_form = any(ord(character) in block for block in _BLOCKS)
    return unicodedata.normalize("NFKC", character) if is_form else character


@cache
def forms() -> Forms:
    found: Forms = defaultdict(dict)
    for code in chain(*_BLOCKS):
        tag, *letters = unicodedata.decomposition(chr(code)).split()[:4] or [""]
        text = "".join(chr(int(letter, 16)) for letter in letters)
        if tag.startswith("<") and (len(text) == 1 or (len(text) == _LIGATURE and text[0] == _LAM)):
            found[text].setdefault(tag.strip("<>"), chr(code))
    return dict(found)


def _unpointed(text: str) -> str:
    """Without the marks that stand on letters written from right to left."""
    kept: list[str] = []
    turned = False
    for character in unicodedata.normalize("NFC", text):
        if unicodedata.bidirectional(character) != "NSM":
            turned = unicodedata.bidirectional(character) in _RIGHT
        elif turned:
            continue
        kept.append(character)
    return "".join(kept)


def _fused(text: str) -> list[str]:
    """Letters, lam and the alef behind it as one."""
    found: list[str] = []
    for character in text:
        if found and found[-1] == _LAM and "final" in forms().get(_LAM + character, {}) and character in _ALEFS:
            found[-1] += character
        else:
            found.append(character)
    return found


_ALEFS = frozenset("\u0622\u0623\u0625\u0627")


def _shape(letters: list[str], n: int) -> str:
    letter = letters[n]
    own = forms().get(letter)
    if own is None:
        return letter
    before = n > 0 and _joins_on(letters[n - 1]) and "final" in own
    behind = n + 1 < len(letters) and _joins_on(letter) and _joins_back(letters[n + 1])
    wanted = {(True, True): "medial", (True, False): "final", (False, True): "initial"}.get(
        (before, behind), "isolated"
    )
    return own.get(wanted, letter)


def _joins_on(letter: str) -> bool:
    """Whether what follows joins with it."""
    return letter in {_TATWEEL, _JOINER} or "initial" in forms().get(letter, {})


def _joins_back(letter: str) -> bool:
    """Whether it joins with what stands before it."""
    return letter in {_TATWEEL, _JOINER} or "final" in forms().get(letter, {})
