"""What envelopes are about here, a rental: its documents, and the statements that its signers agree to."""

from dataclasses import dataclass
from typing import Literal

from tests.pdfs import sound

STATEMENTS = {
    "fr": {
        "terms": "J’ai pris connaissance des conditions d’utilisation du service de signature et je les accepte.",
        "read": "J’ai lu les documents en entier, y compris les conditions particulières et générales.",
        "commitment": "J’ai compris qu’en cliquant sur SIGNER, je m’engage envers Exemple SA selon ces documents.",
    },
    "en": {
        "terms": "I have read the terms of use of the signing service and I accept them.",
        "read": "I have read the documents in full, including the special and general terms.",
        "commitment": "I understand that by clicking SIGN I commit myself to Exemple SA according to these documents.",
    },
}


@dataclass(frozen=True)
class Paper:
    """One document of the envelope."""

    title: str
    content: bytes
    pages: int
    role: Literal["to_sign", "for_information"] = "to_sign"


def contract(pages: int = 6, title: str = "Contrat de location") -> Paper:
    return Paper(title, sound.contract(pages, "Contrat"), pages)


def terms(pages: int = 4, title: str = "Conditions générales d’utilisation") -> Paper:
    return Paper(title, sound.contract(pages, "Conditions"), pages, "for_information")
