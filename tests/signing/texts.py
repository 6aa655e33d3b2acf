"""Texts that names, titles and purposes are tried with: one table for stamp, certificate, pages, mails and dossier."""

import unicodedata

TAKEN = {
    "plain": "Camille Martin",
    "long": " ".join(["Marie-Charlotte", "Alexandrine", "de", "Beaumanoir"] * 8)[:300],
    "one-word": "Llanfairpwllgwyngyll" * 15,
    "letter": "A",
    "override": "Cam\u202enitraM ellim",
    "isolates": "\u2067Dupont\u2069\u200f",
    "markup": "<img src=x onerror=alert(1)>",
    "script": "</title></style><script>alert(1)</script>",
    "percent": "%",
    "percent-name": "%(name)s %s %d",
    "braces": "{0} {name} {{ 7|add:7 }} {% now 'Y' %}",
    "decomposed": unicodedata.normalize("NFD", "Zoé Ångström Nguyễn"),
    "marks": "Zoe" + "\u0301\u0323\u0330" * 20,
    "chinese": "王小明",
    "arabic": "محمد",
    "hebrew-and-figures": "דוד 123 Ali",
    "emoji": "😀",
    "joined-emoji": "👩\u200d👩\u200d👧 Ana",
    "persian-joiner": "می\u200cخواهم",
    "invisible-letter": "\u3164",
    "quotes": "\"; -- ' OR 1=1",
    "ampersand": "O’Neill & Fils <SARL>",
    "equals": "=1+2;CN=Autre,O=Autre/CN=x+y",
    "line-separator": "a\u2028b\u2029c\u0085".rstrip("\u0085"),
    "wide": "ﷺ ﬃ Ǆ",
}
"""Taken, by what is odd about them."""

REFUSED = {
    "newline": "Camille\nBcc: a@exemple.fr",
    "return": "Camille\rMartin",
    "tab": "Camille\tMartin",
    "nul": "Camille\x00",
    "escape": "\x1b[31mCamille",
    "c1": "Cam\x9bille",
    "half-a-pair": "Cam\udcffille",
    "noncharacter": "Cam\ufffeille",
    "too-long": "a" * 301,
    "longer-when-composed": "\u0958" * 151,
    "empty": "",
    "blank": " \u00a0\u2003 ",
    "nothing-but-direction": "\u202e\u200f",
    "nothing-but-marks": "\u0301\u0323",
    "nothing-but-joiners": "\u200d\u200c",
}
"""Refused, and why."""
