"""What an entry says to people, in French: a title and a sentence for every kind in `events.KINDS`.

A sentence is written with the members of the entry, its opened personal values and the words of `CHOICES`; a value that
was erased reads "(effacé)". Used by the dossier, the admin and the pages that show a trail.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

ERASED = "(effacé)"


@dataclass(frozen=True)
class Words:
    """Title of a kind, and its sentence: a format string over the fields of the entry."""

    title: str
    sentence: str


CHOICES: Mapping[str, Mapping[str, str]] = {
    "channel": {"email": "e-mail", "sms": "SMS"},
    "code_channel": {"email": "un code par e-mail", "sms": "un code par SMS", "none": "aucun code"},
    "role": {"to_sign": "à signer", "for_information": "pour information"},
    "method": {
        "displayed": "affichée",
        "declared": "déclarée lue par le bouton",
        "image": "affichée en image",
    },
    "choice": {
        "wrong_person": "je ne suis pas la bonne personne",
        "content": "le contenu ne convient pas",
        "not_requested": "je n’attendais pas cette demande",
        "other": "autre raison",
    },
    "means": {"message": "dans un message", "printed": "remis à qui a créé l’envoi"},
    "form": {"presented": "présenté", "signed": "signé", "xml": "XML", "pdf": "PDF"},
    "content": {"signed": "Les documents signés", "refused": "La confirmation du refus"},
    "level": {
        "PAdES_BASELINE_B": "B-B",
        "PAdES_BASELINE_T": "B-T",
        "PAdES_BASELINE_LT": "B-LT",
        "PAdES_BASELINE_LTA": "B-LTA",
    },
    "over": {"signature": "la signature", "document": "le fichier signé"},
    "outcome": {
        "COMPLETED": "signé par toutes les personnes désignées",
        "REFUSED": "refusé",
        "EXPIRED": "échu",
        "CANCELLED": "annulé par le client",
        "FAILED": "sans aboutir",
    },
    "reason": {
        "expired": "il n’était plus valable",
        "ended": "le parcours était terminé",
        "faster_than_time": "plus long que le temps écoulé",
    },
}

CHECKS: Mapping[str, str] = {
    "strict": "lisible tel quel",
    "repaired": "réparé",
    "attachments": "fichiers joints",
    "signatures": "signatures antérieures",
    "transparency": "transparences",
    "layers": "calques",
    "prefix": "début égal au fichier présenté",
    "byte_range": "étendue signée",
    "contents": "place de la signature",
    "revision_end": "fin de la révision",
    "message_digest": "empreinte du contenu",
    "signer_certificate": "certificat du signataire",
    "signing_certificate_v2": "certificat cité dans la signature",
    "signature": "valeur de la signature",
    "signature_timestamp": "jeton de la signature",
    "document_timestamp": "jeton du fichier",
    "whole_file": "jeton jusqu’au dernier octet",
    "chain": "chaîne de certificats",
    "revocation": "listes de révocation",
    "revocation_date": "date de la liste",
    "earlier_signatures": "signatures antérieures intactes",
    "page_count": "nombre de pages",
    "page_content": "contenu des pages",
}

WORDS: Mapping[str, Words] = {
    "envelope.created": Words("Envoi créé", "{client_name} crée l’envoi {reference}."),
    "document.added": Words("Document déposé", "« {title} » est déposé, {role}."),
    "document.repaired": Words(
        "Document réparé",
        "{document} ne pouvait pas être présenté tel quel : il est réécrit avant d’être montré ({means}).",
    ),
    "document.frozen": Words("Document figé", "{document} est figé ; pages : {pages}, octets : {bytes}."),
    "signer.declared": Words(
        "Signataire désigné", "Le client désigne {first_name} {last_name}, sans contrôle de pièce d’identité."
    ),
    "path.armed": Words(
        "Parcours préparé",
        "Une empreinte réunit le signataire, les fichiers et les phrases ; {code_channel} sera demandé.",
    ),
    "signer.invited": Words("Invitation", "C’est le tour du signataire (tour {turn}) : il est invité à signer."),
    "path.quarantined": Words(
        "Parcours arrêté", "Après {attempts} essais sans résultat, le parcours est arrêté et attend un examen."
    ),
    "path.resumed": Words("Parcours repris", "L’exploitant remet le parcours en marche."),
    "link.created": Words("Lien préparé", "Un lien d’accès est préparé, {means}."),
    "link.sent": Words("Lien envoyé", "Le lien d’accès part par {channel} à {recipient} (envoi {n})."),
    "link.bounced": Words("Lien non remis", "Le message avec le lien n’a pas été remis à {recipient} (envoi {n})."),
    "link.fetched": Words(
        "Lien consulté", "Le lien est demandé une fois, peut-être par un logiciel : cela n’ouvre rien."
    ),
    "access.confirmed": Words("Accès confirmé", "Le bouton « Accéder aux documents » est pressé."),
    "access.refused": Words("Accès refusé", "Le lien est présenté, mais {reason}."),
    "session.opened": Words("Session ouverte", "Une session s’ouvre dans le navigateur."),
    "session.expired": Words("Session fermée", "Le parcours est fermé dans ce navigateur."),
    "session.resumed": Words("Session reprise", "Le parcours est repris dans une session."),
    "document.presented": Words("Document présenté", "{document} est transmis au navigateur."),
    "page.read": Words("Page lue", "{document}, page {page} : {method}."),
    "document.read": Words("Document lu", "{document} : toutes les pages ont été lues."),
    "reading.refused": Words("Lecture écartée", "Un temps de lecture annoncé n’est pas retenu : {reason}."),
    "consent.shown": Words("Phrases montrées", "Les phrases à cocher sont affichées, cases vides."),
    "consent.checked": Words("Phrase cochée", "La case de la phrase {consent} est cochée."),
    "consent.unchecked": Words("Phrase décochée", "La case de la phrase {consent} est décochée."),
    "sign.enabled": Words("Signature possible", "Tout est lu et coché : le bouton SIGNER est ouvert."),
    "sign.blocked": Words(
        "Signature trop tôt",
        "SIGNER est pressé trop tôt : pages manquantes, {missing_pages} ; phrases manquantes, {missing_consents}.",
    ),
    "sign.clicked": Words("SIGNER pressé", "Le bouton « {label} » est pressé."),
    "refusal.clicked": Words("Refus", "Le refus est confirmé : {choice}."),
    "code.requested": Words("Code demandé", "Un code est demandé."),
    "code.entered": Words("Code saisi", "Un code est saisi ; il sera comparé à celui envoyé."),
    "code.issued": Words("Code créé", "Un code de {length} chiffres est créé, lié à l’empreinte ({digits})."),
    "code.sent": Words("Code envoyé", "Le code part par {channel} à {recipient}."),
    "code.undelivered": Words("Code non remis", "Le message avec le code n’a pas été remis à {recipient}."),
    "code.refused": Words("Code faux", "Le code saisi n’est pas celui envoyé ; essais restants, {tries_left}."),
    "code.accepted": Words("Code juste", "Le code saisi est égal au code envoyé."),
    "code.expired": Words("Code périmé", "Le code n’est plus valable."),
    "code.locked": Words("Codes épuisés", "Trop de codes faux ({failures}) : l’accès est fermé."),
    "certificate.requested": Words("Certificat demandé", "Un certificat au nom du signataire est demandé."),
    "key.created": Words("Clé créée", "Une clé à usage unique naît ({algorithm}, {means})."),
    "certificate.issued": Words("Certificat délivré", "Le certificat est délivré (numéro {serial})."),
    "certificate.abandoned": Words(
        "Certificat abandonné", "Un certificat est abandonné, puis révoqué (numéro {serial})."
    ),
    "key.used": Words("Clé utilisée", "La clé signe, usage {use} : {document}."),
    "signature.made": Words("Signature faite", "{document} est signé, au niveau {level}."),
    "timestamp.obtained": Words("Jeton d’horodatage", "{authority} horodate {over} : {document}."),
    "timestamp.failed": Words("Horodatage en attente", "Aucun jeton d’horodatage n’est obtenu : la signature attend."),
    "revocation.collected": Words(
        "Liste de révocation", "La liste de révocation n° {number} est jointe aux fichiers signés."
    ),
    "key.destroyed": Words("Clé détruite", "La clé est détruite ; usages : {uses}."),
    "signature.verified": Words(
        "Signature vérifiée", "{document}, signé, est vérifié par d’autres moyens que ceux qui ont signé."
    ),
    "delivery.shown": Words("Résultat montré", "La page du résultat est affichée."),
    "delivery.sent": Words("Résultat envoyé", "{content} : message envoyé par {channel} à {recipient}."),
    "delivery.bounced": Words("Résultat non remis", "{content} : message non remis à {recipient}."),
    "document.downloaded": Words("Document téléchargé", "{document}, {form}, est téléchargé."),
    "envelope.closed": Words("Envoi clos", "L’envoi est clos : {outcome}."),
    "dossier.sealed": Words("Dossier scellé", "Le dossier de preuve est scellé, jusqu’à l’inscription {last_seq}."),
    "dossier.downloaded": Words("Dossier téléchargé", "Le dossier de preuve ({form}) est téléchargé."),
}


class _Fields(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return ERASED


def title(kind: str) -> str:
    """The title of a kind; an unknown one (a later version wrote it) stands for itself."""
    return WORDS[kind].title if kind in WORDS else kind


def check(name: str) -> str:
    """A check of intake or release in words; `attachments:2` reads "fichiers joints : 2"; an unknown one stands."""
    known, _, counted = name.partition(":")
    said = CHECKS.get(known, known)
    return f"{said} : {counted}" if counted else said


def sentence(
    kind: str,
    data: Mapping[str, Any],
    values: Mapping[str, str],
    *,
    documents: Mapping[str, str] | None = None,
    statements: Mapping[str, str] | None = None,
) -> str:
    """The sentence of an entry. `values`: opened personal values; `documents`, `statements`: names by identifier."""
    if kind not in WORDS:
        return ""
    fields = _Fields({name: _said(name, value, kind) for name, value in data.items()})
    fields.update(values)
    if "consent" in data:
        fields["consent"] = (statements or {}).get(data["consent"], f"« {data['consent']} »")
    if "document" in data:
        titled = (documents or {}).get(data["document"])
        fields["document"] = f"« {titled} »" if titled else "Le document"
    return WORDS[kind].sentence.format_map(fields)


def _said(name: str, value: Any, kind: str) -> str:
    """A value in words; digests and identifiers stand as they are."""
    if name == "reason" and kind not in ("access.refused", "reading.refused"):
        return str(value)
    return CHOICES.get(name, {}).get(str(value), str(value))
