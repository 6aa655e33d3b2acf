"""What one dossier says in sentences: the outcome, and what is not established. From the facts alone."""

from collections.abc import Mapping
from dataclasses import dataclass

from evidence import words
from evidence.dossier import french, glyphs
from evidence.dossier.facts import DossierFacts
from evidence.dossier.story import Value
from evidence.dossier.summary import LimitName

LAST_LATIN = "\u024f"


@dataclass(frozen=True)
class Voice:
    """Speaks for one dossier in one time zone."""

    facts: DossierFacts
    zone: str

    @property
    def name(self) -> str:
        """First and last name as declared."""
        given = (self.facts.signer.first_name, self.facts.signer.last_name)
        said = " ".join(each.text for each in given if not each.erased)
        return said or "une personne dont le nom est effacé"

    @property
    def initials(self) -> str:
        """The signer's initials, where something was signed; outside Latin the name's first two characters."""
        given = (self.facts.signer.first_name.text, self.facts.signer.last_name.text)
        letters = "".join(name[:1] for name in given).upper()
        if not self.latin:
            letters = "".join(given)[:2]
        drawn = letters.isalpha() and glyphs.printable(letters) == letters
        return letters if self.signed and drawn else ""

    @property
    def latin(self) -> bool:
        """Whether the italic of the initials can draw the name."""
        name = self.facts.signer.first_name.text[:1] + self.facts.signer.last_name.text[:1]
        return all(letter <= LAST_LATIN for letter in name)

    @property
    def signed(self) -> bool:
        return self.facts.summary.outcome == "SIGNED"

    @property
    def client(self) -> str:
        return self.facts.parties.client.name

    @property
    def channel(self) -> str:
        """The way of the code: email, sms or none."""
        return self.facts.authentication.channel if self.facts.authentication else "none"

    @property
    def to_sign(self) -> int:
        """How many documents were to be signed."""
        return sum(each.role == "to_sign" for each in self.facts.documents.document)

    def moment(self, instant: str) -> str:
        """`le 23 novembre 2026 à 14:29:03 (Paris)`."""
        moment, gap = french.at(instant, self.zone), french.NO_BREAK
        return f"le{gap}{french.day(moment)} à{gap}{french.clock(moment)} ({french.city(self.zone)})"

    def when(self, instant: str) -> str:
        """`à 14 h 27`; with its day where that is not the day of the outcome."""
        moment, gap = french.at(instant, self.zone), french.NO_BREAK
        same = french.at(self.facts.summary.ended_at, self.zone).date() == moment.date()
        return f"{'' if same else f'le{gap}{french.day(moment)} '}à{gap}{french.hour(moment)}"

    def outcome(self) -> str:
        """The one sentence under the title."""
        papers = french.count(self.to_sign, "document")
        told = self.facts.summary
        when = self.moment(told.ended_at)
        if self.signed:
            verb = "a été signé" if self.to_sign == 1 else "ont été signés"
            return f"{french.sentence(papers)} {french.of(self.client)} {verb} au nom {french.of(self.name)}, {when}."
        if told.refused_by == "signer":
            return f"{french.sentence(self.name)} a refusé de signer {papers} {french.of(self.client)}, {when}."
        nothing = "Une partie seulement des documents" if self.facts.signatures.signature else "Rien"
        verb = "a été signée" if self.facts.signatures.signature else "n’a été signé"
        return f"{nothing} {verb} au nom {french.of(self.name)} : {self._why()}, {when}."

    def limits(self) -> list[str]:
        """What the dossier does not establish, one sentence for each."""
        operator = self.facts.parties.operator.name
        device = "le téléphone" if self.channel == "sms" else "la boîte aux lettres électronique"
        said: Mapping[LimitName, str] = {
            "comprehension": f"Que les pages ont été comprises : elles ont été {self._read()}, rien de plus.",
            "identity_document": f"Que la personne devant l’écran était {self.name} : aucune pièce n’a été demandée.",
            "device_holder": f"Que {device} était entre les mains {french.of(self.name)}.",
            "same_channel": f"Que deux moyens indépendants ont servi : {self._one_channel()}.",
            "printed_link": f"Que le lien ouvert est passé par la boîte aux lettres électronique : {self._handed()}.",
            "no_code": "Que deux moyens ont servi : aucun code n’a été demandé.",
            "own_root": (
                "Que tout lecteur fait confiance au certificat : "
                f"l’autorité qui l’a délivré est celle {french.of(operator)}."
            ),
            "own_authority": "Que l’heure est qualifiée au sens du règlement : l’horodatage vient de l’exploitant.",
        }
        return [said[each.name] for each in self.facts.summary.limit]

    def _one_channel(self) -> str:
        if any(each.name == "printed_link" for each in self.facts.summary.limit):
            return "le lien ouvert n’était pas venu par un message, seul le code l’était"
        which = "le" if self.facts.delivery.access.link else "un"
        return f"le code est parti dans la boîte qui avait reçu {which} lien"

    def _handed(self) -> str:
        """Where the link that was opened came from, and what reached the mailbox all the same."""
        mailed = self.channel == "email" and self.facts.authentication and self.facts.authentication.verified
        code = " ; le message du code, lui, y a été envoyé" if mailed else ""
        return f"il avait été remis à {self.client}{code}"

    def _read(self) -> str:
        methods = {page.method for document in self.facts.documents.document for page in document.page}
        said = {"displayed": "affichées", "image": "affichées en image", "declared": "déclarées lues"}
        return " ou ".join(text for method, text in said.items() if method in methods) or "montrées"

    def _why(self) -> str:
        if self.facts.summary.locked:
            failures = self.facts.authentication.failures if self.facts.authentication else 0
            closed = "a fermé" if failures == 1 else "ont fermé"
            return f"{french.count(failures, 'code faux', 'codes faux')} {closed} l’accès"
        return {
            "REFUSED": "une autre personne désignée a refusé",
            "EXPIRED": "le délai a pris fin",
            "CANCELLED": f"{self.client} a annulé la demande",
            "FAILED": "la signature n’a pas abouti",
        }[self.facts.summary.outcome]


def shown(value: Value) -> str:
    """A personal value, or that it has been erased."""
    return words.ERASED if value.erased else value.text
