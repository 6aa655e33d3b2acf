"""What a page or a message says, and whether any of it is in the other language: judged by the catalogues."""

import re
from functools import cache
from html import unescape
from typing import Any

from django.conf import settings
from lxml import html

from config.messages import CATALOGUES, read

SPOKEN_ATTRIBUTES = ("aria-label", "alt", "placeholder", "title")
FRENCH_LETTER = re.compile(r"[àâçèéêëîïôùûœ«»]|\b(?:[cdjlmnst]|qu)’\w", re.IGNORECASE)
WORDS = {
    "fr": "aux avec ce cette dans de des du est et il je la le les ne nous pas pour par que qui sur un une vous votre",
    "en": "and are at be been by can for from has have is it not of that the this to was when which will with your",
}
MANY = 3  # words that stand in one text so by no accident


def said(page: str) -> str:
    """The words of a page, also those that are only heard and those that its scripts will say."""
    tree: Any = html.document_fromstring(page)
    for unspoken in tree.xpath("//script|//style"):
        unspoken.drop_tree()
    spoken = [tree.text_content()]
    for element in tree.iter():
        if isinstance(element.tag, str):
            own = [name for name in element.attrib if name in SPOKEN_ATTRIBUTES or element.tag == "template"]
            spoken += [element.attrib[name] for name in own if name != "id"]
            spoken += [
                element.attrib[name] for name in element.attrib if name.startswith("data-") and "role" in element.attrib
            ]
    return plain(" \n ".join(spoken))


def plain(text: str) -> str:
    """Without the kinds of blanks and the lines."""
    return re.sub(r"\s+", " ", text)


@cache
def foreign(language: str) -> tuple[str, ...]:
    """Texts of the other language that are told apart by themselves: long, or with letters that only French has."""
    pieces: set[str] = set()
    for catalogue in CATALOGUES:
        for key, english in read(catalogue.mo.read_bytes()).items():
            french = key[0] if isinstance(key, tuple) else str(key)
            if french.partition("\x04")[2]:
                french = french.partition("\x04")[2]
            if french and english != french:
                pieces |= set(_pieces(french if language == "en" else english))
    return tuple(sorted(pieces))


def _pieces(text: str) -> list[str]:
    """The parts of a text between placeholders and tags, as a page shows them."""
    parts = re.split(r"%\(\w+\)s|\{\w*\}|<[^>]*>|\[s\]", unescape(text))
    bare = [plain(part).strip(" .,:;") for part in parts]
    return [part for part in bare if len(part.split()) >= MANY or (FRENCH_LETTER.search(part) and len(part) >= MANY)]


def slips(text: str, language: str, *, given: tuple[str, ...] = ()) -> list[str]:
    """What of `text` is in the other language; `given`: names and titles that are what they are."""
    for each in (*given, str(settings.OPERATOR["name"])):
        text = text.replace(plain(each), "")
    other = "fr" if language == "en" else "en"
    lone = [word for word in WORDS[other].split() if re.search(rf"(?<![\w’'-]){word}(?![\w’'-])", text)]
    whole = [piece for piece in foreign(language) if re.search(rf"(?<!\w){re.escape(piece)}(?!\w)", text)]
    letters = FRENCH_LETTER.findall(text) if language == "en" else []
    return [*lone, *whole, *letters]
