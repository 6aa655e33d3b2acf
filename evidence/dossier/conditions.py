"""The four conditions of page one in sentences: Identification, Consentement, Lien avec l’acte, Intégrité."""

from collections.abc import Callable, Mapping

from django.utils.translation import gettext, gettext_lazy, ngettext
from django_stubs_ext import StrPromise

from evidence import words
from evidence.dossier import exchange, reading, signs
from evidence.dossier.delivery import Message
from evidence.dossier.language import spoken
from evidence.dossier.sentences import Voice, shown
from evidence.dossier.summary import ConditionName

TITLES: Mapping[ConditionName, StrPromise] = {
    "identification": gettext_lazy("Identification"),
    "consent": gettext_lazy("Consentement"),
    "link": gettext_lazy("Lien avec l’acte"),
    "integrity": gettext_lazy("Intégrité"),
}


def said(voice: Voice, name: ConditionName) -> list[str]:
    """The sentences of one condition, a paragraph each."""
    speak: Mapping[ConditionName, Callable[[Voice], list[str]]] = {
        "identification": identification,
        "consent": consent,
        "link": link,
        "integrity": integrity,
    }
    return speak[name](voice)


def identification(voice: Voice) -> list[str]:
    """Who designated whom, with which addresses; the link; the code exchange."""
    named = {"email": gettext("l’adresse {contact}"), "mobile": gettext("le numéro {contact}")}
    used = [each for each in voice.facts.signer.contacts if each.type == "email" or voice.channel == "sms"]
    contacts = spoken().listed([named[each.type].format(contact=shown(each.value)) for each in used])
    who = gettext("{client} a désigné {name} et fourni {contacts}, sans contrôle de pièce d’identité.")
    declared = who.format(client=voice.client, name=voice.name, contacts=contacts)
    sent = _link_sent(voice)
    return [f"{declared} {sent}" if sent else declared, exchange.code(voice)]


def consent(voice: Voice) -> list[str]:
    """What was read, checked and pressed; or the refusal in its own words; or whose pages it was on."""
    told = voice.facts.consent
    if voice.facts.transaction.path_held_by == "client":
        return _held(voice)
    if told.refusal:
        refused = gettext("{name} a pressé REFUSER, puis confirmé, {when} : {choice}.").format(
            name=voice.name,
            when=voice.when(told.refusal.clicked_at),
            choice=words.choice("choice", told.refusal.choice),
        )
        given = told.refusal.reason
        reason = (
            gettext("Motif écrit : « {reason} »").format(reason=shown(given))
            if given
            else gettext("Aucun motif n’a été écrit.")
        )
        return [f"{refused} {reason}", reading.pages(voice)]
    read = " ".join(
        filter(None, (reading.pages(voice), reading.moved(voice), reading.boxes(voice), reading.mentions(voice)))
    )
    if told.button:
        clicked = gettext("{name} a cliqué sur {label} {when}.")
        when = voice.when(told.button.clicked_at)
        return [read, clicked.format(name=voice.name, label=told.button.label, when=when)]
    return [read, gettext("Le bouton qui demande la signature n’a pas été pressé : aucun consentement n’est établi.")]


def _held(voice: Voice) -> list[str]:
    """That the path was the client's, and what the client said came of it."""
    held = gettext(
        "{client} a montré les documents et recueilli l’accord sur ses propres pages : "
        "ce dossier ne dit pas ce qui y a été lu, coché ou pressé."
    ).format(client=voice.client)
    word = voice.facts.consent.client_word
    if word is None:
        return [held, gettext("{client} n’a pas demandé la signature.").format(client=voice.client)]
    said = (
        gettext("{client} a demandé la signature {when}.")
        if word.said == "sign"
        else gettext("{client} a annoncé {when} que le signataire refusait.")
    )
    return [held, said.format(client=voice.client, when=voice.when(word.at))]


def link(voice: Voice) -> list[str]:
    """The binding and where it comes back; the prefix."""
    facts = voice.facts
    if facts.summary.binding is None or facts.summary.digits is None:
        return [gettext("Le parcours n’a jamais été préparé : aucune empreinte ne lie la personne aux fichiers.")]
    held = facts.transaction.path_held_by == "client"
    tie = (
        gettext("L’empreinte {digits} réunit le signataire et {files}.")
        if held
        else gettext("L’empreinte {digits} réunit le signataire, {files} et {statements}.")
    ).format(
        digits=signs.fours(facts.summary.digits),
        files=_files(len(facts.documents.document)),
        statements=_statements(len(facts.consent.statement)),
    )
    carried = _carriers(voice, facts.summary.binding)
    if carried:
        appears = gettext("Elle figure dans {places}.").format(places=spoken().listed(carried))
        tie = f"{tie} {appears}"
    if not facts.signatures.signature:
        nothing = gettext("Rien n’a été signé sous cette empreinte.")
        return [f"{tie} {nothing}"]
    prefix = ngettext(
        "Le fichier présenté est le début exact du fichier signé.",
        "Les fichiers présentés sont le début exact des fichiers signés.",
        len(facts.signatures.signature),
    )
    return [tie, f"{prefix} {earlier}" if (earlier := _earlier(voice)) else prefix]


