"""What an entry says to people: a title and a sentence for every kind in `events.KINDS`.

A sentence is written with the members of the entry, its opened personal values and the words of `CHOICES`; a value that
was erased reads "(effacé)". Used by the dossier, the admin and the pages that show a trail. French stands here; what is
shown is in the language that is active when it is asked for.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_noop as _


@dataclass(frozen=True)
class Words:
    """Title of a kind, and its sentence: a format string over the fields of the entry. Both in French."""

    title: str
    sentence: str


CHOICES: Mapping[str, Mapping[str, str]] = {
    "channel": {"email": _("e-mail"), "sms": _("SMS")},
    "code_channel": {
        "email": _("un code par e-mail sera demandé"),
        "sms": _("un code par SMS sera demandé"),
        "none": _("aucun code ne sera demandé"),
    },
    "role": {"to_sign": _("à signer"), "for_information": _("pour information")},
    "method": {
        "displayed": _("affichée"),
        "declared": _("déclarée lue par le bouton"),
        "image": _("affichée en image"),
    },
    "choice": {
        "wrong_person": _("je ne suis pas la bonne personne"),
        "content": _("le contenu ne convient pas"),
        "not_requested": _("je n’attendais pas cette demande"),
        "other": _("autre raison"),
    },
    "means": {
        "message": _("dans un message"),
        "printed": _("remis à qui a créé l’envoi"),
        "logiciel : OpenSSL, mémoire du processus de signature": _(
            "logiciel : OpenSSL, mémoire du processus de signature"
        ),
    },
    "form": {"presented": _("présenté"), "signed": _("signé"), "xml": _("XML"), "pdf": _("PDF")},
    "content": {"signed": _("Les documents signés"), "refused": _("La confirmation du refus")},
    "level": {
        "PAdES_BASELINE_B": "B-B",
        "PAdES_BASELINE_T": "B-T",
        "PAdES_BASELINE_LT": "B-LT",
        "PAdES_BASELINE_LTA": "B-LTA",
    },
    "over": {"signature": _("la signature"), "document": _("le fichier signé")},
    "outcome": {
        "COMPLETED": _("signé par toutes les personnes désignées"),
        "REFUSED": _("refusé"),
        "EXPIRED": _("échu"),
        "CANCELLED": _("annulé par le client"),
        "FAILED": _("sans aboutir"),
    },
    "reason": {
        "expired": _("il n’était plus valable"),
        "ended": _("le parcours était terminé"),
        "faster_than_time": _("plus long que le temps écoulé"),
        "worker lost": _("le programme qui signait s’est arrêté"),
        "not signed": _("la signature n’a pas abouti"),
        "tsa missing": _("aucun jeton d’horodatage n’a été obtenu"),
        "crl missing": _("aucune liste de révocation en cours n’a été obtenue"),
        "keys missing": _("une clé de la plateforme n’était pas lisible"),
        "TimestampRefused": _("l’autorité d’horodatage n’a pas répondu comme il faut"),
    },
}

CHECKS: Mapping[str, str] = {
    "strict": _("lisible tel quel"),
    "repaired": _("réparé"),
    "attachments": _("fichiers joints"),
    "signatures": _("signatures antérieures"),
    "transparency": _("transparences"),
    "layers": _("calques"),
    "prefix": _("début égal au fichier présenté"),
    "byte_range": _("étendue signée"),
    "contents": _("place de la signature"),
    "revision_end": _("fin de la révision"),
    "message_digest": _("empreinte du contenu"),
    "signer_certificate": _("certificat du signataire"),
    "signing_certificate_v2": _("certificat cité dans la signature"),
    "signature": _("valeur de la signature"),
    "signature_timestamp": _("jeton de la signature"),
    "document_timestamp": _("jeton du fichier"),
    "whole_file": _("jeton jusqu’au dernier octet"),
    "chain": _("chaîne de certificats"),
    "revocation": _("listes de révocation"),
    "revocation_date": _("date de la liste"),
    "earlier_signatures": _("signatures antérieures intactes"),
    "page_count": _("nombre de pages"),
    "page_content": _("contenu des pages"),
}

WORDS: Mapping[str, Words] = {
    "envelope.created": Words(_("Envoi créé"), _("{client_name} crée l’envoi {reference}.")),
    "document.added": Words(_("Document déposé"), _("« {title} » est déposé, {role}.")),
    "document.repaired": Words(
        _("Document réparé"),
        _("{document} ne pouvait pas être présenté tel quel : il est réécrit avant d’être montré ({means})."),
    ),
    "document.frozen": Words(_("Document figé"), _("{document} est figé ; pages : {pages}, octets : {bytes}.")),
    "signer.declared": Words(
        _("Signataire désigné"), _("Le client désigne {first_name} {last_name}, sans contrôle de pièce d’identité.")
    ),
    "path.armed": Words(
        _("Parcours préparé"),
        _("Une empreinte réunit le signataire, les fichiers et les phrases ; {code_channel}."),
    ),
    "signer.invited": Words(_("Invitation"), _("C’est le tour du signataire (tour {turn}) : il est invité à signer.")),
    "path.quarantined": Words(
        _("Parcours arrêté"), _("Après {attempts} essais sans résultat, le parcours est arrêté et attend un examen.")
    ),
    "path.resumed": Words(_("Parcours repris"), _("L’exploitant remet le parcours en marche.")),
    "link.created": Words(_("Lien préparé"), _("Un lien d’accès est préparé, {means}.")),
    "link.sent": Words(_("Lien envoyé"), _("Le lien d’accès part par {channel} à {recipient} (envoi {n}).")),
    "link.bounced": Words(
        _("Lien non remis"), _("Le message avec le lien n’a pas été remis à {recipient} (envoi {n}).")
    ),
    "link.fetched": Words(
        _("Lien consulté"), _("Le lien est demandé une fois, peut-être par un logiciel : cela n’ouvre rien.")
    ),
    "access.confirmed": Words(_("Accès confirmé"), _("Le bouton « Accéder aux documents » est pressé.")),
    "access.refused": Words(_("Accès refusé"), _("Le lien est présenté, mais {reason}.")),
    "session.opened": Words(_("Session ouverte"), _("Une session s’ouvre dans le navigateur.")),
    "session.expired": Words(_("Session fermée"), _("Le parcours est fermé dans ce navigateur.")),
    "session.resumed": Words(_("Session reprise"), _("Le parcours est repris dans une session.")),
    "document.presented": Words(_("Document présenté"), _("{document} est transmis au navigateur.")),
    "page.read": Words(_("Page lue"), _("{document}, page {page} : {method}.")),
    "document.read": Words(_("Document lu"), _("{document} : toutes les pages ont été lues.")),
    "reading.refused": Words(_("Lecture écartée"), _("Un temps de lecture annoncé n’est pas retenu : {reason}.")),
    "consent.shown": Words(_("Phrases montrées"), _("Les phrases à cocher sont affichées, cases vides.")),
    "consent.checked": Words(_("Phrase cochée"), _("La case de la phrase {consent} est cochée.")),
    "consent.unchecked": Words(_("Phrase décochée"), _("La case de la phrase {consent} est décochée.")),
    "sign.enabled": Words(_("Signature possible"), _("Tout est lu et coché : le bouton SIGNER est ouvert.")),
    "sign.blocked": Words(
        _("Signature trop tôt"),
        _("SIGNER est pressé trop tôt : pages manquantes, {missing_pages} ; phrases manquantes, {missing_consents}."),
    ),
    "sign.clicked": Words(_("SIGNER pressé"), _("Le bouton « {label} » est pressé.")),
    "refusal.clicked": Words(_("Refus"), _("Le refus est confirmé : {choice}.")),
    "code.requested": Words(_("Code demandé"), _("Un code est demandé.")),
    "code.entered": Words(_("Code saisi"), _("Un code est saisi ; il sera comparé à celui envoyé.")),
    "code.issued": Words(_("Code créé"), _("Un code de {length} chiffres est créé, lié à l’empreinte ({digits}).")),
    "code.sent": Words(_("Code envoyé"), _("Le code part par {channel} à {recipient}.")),
    "code.undelivered": Words(_("Code non remis"), _("Le message avec le code n’a pas été remis à {recipient}.")),
    "code.refused": Words(_("Code faux"), _("Le code saisi n’est pas celui envoyé ; essais restants, {tries_left}.")),
    "code.accepted": Words(_("Code juste"), _("Le code saisi est égal au code envoyé.")),
    "code.expired": Words(_("Code périmé"), _("Le code n’est plus valable.")),
    "code.locked": Words(_("Codes épuisés"), _("Trop de codes faux ({failures}) : l’accès est fermé.")),
    "certificate.requested": Words(_("Certificat demandé"), _("Un certificat au nom du signataire est demandé.")),
    "key.created": Words(_("Clé créée"), _("Une clé à usage unique naît ({algorithm}, {means}).")),
    "certificate.issued": Words(_("Certificat délivré"), _("Le certificat est délivré (numéro {serial}).")),
    "certificate.abandoned": Words(
        _("Certificat abandonné"), _("Un certificat est abandonné, puis révoqué (numéro {serial}).")
    ),
    "key.used": Words(_("Clé utilisée"), _("La clé signe, usage {use} : {document}.")),
    "signature.made": Words(_("Signature faite"), _("{document} est signé, au niveau {level}.")),
    "timestamp.obtained": Words(_("Jeton d’horodatage"), _("{authority} horodate {over} : {document}.")),
    "timestamp.failed": Words(
        _("Horodatage en attente"), _("Aucun jeton d’horodatage n’est obtenu : la signature attend.")
    ),
    "revocation.collected": Words(
        _("Liste de révocation"), _("La liste de révocation n° {number} est jointe aux fichiers signés.")
    ),
    "key.destroyed": Words(_("Clé détruite"), _("La clé est détruite ; usages : {uses}.")),
    "signature.verified": Words(
        _("Signature vérifiée"), _("{document}, signé, est vérifié par d’autres moyens que ceux qui ont signé.")
    ),
    "delivery.shown": Words(_("Résultat montré"), _("La page du résultat est affichée.")),
    "delivery.sent": Words(_("Résultat envoyé"), _("{content} : message envoyé par {channel} à {recipient}.")),
    "delivery.bounced": Words(_("Résultat non remis"), _("{content} : message non remis à {recipient}.")),
    "document.downloaded": Words(_("Document téléchargé"), _("{document}, {form}, est téléchargé.")),
    "envelope.closed": Words(_("Envoi clos"), _("L’envoi est clos : {outcome}.")),
    "dossier.sealed": Words(
        _("Dossier scellé"), _("Le dossier de preuve est scellé, jusqu’à l’inscription {last_seq}.")
    ),
    "dossier.downloaded": Words(_("Dossier téléchargé"), _("Le dossier de preuve ({form}) est téléchargé.")),
}


class _Fields(dict[str, str]):
    def __missing__(self, name: str) -> str:
        return erased()


def erased() -> str:
    """What stands where a value was erased."""
    return gettext("(effacé)")


def quoted(text: str) -> str:
    """A title or a label in the quotation marks of the language."""
    return gettext("« {text} »").format(text=text)


def choice(of: str, value: Any) -> str:
    """The word of a choice of `CHOICES`; digests, identifiers and whatever has no word stand as they are."""
    known = CHOICES.get(of, {}).get(str(value))
    return gettext(known) if known else str(value)


def title(kind: str) -> str:
    """The title of a kind; an unknown one (a later version wrote it) stands for itself."""
    return gettext(WORDS[kind].title) if kind in WORDS else kind


def check(name: str) -> str:
    """A check of intake or release in words; `attachments:2` reads "fichiers joints : 2"; an unknown one stands."""
    known, _colon, counted = name.partition(":")
    said = gettext(CHECKS[known]) if known in CHECKS else known
    return gettext("{check} : {n}").format(check=said, n=counted) if counted else said


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
    fields = _Fields({name: choice(name, value) for name, value in data.items()})
    fields.update(values)
    if "consent" in data:
        fields["consent"] = (statements or {}).get(data["consent"], quoted(data["consent"]))
    if "document" in data:
        titled = (documents or {}).get(data["document"])
        fields["document"] = quoted(titled) if titled else gettext("Le document")
    return gettext(WORDS[kind].sentence).format_map(fields)
