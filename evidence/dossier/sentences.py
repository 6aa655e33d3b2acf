"""What one dossier says in sentences: the outcome, and what is not established. From the facts alone."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from django.utils.translation import gettext, ngettext

from evidence import words
from evidence.dossier import glyphs, signs
from evidence.dossier.facts import DossierFacts
from evidence.dossier.language import spoken
from evidence.dossier.story import Value
from evidence.dossier.summary import LimitName

LAST_LATIN = "\u024f"


@dataclass(frozen=True)
class Voice:
    """Speaks for one dossier in one time zone, in the language that is active."""

    facts: DossierFacts
    zone: str

    @property
    def name(self) -> str:
        """First and last name as declared."""
        if self._nameless:
            return gettext("une personne dont le nom est effacé")
        given = (self.facts.signer.first_name, self.facts.signer.last_name)
        return " ".join(each.text for each in given if not each.erased)

    @property
    def _nameless(self) -> bool:
        return self.facts.signer.first_name.erased and self.facts.signer.last_name.erased

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
    def service(self) -> str:
        """The other service that signed; empty where the platform did."""
        return self.facts.signing_service.name if self.facts.signing_service else ""

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
        return f"{spoken().stamp(signs.at(instant, self.zone))} ({signs.city(self.zone)})"

    def when(self, instant: str) -> str:
        """`à 14 h 27`; with its day where that is not the day of the outcome."""
        moment = signs.at(instant, self.zone)
        same = signs.at(self.facts.summary.ended_at, self.zone).date() == moment.date()
        return spoken().hour(moment, dated=not same)

    def outcome(self) -> str:
        """The one sentence under the title."""
        told = self.facts.summary
        said = self._ending().format(
            papers=self._papers(),
            of_client=spoken().of(self.client),
            name=self.name,
            of_name=spoken().of(self.name),
            why="" if self.signed else self._why(),
            when=self.moment(told.ended_at),
        )
        by_name = self.facts.summary.refused_by == "signer" and not self._nameless
        return said if by_name else signs.capital(said)  # a name is written as it was declared

    def _ending(self) -> str:
        if self.signed:
            return ngettext(
                "{papers} {of_client} a été signé au nom {of_name}, {when}.",
                "{papers} {of_client} ont été signés au nom {of_name}, {when}.",
                self.to_sign,
            )
        if self.facts.summary.refused_by == "signer":
            return gettext("{name} a refusé de signer {papers} {of_client}, {when}.")
        if self.facts.signatures.signature:
            return gettext("Une partie seulement des documents a été signée au nom {of_name} : {why}, {when}.")
        return gettext("Rien n’a été signé au nom {of_name} : {why}, {when}.")

    def limits(self) -> list[str]:
        """What the dossier does not establish, one sentence for each."""
        return [self._limit(each.name) for each in self.facts.summary.limit]

    def _limit(self, name: LimitName) -> str:
        said: Mapping[LimitName, Callable[[], str]] = {
            "sandbox": self._trial,
            "client_path": self._client_path,
            "comprehension": self._comprehension,
            "identity_document": self._identity,
            "device_holder": self._device,
            "same_channel": self._one_channel,
            "printed_link": self._handed,
            "no_code": self._no_code,
            "own_root": self._own_root,
            "own_authority": self._own_authority,
            "provider_key": self._provider_key,
            "provider_root": self._provider_root,
            "provider_authority": self._provider_authority,
        }
        return said[name]()

    def _trial(self) -> str:
        return gettext(
            "Que quelqu’un s’est engagé : c’est un essai du bac à sable, dont les signatures disent TEST, sans valeur."
        )

    def _client_path(self) -> str:
        said = gettext("Que les pages ont été lues et acceptées : {client} les a montrées sur ses propres pages.")
        return said.format(client=self.client)

    def _comprehension(self) -> str:
        said = gettext("Que les pages ont été comprises : elles ont été {read}, rien de plus.")
        return said.format(read=self._read())

    def _identity(self) -> str:
        said = gettext("Que la personne devant l’écran était {name} : aucune pièce n’a été demandée.")
        return said.format(name=self.name)

    def _device(self) -> str:
        if self.channel == "sms":
            said = gettext("Que le téléphone était entre les mains {of_name}.")
        else:
            said = gettext("Que la boîte aux lettres électronique était entre les mains {of_name}.")
        return said.format(of_name=spoken().of(self.name))

    def _one_channel(self) -> str:
        if any(each.name == "printed_link" for each in self.facts.summary.limit):
            return gettext(
                "Que deux moyens indépendants ont servi : "
                "le lien ouvert n’était pas venu par un message, seul le code l’était."
            )
        if self.facts.delivery.access.link:
            return gettext(
                "Que deux moyens indépendants ont servi : le code est parti dans la boîte qui avait reçu le lien."
            )
        return gettext(
            "Que deux moyens indépendants ont servi : le code est parti dans la boîte qui avait reçu un lien."
        )

    def _handed(self) -> str:
        """Where the link that was opened came from, and what reached the mailbox all the same."""
        if self.channel == "email" and self.facts.authentication and self.facts.authentication.verified:
            said = gettext(
                "Que le lien ouvert est passé par la boîte aux lettres électronique : "
                "il avait été remis à {client} ; le message du code, lui, y a été envoyé."
            )
        else:
            said = gettext(
                "Que le lien ouvert est passé par la boîte aux lettres électronique : il avait été remis à {client}."
            )
        return said.format(client=self.client)

    def _no_code(self) -> str:
        return gettext(
            "Que la personne avait entre les mains autre chose que le lien d’accès : aucun code n’a été demandé."
        )

    def _own_root(self) -> str:
        said = gettext(
            "Que tout lecteur fait confiance au certificat : l’autorité qui l’a délivré est celle {of_operator}."
        )
        return said.format(of_operator=spoken().of(self.facts.parties.operator.name))

    def _own_authority(self) -> str:
        return gettext("Que l’heure est qualifiée au sens du règlement : l’horodatage vient de l’exploitant.")

    def _provider_key(self) -> str:
        said = gettext(
            "Comment le certificat a été demandé, la clé créée, gardée et détruite, et quels chiffres portait "
            "le message du code : {service}, qui a signé, en tient la trace."
        )
        return said.format(service=self.service)

    def _provider_root(self) -> str:
        said = gettext(
            "Que tout lecteur fait confiance au certificat : "
            "l’autorité qui l’a délivré est celle qu’a choisie {service}."
        )
        return said.format(service=self.service)

    def _provider_authority(self) -> str:
        said = gettext(
            "Que l’heure est qualifiée au sens du règlement : les horodatages viennent de {service} et de l’exploitant."
        )
        return said.format(service=self.service)

    def _papers(self) -> str:
        said = ngettext("{n} document", "{n} documents", self.to_sign)
        return signs.tied(said.format(n=spoken().number(self.to_sign)))

    def _read(self) -> str:
        methods = {page.method for document in self.facts.documents.document for page in document.page}
        said = {
            "displayed": gettext("affichées"),
            "image": gettext("affichées en image"),
            "declared": gettext("déclarées lues"),
        }
        return gettext(" ou ").join(text for method, text in said.items() if method in methods) or gettext("montrées")

    def _why(self) -> str:
        if self.facts.summary.locked:
            failures = self.facts.authentication.failures if self.facts.authentication else 0
            said = ngettext("{n} code faux a fermé l’accès", "{n} codes faux ont fermé l’accès", failures)
            return said.format(n=spoken().number(failures))
        return {
            "REFUSED": gettext("une autre personne désignée a refusé"),
            "EXPIRED": gettext("le délai a pris fin"),
            "CANCELLED": gettext("{client} a annulé la demande").format(client=self.client),
            "FAILED": gettext("la signature n’a pas abouti"),
        }[self.facts.summary.outcome]


def shown(value: Value) -> str:
    """A personal value, or that it has been erased."""
    return words.erased() if value.erased else value.text