def integrity(voice: Voice) -> list[str]:
    """The signatures with their tokens, the key's end, the journal."""
    facts = voice.facts
    lines = ngettext("{n} inscription", "{n} inscriptions", facts.journal.last_seq)
    counted = signs.tied(lines.format(n=spoken().number(facts.journal.last_seq, feminine=True)))
    journal = gettext(
        "Le journal compte {entries}, enchaînées sans lacune ; ce dossier en fixe l’état par un cachet horodaté."
    ).format(entries=counted)
    if not facts.signatures.signature:
        return [gettext("Aucun fichier n’a été signé ; les fichiers présentés sont gardés tels quels."), journal]
    signed = _signed(voice)
    if facts.signing_service:
        return [f"{signed} {_by_another(voice)}", journal]
    key = facts.certificate.key if facts.certificate else None
    if key is None:
        return [signed, journal]
    gone = (
        gettext("La clé a servi {times}, puis a été détruite.")
        if key.destroyed_at
        else gettext("La clé a servi {times}.")
    )
    return [f"{signed} {gone.format(times=spoken().times(key.uses))}", journal]


def _by_another(voice: Voice) -> str:
    """Who signed where the platform did not, and who checked it."""
    said = gettext("{service} a signé, et tient la trace de la clé ; la plateforme a vérifié ce qui en est revenu.")
    return said.format(service=voice.service)


def _signed(voice: Voice) -> str:
    signatures = voice.facts.signatures.signature
    levels = spoken().listed(sorted({words.choice("level", each.level) for each in signatures}))
    counts = {len(each.timestamp) for each in signatures}
    fewest = min(counts)
    if len(counts) > 1:
        said = gettext("Les signatures sont des PAdES de niveau {levels}, chacune avec les jetons de son niveau.")
        return said.format(levels=levels)
    if not fewest:
        said = gettext("Chaque fichier signé porte une signature PAdES de niveau {levels}, sans jeton d’horodatage.")
        return said.format(levels=levels)
    tokens = ngettext("{n} jeton d’horodatage", "{n} jetons d’horodatage", fewest)
    said = gettext("Chaque fichier signé porte une signature PAdES de niveau {levels} et {tokens}.")
    return said.format(levels=levels, tokens=signs.tied(tokens.format(n=spoken().number(fewest))))


def _earlier(voice: Voice) -> str:
    """That others had signed before, where they had; their names are not of this dossier."""
    signed = [each.signed for each in voice.facts.documents.document if each.signed]
    most = max((len(each.earlier_entries) for each in signed), default=0)
    if not most:
        return ""
    said = ngettext(
        "Une autre personne désignée avait signé avant ; cette signature couvre la sienne.",
        "{n} autres personnes désignées avaient signé avant ; cette signature couvre les leurs.",
        most,
    )
    return signs.capital(said.format(n=spoken().number(most, feminine=True)))


def _link_sent(voice: Voice) -> str:
    links = [each for each in voice.facts.delivery.message if each.content == "link" and each.status == "sent"]
    access = voice.facts.delivery.access
    fields = {"client": voice.client} | (_posted(voice, links[0]) if links else {})
    if access.confirmed_at is None:
        unopened = gettext("Le lien d’accès a été envoyé par {channel} {sent} ; il n’a pas été ouvert.")
        return unopened.format(**fields) if links else ""
    before = bool(links) and links[0].at <= access.confirmed_at
    return _opened(access.link, any_sent=bool(links), before=before).format(
        **fields, opened=voice.when(access.confirmed_at)
    )


def _opened(used: str | None, *, any_sent: bool, before: bool) -> str:
    """How the link that was opened came, by what is known of it: printed, sent, or not told."""
    if not any_sent:
        if used == "printed":
            return gettext("Un lien d’accès a été remis à {client} à la création, puis ouvert {opened}.")
        return gettext("Un lien d’accès a été ouvert {opened}.")
    if used == "printed" and before:
        return gettext(
            "Un lien d’accès a été remis à {client} à la création, puis ouvert {opened} ; "
            "un autre avait été envoyé par {channel} {sent}."
        )
    if used == "printed":
        return gettext(
            "Un lien d’accès a été remis à {client} à la création, puis ouvert {opened} ; "
            "un autre a été envoyé par {channel} {sent}."
        )
    if used:
        return gettext("Le lien d’accès a été envoyé par {channel} {sent}, puis ouvert {opened}.")
    return gettext("Le lien d’accès a été envoyé par {channel} {sent} ; un lien d’accès a été ouvert {opened}.")


def _posted(voice: Voice, link: Message) -> dict[str, str]:
    return {"channel": words.choice("channel", link.channel), "sent": voice.when(link.at)}


def _carriers(voice: Voice, binding: str) -> list[str]:
    """Where the trail shows the same binding again."""
    facts = voice.facts
    signatures = facts.signatures.signature
    seen = {
        gettext("l’accord donné par le clic"): bool(facts.consent.button and facts.consent.button.binding == binding),
        gettext("le message du code"): bool(
            facts.authentication and any(code.digits and code.binding == binding for code in facts.authentication.code)
        ),
        gettext("le certificat"): bool(facts.certificate and facts.certificate.binding == binding),
        gettext("chaque signature"): bool(signatures) and all(each.binding == binding for each in signatures),
    }
    return [what for what, there in seen.items() if there]


def _files(n: int) -> str:
    """`le fichier`, `les deux fichiers`."""
    if not n:
        return gettext("aucun fichier")
    return ngettext("le fichier", "les {n} fichiers", n).format(n=spoken().number(n))


def _statements(n: int) -> str:
    """`la phrase`, `les trois phrases`."""
    if not n:
        return gettext("aucune phrase")
    return ngettext("la phrase", "les {n} phrases", n).format(n=spoken().number(n, feminine=True))
