"""Why a file or a signature gets its verdict: stable codes for machines, translated sentences for people."""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation.trans_null import gettext_noop as N_  # noqa: N812 - only marks a text; needs no settings

_TRUST = N_("Intacte, mais aucune chaîne de confiance ne mène du certificat à une racine connue.")
_PROOF = N_("Intacte, mais rien ne prouve que le certificat était valide quand la signature a été faite.")

SENTENCES = {
    # the file
    "empty": N_("Le fichier est vide."),
    "missing": N_("Le fichier n’existe pas ou ne peut pas être ouvert."),
    "not_pdf": N_("Le fichier n’est pas un PDF lisible."),
    "encrypted": N_("Le fichier est protégé par un mot de passe."),
    "too_complex": N_("La vérification demande plus de temps ou de mémoire que ce qui lui est accordé."),
    "no_signature": N_("Le fichier ne porte aucune signature."),
    "signature_removed": N_("Le fichier contient une signature que sa version actuelle ne montre plus."),
    "unlisted": N_(
        "Une page porte cette signature, mais le formulaire du fichier ne la cite pas : selon le logiciel, elle est "
        "montrée ou non."
    ),
    "structure": N_("La structure du fichier n’est plus celle d’un fichier signé sain."),
    "appended": N_("Des données ont été ajoutées après la dernière signature."),
    # coverage
    "byte_range": N_("La signature ne couvre pas le fichier depuis son premier octet, en deux parties."),
    "contents": N_("La signature laisse de côté autre chose qu’elle-même."),
    "revision_end": N_("La signature ne va pas jusqu’à la fin de la version qu’elle signe."),
    "coverage": N_("La signature ne couvre pas toute la version qu’elle signe."),
    # changes
    "modified": N_("Le document a été modifié après cette signature."),
    "ambiguous": N_(
        "Ce qui a été ajouté après cette signature ne se lit pas de la même façon dans tous les logiciels."
    ),
    "covered": N_("Une signature ou un horodatage ajouté ensuite dessine par-dessus une page entière ou presque."),
    "form_filled": N_("Des champs de formulaire ont été remplis après cette signature."),
    "not_permitted": N_("Une modification que la certification du document ne permet pas a suivi cette signature."),
    # integrity
    "format": N_("La signature n’a pas une forme vérifiable."),
    "digest": N_("Le contenu signé a été altéré : son empreinte n’est plus celle de la signature."),
    "cryptography": N_("La signature ne correspond pas à son certificat."),
    "timestamp": N_("L’horodatage n’est pas valable ou porte sur autre chose."),
    "revoked": N_("Le certificat était révoqué."),
    # trust
    "issuer_unknown": _TRUST,
    "not_proven": _PROOF,
    "revocation_unknown": N_("Intacte, mais l’état de révocation du certificat n’est pas établi."),
    "not_permitted_by_issuer": N_(
        "Intacte, mais une autorité de la chaîne n’avait pas le droit d’émettre ce certificat, "
        "ou le certificat pose une condition inconnue ici."
    ),
    "not_for_signing": N_("Intacte, mais le certificat n’est pas fait pour signer des documents."),
    "weak": N_(
        "Intacte, mais un algorithme de la signature ou d’un certificat est trop faible pour y croire "
        "(SHA-1, MD5, clé RSA trop courte)."
    ),
    "not_examined": N_("La vérification n’a pas pu être menée à son terme ; rien n’est affirmé sur cette signature."),
    "named_twice": N_(
        "Intacte, mais la signature nomme son certificat plusieurs fois, ce que la norme exclut (RFC 5035, 5.4)."
    ),
    "old_form": N_("Intacte, mais d’une forme ancienne (SHA-1) qui ne suffit plus à la croire."),
    "unusual": N_(
        "Intacte jusqu’au dernier octet, mais le fichier est bâti de telle façon que rien de plus n’en est affirmé."
    ),
    "indeterminate": N_("Intacte, mais la confiance ne peut pas être établie."),
}


@dataclass(frozen=True)
class Reason:
    """One reason; `detail` is the term of the standard (EN 319 102-1) or of a check, for those who know it."""

    code: str
    detail: str = ""

    @property
    def sentence(self) -> str:
        return gettext(SENTENCES[self.code])

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
    "CRYPTO_CONSTRAINTS_FAILURE": "weak",
    "CRYPTO_CONSTRAINTS_FAILURE_NO_POE": "weak",
    "NO_SIGNING_CERTIFICATE_FOUND": "issuer_unknown",
    "NO_CERTIFICATE_CHAIN_FOUND": "issuer_unknown",
    "CERTIFICATE_CHAIN_GENERAL_FAILURE": "revocation_unknown",
}


def of_indication(name: str) -> Reason:
    """The reason behind a sub-indication of EN 319 102-1, 5.1.3."""
    return Reason(_INDICATIONS.get(name, "indeterminate"), name)
