"""Words that a signer types: what is asked for, and whether what was typed is that, kindly compared."""

import unicodedata

LONGEST = 120
LONGEST_TYPED = 200
ASKED = {"fr": "Mention à écrire\u00a0: «\u00a0{mention}\u00a0»", "en": "Words to type: “{mention}”"}
_ALIKE = str.maketrans({"œ": "oe", "æ": "ae", "’": "'", "ʼ": "'", "`": "'", "´": "'", "‐": "-", "‑": "-", "–": "-"})
_AROUND = " .,;:!?\"'«»“”„"


def asked(text: str, mention: str, *, language: str) -> str:
    """The exact words of a statement, with the mention that it asks for on a line of its own where there is one."""
    return f"{text}\n{ASKED[language].format(mention=mention)}" if mention else text


def agrees(typed: str, mention: str) -> bool:
    """Whether the words are those asked for; case, accents, blanks, apostrophes and what stands around do not count."""
    return bool(_folded(mention)) and _folded(typed) == _folded(mention)


def _folded(text: str) -> str:
    """Letters, digits and what joins them, without what a hurried hand or another keyboard leaves out."""
    apart = unicodedata.normalize("NFKD", text.casefold().translate(_ALIKE))
    bare = "".join(each for each in apart if unicodedata.category(each) != "Mn").translate(_ALIKE)
    return " ".join(bare.split()).strip(_AROUND)
