"""French as it is set: no ordinary blank before `; : ? ! »` nor after `«`, no straight apostrophe in a word."""

import html
import re

BLANKS = re.compile(r"\S [;:?!»](?=\s|$|[.,)])|«[^\u00a0\u202f]")
LOOSE = re.compile(BLANKS.pattern + r"|[^\W\d_]'[^\W\d_]")
SAID_IN = re.compile(r"""\s(?:title|alt|aria-label|placeholder|data-[a-z-]+|value)=("[^"]*"|'[^']*')""")


def loose(text: str, wrong: re.Pattern[str] = LOOSE) -> list[str]:
    """The places of a text that are not set so, with what stands around them."""
    return [text[max(0, found.start() - 30) : found.end() + 20] for found in wrong.finditer(text)]


def loose_of(page: str) -> list[str]:
    """Blanks that are not set so in what a page shows or has read out, scripts and quoted texts left out.

    Apostrophes are looked for in our own texts alone: those of Django's are straight.
    """
    bare = re.sub(r"<!--.*?-->|<(script|style|pre|code|textarea)\b.*?</\1>", " ", page, flags=re.DOTALL)
    shown = [*re.split(r"<[^>]*>", bare), *(said[1:-1] for said in SAID_IN.findall(bare))]
    return [found for each in shown for found in loose(re.sub(r"[ \t\n]+", " ", html.unescape(each)), BLANKS)]
