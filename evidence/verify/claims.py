"""Claims on a dossier, and the words for what breaks one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the usual name of what only marks a text

from evidence.verify.failures import NotSound

WORDS = {
    "layout": N_("Le conteneur n’a pas la forme attendue."),
    "bomb": N_("Le conteneur est démesuré."),
    "path": N_("Le conteneur a un chemin interdit."),
    "gap": N_("Le conteneur a des octets qui ne sont d’aucun de ses fichiers."),
    "file": N_("Un fichier manque ou a été modifié."),
    "extra_file": N_("Le conteneur a un fichier en trop."),
    "manifest": N_("Le second manifeste ne couvre pas tout."),
    "embedded": N_("dossier.pdf ne contient pas ce dossier.xml."),
    "attestation": N_("L’attestation dit autre chose que dossier.xml."),
    "entry": N_("Les attributs d’une inscription ne disent pas ce que dit sa ligne."),
    "opening": N_("Une valeur n’est pas celle que l’inscription engage."),
    "canonical": N_("Une inscription n’est pas écrite dans sa forme canonique."),
    "cited": N_("Un fait de dossier.xml n’est pas celui de l’inscription qu’il nomme."),
    "tail": N_("La fin du journal manque."),
    "journal": N_("Le journal dit autre chose."),
    "binding": N_("Le lien entre signataire, documents et textes est rompu."),
    "reference": N_("Une autre référence que celle du dossier est nommée."),
    "addendum": N_("L’addendum ne suit pas ce qui le précède."),
    "proof": N_("La preuve d’inclusion au registre est fausse."),
    "prefix": N_("Le fichier signé ne commence pas par le fichier présenté."),
    "value": N_("Le fichier porte une autre valeur de signature."),
    "certificate": N_("Le fichier porte un autre certificat."),
    "token": N_("Un jeton du dossier n’est pas dans le fichier."),
    "unreadable": N_("Une partie est illisible."),
    "unexamined": N_("Le reste n’est pas examiné : il demande trop de calcul ou de mémoire."),
}


@dataclass(frozen=True)
class Claim:
    """One claim: its name, the number of the document where it is about one, and why it does not hold."""

    name: str
    n: int | None = None
    code: str = ""
    reason: str = ""

    def as_json(self) -> dict[str, Any]:
        number = {} if self.n is None else {"n": self.n}
        why = {"code": self.code, "reason": self.reason} if self.code else {}
        return {"claim": self.name, **number, "holds": not self.code, **why}


def need(holds: bool, code: str, which: str = "") -> None:  # noqa: FBT001 - a condition
    if not holds:
        sentence = gettext(WORDS[code])
        raise NotSound(code, f"{sentence} ({which})" if which else sentence)


def held(name: str, check: Callable[[], None], n: int | None = None) -> Claim:
    """Hold one claim; whatever a hostile file brings about is an answer."""
    try:
        check()
    except NotSound as failure:
        return Claim(name, n, failure.check, failure.sentence)
    except Exception as error:  # noqa: BLE001 the libraries raise anything on odd files
        return Claim(name, n, "unreadable", f"{gettext(WORDS['unreadable'])} ({type(error).__name__})")
    return Claim(name, n)
