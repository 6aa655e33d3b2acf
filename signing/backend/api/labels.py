"""What each errorLabel means, for whoever writes a program that reads them: English here, French on the page."""

from dataclasses import dataclass

from signing.backend import room
from signing.backend.api.errors import Label
from signing.engine import refusals


@dataclass(frozen=True)
class Meaning:
    """A label, the statuses it comes with, and what it says."""

    label: str
    statuses: str
    french: str


_OWN: dict[Label, tuple[str, str]] = {
    Label.WRONG_CODE: ("409", "Le code est faux ; errorMsg dit combien d'essais restent (« encore N essais »)."),
    Label.NO_TRIES: ("409", "Il ne reste aucun essai : pour ce code, ou pour tout l'ordre."),
    Label.NO_CODE: ("409", "Le code est échu, déjà servi, remplacé, ou n'a jamais été envoyé."),
    Label.CODE_NEEDED: ("409", "L'ordre demande un code, et otp manque."),
    Label.CODE_TOO_SOON: ("429", "Un code vient de partir ; Retry-After dit quand en demander un autre."),
    Label.CODES_CAPPED: ("429", "Le nombre de messages par jour est atteint ; Retry-After dit quand revenir."),
    Label.CODE_UNDELIVERED: ("409", "Le message avec le code n'a pas pu être remis."),
    Label.CONTACT: ("409", "Aucun code seul ne va là : numéro qui ne reçoit pas de SMS, ou politique qui l'exclut."),
    Label.BAD_REQUEST: ("400", "La requête n'est pas lisible."),
    Label.FORMAT: ("422", "Une valeur manque ou n'est pas valable ; errorMsg dit laquelle."),
    Label.CERTIFICATE: ("401", "Pas de certificat client, ou un certificat qui n'ouvre rien."),
    Label.CLIENT_CODE: ("403", "X-Client-Code n'est pas le code du certificat."),
    Label.NETWORK: ("403", "Ce client n'appelle pas depuis cette adresse."),
    Label.FORBIDDEN: ("403", "Cet appel n'est pas permis."),
    Label.NOT_FOUND: ("404", "Adresse inconnue, ou identifiant inconnu ou d'un autre client."),
    Label.METHOD: ("405", "Cette adresse ne répond pas à cette méthode."),
    Label.LENGTH: ("411", "Content-Length manque."),
    Label.TOO_LARGE: ("413", "Le corps est trop long ; il n'a pas été lu."),
    Label.MEDIA_TYPE: ("415", "Le corps n'est pas annoncé comme application/json, ou il est compressé."),
    Label.URI_TOO_LONG: ("414", "L'adresse de la requête dépasse 8190 octets."),
    Label.HEADERS_TOO_LONG: ("431", "Les en-têtes de la requête sont trop longs."),
    Label.EXTERNAL_ID: ("409", "Cet identifiant externe désigne déjà autre chose."),
    Label.STATE: ("409", "L'ordre n'est pas, ou n'est plus, dans un état qui permet cet appel."),
    Label.FULL: ("409", f"Un ordre tient {room.MOST} documents au plus ; ouvrez-en un autre pour les suivants."),
    Label.ELIMINATED: ("410", "Le document signé a été éliminé à la fin de sa durée de conservation."),
    Label.HASH: ("422", "hash n'est pas l'empreinte du document."),
    Label.ASYNC_URL: ("422", "asyncPostUrl n'est pas une adresse https d'un hôte enregistré."),
    Label.INTERNAL: ("500", "Le service a rencontré une erreur."),
    Label.UNAVAILABLE: ("503", "Momentanément indisponible ; Retry-After dit quand revenir."),
}


def meanings() -> list[Meaning]:
    """Every label: those of calls first, then those of PDFs that are not taken (422)."""
    own = [Meaning(str(label), *_OWN[label]) for label in Label]
    limits = {"limit": "N"}
    of_files = [
        Meaning(f"ERROR_{label}", "422", refusals.WORDINGS[label].french.format_map(limits)) for label in refusals.Label
    ]
    return own + of_files
