"""The sentences with which a verification is told."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as N_  # noqa: N812 - the usual name of what only marks a text

from evidence.verify.verdicts import SignatureReport, Verdict

TITLES = {
    Verdict.VALID: N_("Ce document est signé, et rien n’y a changé depuis."),
    Verdict.UNTRUSTED: N_("Ce document est intact ; sa signature n’est pas confirmée."),
    Verdict.CHANGED: N_("Ce fichier n’est plus tel qu’il a été signé."),
    Verdict.INVALID: N_("Ce fichier porte une signature qui n’est pas valable."),
    Verdict.UNSIGNED: N_("Ce PDF ne porte aucune signature."),
    Verdict.UNREADABLE: N_("Ce fichier n’a pas pu être vérifié."),
}
_SPECIAL_TITLES = {
    "issuer_unknown": N_("Ce document est intact ; qui a émis sa signature n’est pas connu ici."),
    "not_examined": N_("La vérification n’a pas pu être menée à son terme."),
    "unusual": N_("Ce document est intact ; sa signature n’a pas pu être examinée entièrement."),
    "old_form": N_("Ce document est intact ; sa signature est d’une forme ancienne, qui ne suffit plus."),
    "digest": N_("Ce fichier a été altéré depuis sa signature."),
}
RETOLD = N_("Ce document est signé. Depuis, ses pages n’ont pas changé ; les informations du fichier, si.")
"""Instead of the title of a valid file where metadata are others than those signed."""
LEADS = {
    Verdict.VALID: N_("Le certificat mène à une racine admise ici, et la date est prouvée."),
    Verdict.UNTRUSTED: N_("Rien n’a changé depuis la signature. Ce qui manque pour la croire est dit ci-dessous."),
    Verdict.CHANGED: N_("Ce qui a été signé et ce que montre ce fichier ne sont pas la même chose."),
    Verdict.INVALID: N_("Ne vous fiez pas à ce fichier : demandez l’original à qui vous l’a remis."),
    Verdict.UNSIGNED: N_("Il n’y a donc rien à vérifier. Cela ne dit pas s’il a été modifié."),
    Verdict.UNREADABLE: N_("Rien n’est affirmé de ce fichier, ni en bien ni en mal."),
}
_SPECIAL_LEADS = {
    "issuer_unknown": N_(
        "Rien n’a changé depuis la signature. Mais aucune autorité admise ici ne répond du nom qu’elle porte : "
        "ce n’est pas le signe d’une altération."
    ),
    "not_examined": N_("Une partie de la signature sort de ce qui est compris ici. Rien n’en est affirmé."),
}
RETOLD_LEADS = {
    Verdict.VALID: N_(
        "Ce qui se lit sur les pages est ce qui a été signé. Le titre, l’auteur, les dates ou la version que donne le "
        "fichier ont changé après."
    ),
    Verdict.UNTRUSTED: N_(
        "Les pages n’ont pas changé depuis la signature ; le titre, l’auteur, les dates ou la version que donne le "
        "fichier, si. Ce qui manque pour croire la signature est dit ci-dessous."
    ),
}
"""What follows where metadata are others than those signed: first of a valid file, and alone of one not confirmed."""
_SPECIAL_RETOLD_LEADS = {
    "issuer_unknown": N_(
        "Les pages n’ont pas changé depuis la signature ; le titre, l’auteur, les dates ou la version que donne le "
        "fichier, si. Mais aucune autorité admise ici ne répond du nom qu’elle porte."
    ),
}
COMPLETED = N_("Ce document est signé. Depuis, seul le formulaire a été rempli, comme son auteur le permettait.")
"""Instead of the title of a valid file that its author certified to be filled in."""
COMPLETED_LEADS = {
    Verdict.VALID: N_("Ce qui a été rempli, quelqu’un l’a signé ensuite."),
    Verdict.UNTRUSTED: N_(
        "Depuis la signature de l’auteur, seul le formulaire a été rempli, comme il le permettait, puis signé. Ce qui "
        "manque pour croire les signatures est dit ci-dessous."
    ),
}
"""The same for what follows; also of one that is not confirmed."""
STATES = {
    Verdict.VALID: N_("valable"),
    Verdict.UNTRUSTED: N_("intacte, non confirmée"),
    Verdict.CHANGED: N_("suivie de changements"),
    Verdict.INVALID: N_("non valable"),
}
_SPECIAL_STATES = {
    "issuer_unknown": N_("intacte, émetteur inconnu"),
    "not_examined": N_("non examinée"),
    "unusual": N_("intacte, non examinée"),
}
INTEGRITY = {"intact": N_("intact"), "broken": N_("altéré"), "unknown": N_("non établi")}
PROOF = {
    "signature_timestamp": N_("Prouvée par l’horodatage de la signature, de l’autorité « {by} »."),
    "document_timestamp": N_("Prouvée par un horodatage du document, de l’autorité « {by} » : il existait alors."),
}
LEVELS = {
    "B-B": N_("PAdES B-B : sans horodatage"),
    "B-T": N_("PAdES B-T : horodatée"),
    "B-LT": N_("PAdES B-LT : horodatée, avec les données de révocation"),
    "B-LTA": N_("PAdES B-LTA : horodatée, avec les données de révocation, le tout horodaté à son tour"),
    "CMS": N_("signature CMS, hors des niveaux PAdES"),
    "RFC 3161": N_("jeton d’horodatage (RFC 3161)"),
}
_WHY = {
    "own": N_("la racine de ce service"),
    "time": N_("une racine admise ici pour l’horodatage"),
    "service": N_("la racine du service de signature dont celui-ci se sert"),
}


@dataclass(frozen=True)
class Added:
    """What came after a signature, in a word and a sentence; `good` where it alters nothing."""

    state: str
    sentence: str
    good: bool


ADDED = {
    "none": Added(N_("aucun"), N_("Rien n’a été ajouté au fichier ensuite."), good=True),
    "saved": Added(
        N_("un enregistrement"), N_("Le fichier a été enregistré à nouveau, sans que rien y soit changé."), good=True
    ),
    "long_term": Added(
        N_("des preuves"), N_("Des preuves pour la durée (révocation, horodatage) ; rien de ce qui se lit."), good=True
    ),
    "signatures": Added(N_("des signatures"), N_("D’autres signatures ou horodatages, et rien d’autre."), good=True),
    "metadata": Added(
        N_("des indications"),
        N_(
            "Ce que le fichier dit de lui-même (titre, auteur, dates, version) a changé, et rien de ce qui se lit sur "
            "ses pages ; des signatures ou des preuves ont pu être ajoutées aussi."
        ),
        good=True,
    ),
    "completed": Added(
        N_("un formulaire rempli"),
        N_("Des champs que l’auteur laissait remplir l’ont été, et quelqu’un a signé ce qui s’y lit."),
        good=True,
    ),
    "covered": Added(
        N_("une page recouverte"),
        N_("Une signature ou un horodatage dont le dessin recouvre une page, ou presque."),
        good=False,
    ),
    "form_filling": Added(N_("un formulaire"), N_("Des champs de formulaire ont été remplis ou changés."), good=False),
    "other": Added(N_("un changement"), N_("Autre chose que des signatures : ce qui se lit a pu changer."), good=False),
    "unknown": Added(N_("non établi"), N_("Ce qui a suivi n’a pas pu être établi."), good=False),
}


def title(verdict: Verdict, codes: Sequence[str], *, retold: bool, completed: bool) -> str:
    """The answer in one sentence. `retold`: what the file says of itself is not what was signed.

    `completed`: its author certified it to be filled in, and somebody did.
    """
    if completed and verdict is Verdict.VALID:
        return gettext(COMPLETED)
    if retold and verdict is Verdict.VALID:
        return gettext(RETOLD)
    return gettext(_special(_SPECIAL_TITLES, verdict, codes) or TITLES[verdict])


def lead(verdict: Verdict, codes: Sequence[str], *, retold: bool, completed: bool) -> str:
    """What follows from it. `retold`, `completed`: as for the title."""
    examined = not (codes and codes[0] == "not_examined")
    if completed and verdict in COMPLETED_LEADS and examined:
        return gettext(COMPLETED_LEADS[verdict])
    if retold and verdict in RETOLD_LEADS and examined:
        return gettext(_special(_SPECIAL_RETOLD_LEADS, verdict, codes) or RETOLD_LEADS[verdict])
    return gettext(_special(_SPECIAL_LEADS, verdict, codes) or LEADS[verdict])


def state(verdict: Verdict, codes: Sequence[str]) -> str:
    """The state of one signature, in a word or two."""
    return gettext(_special(_SPECIAL_STATES, verdict, codes) or STATES[verdict])


def _special(told: dict[str, str], verdict: Verdict, codes: Sequence[str]) -> str:
    """Sentences for a first reason of its own; "altered" is said of files whose signed bytes are others."""
    first = codes[0] if codes and verdict in {Verdict.UNTRUSTED, Verdict.INVALID} else ""
    return told.get(first, "")


def level(name: str) -> str:
    """A level of PAdES, and what it means; nothing where there is none."""
    return gettext(LEVELS[name]) if name in LEVELS else ""


def trust(each: SignatureReport) -> str:
    """Whether the issuer is one that is trusted here."""
    if each.trust == "trusted":
        return gettext("admis")
    return gettext("non confirmé") if each.chain else gettext("inconnu")


def way(why: str, issuer: str, chain: Sequence[str]) -> str:
    """From whom the certificate comes, and why that is believed, or not."""
    if not issuer:
        return gettext("Le certificat n’a pas pu être lu.")
    if not chain:
        return gettext("Certificat émis par « {issuer} », que rien ne rattache à une racine admise ici.").format(
            issuer=issuer
        )
    told = gettext("Certificat émis par « {issuer} », qui mène à « {root} », {why}.")
    return told.format(issuer=issuer, root=chain[-1], why=gettext(_WHY.get(why, _WHY["own"])))
