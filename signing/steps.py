"""The named steps of a signature, told from the trail as they happen."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext_lazy as _

from evidence import chain
from evidence.models import Dossier, Entry
from signing.models import Signer

NAMED = (
    ("certificate", _("Certificat"), _("Un certificat à usage unique est établi à votre nom."), "certificate.issued"),
    ("signature", _("Signature"), _("Les documents sont signés. La clé est détruite."), "key.destroyed"),
    (
        "timestamp",
        _("Horodatage"),
        _("Une autorité date la signature au moyen d’un jeton vérifiable."),
        "timestamp.obtained",
    ),
)
ELSEWHERE = (  # where another signing service holds the key
    "signature",
    _("Signature"),
    _("Les documents sont signés par le service de signature, puis vérifiés."),
    "signature.verified",
)
PROOF = ("proof", _("Preuve"), _("Le dossier de preuve est réuni, puis scellé."))
WAITS = {
    "tsa": _("L’autorité d’horodatage ne répond pas. Votre signature attend ; elle se fera dès son retour."),
    "crl": _("La liste de révocation n’est pas à jour. Votre signature attend ; elle se fera dès qu’elle le sera."),
    "keys": _("Le service de signature est momentanément indisponible. Votre demande est gardée."),
    "mail": _("Le message avec le code n’a pas encore pu partir. Nous réessayons."),
    "order": _("Une autre signature de ce document se termine. La vôtre suit."),
    "remote": _("Le service de signature ne répond pas. Votre demande est gardée."),
}


@dataclass(frozen=True)
class Step:
    """One step: `state` is done, running or todo; `at` when it was done."""

    key: str
    title: str
    sentence: str
    state: str
    at: datetime | None = None

    def as_json(self) -> dict[str, object]:
        """The step as the page's script reads it."""
        at = self.at.isoformat() if self.at else None
        return {"key": self.key, "title": self.title, "sentence": self.sentence, "state": self.state, "at": at}


def of(signer: Signer) -> list[Step]:
    """The steps of this path: done in order, the first that is not done is running."""
    kinds = ["order.told", ELSEWHERE[-1], *(kind for *_, kind in NAMED)]
    entries = Entry.objects.filter(trail=signer.envelope.trail, kind__in=kinds)
    own = [entry for entry in entries.order_by("seq") if _signer_of(entry) == str(signer.public_id)]
    seen = {entry.kind: entry.at for entry in own}
    named = [ELSEWHERE if "order.told" in seen and each[0] == ELSEWHERE[0] else each for each in NAMED]
    dossier = Dossier.objects.filter(trail=signer.envelope.trail, subject=str(signer.public_id)).first()
    times: list[tuple[str, str, str, datetime | None]] = [
        (key, str(title), str(sentence), seen.get(kind)) for key, title, sentence, kind in named
    ]
    name, proof, sealed = PROOF
    times.append((name, str(proof), str(sealed), dossier.sealed_at if dossier else None))
    steps: list[Step] = []
    for key, title, sentence, at in times:
        running = not at and all(step.state == "done" for step in steps)
        steps.append(Step(key, title, sentence, "done" if at else "running" if running else "todo", at))
    return steps


def _signer_of(entry: Entry) -> str | None:
    """Whose entry it is: signers of one envelope share a trail."""
    told: str | None = chain.members(bytes(entry.canonical))["data"].get("signer")
    return told


def waiting(signer: Signer) -> str:
    """What the path waits for, in a sentence; empty where it waits for nothing."""
    return str(WAITS.get(signer.waiting_for, ""))
