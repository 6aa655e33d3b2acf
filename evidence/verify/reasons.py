"""Why a file or a signature gets its verdict: stable codes for machines, French sentences for people."""

from __future__ import annotations

from dataclasses import dataclass

_TRUST = "Intacte, mais aucune chaîne de confiance ne mène du certificat à une racine connue."
_PROOF = "Intacte, mais rien ne prouve que le certificat était valide quand la signature a été faite."

SENTENCES = {
    # the file
    "empty": "Le fichier est vide.",
    "missing": "Le fichier n’existe pas ou ne peut pas être ouvert.",
    "not_pdf": "Le fichier n’est pas un PDF lisible.",
    "encrypted": "Le fichier est protégé par un mot de passe.",
    "no_signature": "Le fichier ne porte aucune signature.",
    "signature_removed": "Le fichier contient une signature que sa version actuelle ne montre plus.",
    "structure": "La structure du fichier n’est plus celle d’un fichier signé sain.",
    "appended": "Des données ont été ajoutées après la dernière signature.",
    # coverage
    "byte_range": "La signature ne couvre pas le fichier depuis son premier octet, en deux parties.",
    "contents": "La signature laisse de côté autre chose qu’elle-même.",
    "revision_end": "La signature ne va pas jusqu’à la fin de la version qu’elle signe.",
    "coverage": "La signature ne couvre pas toute la version qu’elle signe.",
    # changes
    "modified": "Le document a été modifié après cette signature.",
    "form_filled": "Des champs de formulaire ont été remplis après cette signature.",
    "not_permitted": "Une modification que la certification du document ne permet pas a suivi cette signature.",
    # integrity
    "format": "La signature n’a pas une forme vérifiable.",
    "digest": "Le contenu signé a été altéré : son empreinte n’est plus celle de la signature.",
    "cryptography": "La signature ne correspond pas à son certificat.",
    "timestamp": "L’horodatage n’est pas valable ou porte sur autre chose.",
    "revoked": "Le certificat était révoqué.",
    # trust
    "issuer_unknown": _TRUST,
    "not_proven": _PROOF,
    "revocation_unknown": "Intacte, mais l’état de révocation du certificat n’est pas établi.",
    "not_examined": "La vérification n’a pas pu être menée à son terme ; rien n’est affirmé sur cette signature.",
    "indeterminate": "Intacte, mais la confiance ne peut pas être établie.",
}


@dataclass(frozen=True)
class Reason:
    """One reason; `detail` is the term of the standard (EN 319 102-1) or of a check, for those who know it."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        return SENTENCES[self.code]

    def as_json(self) -> dict[str, str]:
        return {"code": self.code, "sentence": self.sentence} | ({"detail": self.detail} if self.detail else {})


_INDICATIONS = {
    "FORMAT_FAILURE": "format",
    "HASH_FAILURE": "digest",
    "SIG_CRYPTO_FAILURE": "cryptography",
    "REVOKED": "revoked",
    "NOT_YET_VALID": "not_proven",
    "EXPIRED": "not_proven",
    "NO_POE": "not_proven",
    "OUT_OF_BOUNDS_NO_POE": "not_proven",
    "OUT_OF_BOUNDS_NOT_REVOKED": "not_proven",
    "TIMESTAMP_ORDER_FAILURE": "not_proven",
    "REVOKED_NO_POE": "revocation_unknown",
    "REVOKED_CA_NO_POE": "revocation_unknown",
    "REVOCATION_OUT_OF_BOUNDS_NO_POE": "revocation_unknown",
    "TRY_LATER": "revocation_unknown",
    "NO_SIGNING_CERTIFICATE_FOUND": "issuer_unknown",
    "NO_CERTIFICATE_CHAIN_FOUND": "issuer_unknown",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "revocation_unknown",
}


def of_indication(name: str) -> Reason:
    """The reason behind a sub-indication of EN 319 102-1, 5.1.3."""
    return Reason(_INDICATIONS.get(name, "indeterminate"), name)
