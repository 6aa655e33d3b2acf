"""French for every kind of entry and every value that an entry can hold: what `evidence.words` speaks with.

A sentence is a format string over the members of the entry and its opened personal values. Marked for translation
here, translated where it is said.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from django.utils.translation import gettext_noop as N_  # noqa: N812 - the usual name of what only marks a text


@dataclass(frozen=True)
class Words:
    """Title of a kind, and its sentence: a format string over the fields of the entry. Both in French."""

    title: str
    sentence: str


WORDS: Mapping[str, Words] = {
    "envelope.created": Words(N_("Envoi créé"), N_("{client_name} crée l’envoi {reference}.")),
    "document.added": Words(N_("Document déposé"), N_("« {title} » est déposé, {role}.")),
    "document.repaired": Words(
        N_("Document réparé"),
        N_("{document} ne pouvait pas être présenté tel quel : il est réécrit avant d’être montré ({means})."),
    ),
    "document.frozen": Words(N_("Document figé"), N_("{document} est figé ; pages : {pages}, octets : {bytes}.")),
    "signer.declared": Words(
        N_("Signataire désigné"), N_("Le client désigne {first_name} {last_name}, sans contrôle de pièce d’identité.")
    ),
    "path.armed": Words(
        N_("Parcours préparé"),
        N_("Une empreinte réunit le signataire, les fichiers et les phrases ; {code_channel}."),
    ),
    "extrinsic.added": Words(N_("Pièce ajoutée"), N_("Le client joint au dossier : {type}.")),
    "signer.invited": Words(
        N_("Invitation"), N_("C’est le tour du signataire (tour {turn}) : il est invité à signer.")
    ),
    "path.quarantined": Words(
        N_("Parcours arrêté"), N_("Après {attempts} essais sans résultat, le parcours est arrêté et attend un examen.")
    ),
    "path.resumed": Words(N_("Parcours repris"), N_("Le parcours est remis en marche.")),
    "link.created": Words(N_("Lien préparé"), N_("Un lien d’accès est préparé, {means}.")),
    "link.sent": Words(N_("Lien envoyé"), N_("Le lien d’accès part par {channel} à {recipient} (envoi {n}).")),
    "link.accepted": Words(
        N_("Lien accepté"), N_("Le transporteur a pris le message avec le lien pour {recipient} (envoi {n}).")
    ),
    "link.delayed": Words(
        N_("Lien différé"),
        N_("Essai {attempt} : le message avec le lien n’est pas encore pris pour {recipient} (envoi {n})."),
    ),
    "link.bounced": Words(
        N_("Lien non remis"), N_("Le message avec le lien n’a pas été remis à {recipient} (envoi {n}).")
    ),
    "link.fetched": Words(
        N_("Lien consulté"), N_("Le lien est demandé une fois, peut-être par un logiciel : cela n’ouvre rien.")
    ),
    "access.confirmed": Words(N_("Accès confirmé"), N_("Le bouton « Accéder aux documents » est pressé.")),
    "access.refused": Words(N_("Accès refusé"), N_("Le lien est présenté, mais {reason}.")),
    "contact.disowned": Words(
        N_("« Ce n’est pas moi »"),
        N_("Qui lit les messages dit, par le bouton de l’un d’eux, ne pas être le signataire : {stopped}."),
    ),
    "letters.stopped": Words(N_("Messages arrêtés"), N_("Qui lit les messages n’en veut plus, et le dit {through}.")),
    "session.opened": Words(N_("Session ouverte"), N_("Une session s’ouvre dans le navigateur.")),
    "session.expired": Words(N_("Session fermée"), N_("Le parcours est fermé dans ce navigateur.")),
    "session.resumed": Words(N_("Session reprise"), N_("Le parcours est repris dans une session.")),
    "login.asserted": Words(
        N_("Connexion déclarée"), N_("Le client déclare que {account} était connecté sur son site ({means}).")
    ),
    "document.presented": Words(N_("Document présenté"), N_("{document} est transmis au navigateur.")),
    "page.served": Words(N_("Page transmise"), N_("{document}, page {page} : transmise en image.")),
    "page.read": Words(N_("Page lue"), N_("{document}, page {page} : {method}.")),
    "document.read": Words(N_("Document lu"), N_("{document} : toutes les pages ont été lues.")),
    "reading.moved": Words(
        N_("Autre appareil"),
        N_("La lecture se poursuit sur un autre appareil ou dans un autre navigateur (le n° {browsers})."),
    ),
    "reading.refused": Words(N_("Lecture écartée"), N_("Un temps de lecture annoncé n’est pas retenu : {reason}.")),
    "consent.shown": Words(N_("Phrases montrées"), N_("Les phrases à cocher sont affichées, cases vides.")),
    "consent.checked": Words(N_("Phrase cochée"), N_("La case de la phrase {consent} est cochée.")),
    "consent.unchecked": Words(N_("Phrase décochée"), N_("La case de la phrase {consent} est décochée.")),
    "mention.typed": Words(
        N_("Mention écrite"), N_("Pour la phrase {consent}, le signataire écrit « {typed} » : {result}.")
    ),
    "sign.enabled": Words(N_("Signature possible"), N_("Tout est lu et coché : le bouton SIGNER est ouvert.")),
    "sign.blocked": Words(
        N_("Signature trop tôt"),
        N_("SIGNER est pressé trop tôt : pages manquantes, {missing_pages} ; phrases manquantes, {missing_consents}."),
    ),
    "sign.clicked": Words(N_("SIGNER pressé"), N_("Le bouton « {label} » est pressé.")),
    "sign.requested": Words(N_("Signature demandée"), N_("Le client demande la signature.")),
    "refusal.told": Words(N_("Refus annoncé"), N_("Le client annonce que le signataire refuse.")),
    "refusal.clicked": Words(N_("Refus"), N_("Le refus est confirmé : {choice}.")),
    "code.requested": Words(N_("Code demandé"), N_("Un code est demandé.")),
    "code.rerouted": Words(
        N_("Autre voie pour le code"),
        N_("Le code est demandé par {channel}, au lieu du SMS attendu : il prend le chemin du lien d’accès."),
    ),
    "code.entered": Words(N_("Code saisi"), N_("Un code est saisi ; il sera comparé à celui envoyé.")),
    "code.issued": Words(N_("Code créé"), N_("Un code de {length} chiffres est créé, lié à l’empreinte ({digits}).")),
    "code.sent": Words(N_("Code envoyé"), N_("Le code part par {channel} à {recipient}.")),
    "code.delivered": Words(
        N_("Code remis"), N_("Le transporteur annonce que le message avec le code est remis à {recipient}.")
    ),
    "code.tied": Words(N_("Code lié"), N_("Le code envoyé est lié à l’empreinte des documents ajoutés depuis.")),
    "code.undelivered": Words(N_("Code non remis"), N_("Le message avec le code n’a pas été remis à {recipient}.")),
    "code.refused": Words(N_("Code faux"), N_("Le code saisi n’est pas celui envoyé ; essais restants, {tries_left}.")),
    "code.accepted": Words(N_("Code juste"), N_("Le code saisi est égal au code envoyé.")),
    "code.expired": Words(N_("Code périmé"), N_("Le code n’est plus valable.")),
    "code.locked": Words(N_("Codes épuisés"), N_("Trop de codes faux ({failures}) : l’accès est fermé.")),
    "certificate.requested": Words(N_("Certificat demandé"), N_("Un certificat au nom du signataire est demandé.")),
    "key.created": Words(N_("Clé créée"), N_("Une clé à usage unique naît ({algorithm}, {means}).")),
    "certificate.issued": Words(N_("Certificat délivré"), N_("Le certificat est délivré (numéro {serial}).")),
    "certificate.abandoned": Words(
        N_("Certificat abandonné"), N_("Un certificat est abandonné, puis révoqué (numéro {serial}).")
    ),
    "key.used": Words(N_("Clé utilisée"), N_("La clé signe, usage {use} : {document}.")),
    "signature.made": Words(N_("Signature faite"), N_("{document} est signé, au niveau {level}.")),
    "timestamp.obtained": Words(N_("Jeton d’horodatage"), N_("{authority} horodate {over} : {document}.")),
    "timestamp.failed": Words(
        N_("Horodatage en attente"), N_("Aucun jeton d’horodatage n’est obtenu : la signature attend.")
    ),
    "revocation.collected": Words(
        N_("Liste de révocation"), N_("La liste de révocation n° {number} est jointe aux fichiers signés.")
    ),
    "key.destroyed": Words(N_("Clé détruite"), N_("La clé est détruite ; usages : {uses}.")),
    "signature.verified": Words(
        N_("Signature vérifiée"), N_("{document}, signé, est vérifié par d’autres moyens que ceux qui ont signé.")
    ),
    "order.told": Words(N_("Ordre chez un tiers"), N_("{service} dit de l’ordre {order} : {status}.")),
    "signature.rejected": Words(
        N_("Fichier écarté"),
        N_("{document} : le fichier revenu comme signé n’est pas ce qu’il doit être ; il est écarté."),
    ),
    "delivery.shown": Words(N_("Résultat montré"), N_("La page du résultat est affichée.")),
    "delivery.sent": Words(N_("Résultat envoyé"), N_("{content} : message envoyé par {channel} à {recipient}.")),
    "delivery.delayed": Words(
        N_("Résultat différé"), N_("{content}, essai {attempt} : message pas encore pris pour {recipient}.")
    ),
    "delivery.bounced": Words(N_("Résultat non remis"), N_("{content} : message non remis à {recipient}.")),
    "callback.sent": Words(N_("Rappel remis"), N_("Les statuts sont remis à {host} (essai {attempt}) : {answer}.")),
    "callback.failed": Words(
        N_("Rappel non remis"), N_("Les statuts ne sont pas pris par {host} (essai {attempt}) : {answer} ; {retried}.")
    ),
    "document.downloaded": Words(N_("Document téléchargé"), N_("{document}, {form}, est téléchargé.")),
    "envelope.closed": Words(N_("Envoi clos"), N_("L’envoi est clos : {outcome}.")),
    "dossier.sealed": Words(
        N_("Dossier scellé"), N_("Le dossier de preuve est scellé, jusqu’à l’inscription {last_seq}.")
    ),
    "archive.deposited": Words(
        N_("Dépôt en archive"), N_("Le paquet ({content}, fichiers : {files}) est remis à l’archive {archive}.")
    ),
    "archive.receipt": Words(
        N_("Accusé de l’archive"), N_("L’archive {archive} accuse réception, sous l’identifiant {archive_id}.")
    ),
    "archive.failed": Words(
        N_("Archive en attente"), N_("L’archive {archive} n’a pas pris le dépôt ({reason}) ; {final}.")
    ),
    "archive.damaged": Words(
        N_("Archive abîmée"), N_("Un contrôle de l’archive {archive} trouve une copie abîmée ; {mended}.")
    ),
    "hold.placed": Words(N_("Gel"), N_("Rien de cet envoi ne sera éliminé tant que le gel dure.")),
    "hold.lifted": Words(N_("Fin du gel"), N_("Le gel de cet envoi est levé.")),
    "elimination.requested": Words(
        N_("Élimination demandée"), N_("L’élimination de cet envoi avant son terme est demandée ({reason}).")
    ),
    "sheet.consulted": Words(N_("Consultation"), N_("L’envoi est consulté à l’écran : {page}.")),
    "rollup.sealed": Words(N_("Récapitulatif scellé"), N_("Le récapitulatif de l’envoi est scellé, pour le client.")),
    "dossier.downloaded": Words(N_("Dossier téléchargé"), N_("Le dossier de preuve ({form}) est téléchargé.")),
    "dossier.stamped": Words(
        N_("Nouvel horodatage"),
        N_("Le dossier reçoit un nouvel horodatage, le précédent étant prouvé jusqu’au {proven_until}."),
    ),
    "sealing.resumed": Words(
        N_("Scellement repris"),
        N_("Le scellement s’était arrêté après trop d’essais ; l’exploitant le remet en marche."),
    ),
    "complaint.received": Words(N_("Réclamation reçue"), N_("Réclamation {n}, reçue {means} : « {text} ».")),
    "personal_data.erased": Words(
        N_("Données effacées"), N_("Des valeurs personnelles sont effacées ({reason}) ; leurs empreintes restent.")
    ),
}

UNTIED = N_("Un code de {length} chiffres est créé ; le premier document ajouté le liera.")
"""The sentence of `code.issued` where there was no document yet."""

UNWRITTEN = N_("La mention de la phrase {consent} est retirée.")
"""The sentence of `mention.typed` where the field was emptied."""

UNWRITTEN_YET = N_(
    "SIGNER est pressé trop tôt : pages manquantes, {missing_pages} ; phrases manquantes, {missing_consents} ; "
    "mentions manquantes, {missing_mentions}."
)
"""The sentence of `sign.blocked` where a mention was missing."""

UNANSWERED = N_("Le code part par {channel} à {recipient} ; le transporteur n’a pas répondu.")
"""The sentence of `code.sent` where nobody said that the message was taken."""

PAID = N_("Le client déclare que {account} était connecté sur son site ({means}), et un paiement : {payment}.")
"""The sentence of `login.asserted` where the client named a payment."""

NUMBERED = N_("Le client joint au dossier : {type}, {number}.")
"""The sentence of `extrinsic.added` where there is a number or a reference."""

NAMED = N_("Le client joint au dossier : {type}, « {name} ».")
"""The sentence of `extrinsic.added` where it is a file with a name."""
