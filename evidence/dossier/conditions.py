"""The four conditions of page one in sentences: Identification, Consentement, Lien avec l’acte, Intégrité."""

from collections import Counter
from collections.abc import Callable, Mapping

from evidence import words
from evidence.dossier import french
from evidence.dossier.authentication import Code
from evidence.dossier.delivery import Message
from evidence.dossier.sentences import Voice, shown
from evidence.dossier.summary import ConditionName

TITLES: Mapping[ConditionName, str] = {
    "identification": "Identification",
    "consent": "Consentement",
    "link": "Lien avec l’acte",
    "integrity": "Intégrité",
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
    named = {"email": "l’adresse", "mobile": "le numéro"}
    used = [each for each in voice.facts.signer.contacts if each.type == "email" or voice.channel == "sms"]
    contacts = french.listed([f"{named[each.type]} {shown(each.value)}" for each in used])
    who = f"{voice.client} a désigné {voice.name} et fourni {contacts}, sans contrôle de pièce d’identité."
    return [f"{who}{_link_sent(voice)}", _code(voice)]


def consent(voice: Voice) -> list[str]:
    """What was read, checked and pressed; or the refusal in its own words."""
    told = voice.facts.consent
    if told.refusal:
        given = told.refusal.reason
        reason = f"Motif écrit : « {shown(given)} »" if given else "Aucun motif n’a été écrit."
        choice = words.CHOICES["choice"][told.refusal.choice]
        refused = f"{voice.name} a pressé REFUSER, puis confirmé, {voice.when(told.refusal.clicked_at)} : {choice}."
        return [f"{refused} {reason}", _read(voice)]
    read = f"{_read(voice)}{_checked(voice)}"
    if told.button:
        return [read, f"{voice.name} a cliqué sur {told.button.label} {voice.when(told.button.clicked_at)}."]
    return [read, "Le bouton qui demande la signature n’a pas été pressé : aucun consentement n’est établi."]


def link(voice: Voice) -> list[str]:
    """The binding and where it comes back; the prefix."""
    facts = voice.facts
    if facts.summary.binding is None or facts.summary.digits is None:
        return ["Le parcours n’a jamais été préparé : aucune empreinte ne lie la personne aux fichiers."]
    files = _the(len(facts.documents.document), "fichier")
    phrases = _the(len(facts.consent.statement), "phrase", feminine=True)
    tie = f"L’empreinte {french.fours(facts.summary.digits)} réunit le signataire, {files} et {phrases}."
    carried = _carriers(voice, facts.summary.binding)
    if carried:
        tie = f"{tie} Elle figure dans {french.listed(carried)}."
    if not facts.signatures.signature:
        return [f"{tie} Rien n’a été signé sous cette empreinte."]
    if len(facts.signatures.signature) == 1:
        return [tie, "Le fichier présenté est le début exact du fichier signé."]
    return [tie, "Les fichiers présentés sont le début exact des fichiers signés."]


def integrity(voice: Voice) -> list[str]:
    """The signatures with their tokens, the key's end, the journal."""
    facts = voice.facts
    lines = french.count(facts.journal.last_seq, "inscription", feminine=True)
    journal = f"Le journal compte {lines}, enchaînées sans lacune ; ce dossier en fixe l’état par un cachet horodaté."
    if not facts.signatures.signature:
        return ["Aucun fichier n’a été signé ; les fichiers présentés sont gardés tels quels.", journal]
    levels = french.listed(
        sorted({words.CHOICES["level"].get(each.level, each.level) for each in facts.signatures.signature})
    )
    fewest = min(len(each.timestamp) for each in facts.signatures.signature)
    stamped = french.count(fewest, "jeton d’horodatage", "jetons d’horodatage")
    signed = f"Chaque fichier signé porte une signature PAdES de niveau {levels} et {stamped}."
    key = facts.certificate.key if facts.certificate else None
    if key is None:
        return [signed, journal]
    gone = ", puis a été détruite" if key.destroyed_at else ""
    return [f"{signed} La clé a servi {french.count(key.uses, 'fois', 'fois', feminine=True)}{gone}.", journal]


def _link_sent(voice: Voice) -> str:
    links = [each for each in voice.facts.delivery.message if each.content == "link" and each.status == "sent"]
    access = voice.facts.delivery.access
    if access.confirmed_at is None:
        return f" Le lien d’accès a été {_posted(voice, links[0])} ; il n’a pas été ouvert." if links else ""
    opened = f"ouvert {voice.when(access.confirmed_at)}"
    if access.link == "printed":
        handed = f" Un lien d’accès a été remis à {voice.client} à la création, puis {opened}"
        if not links:
            return f"{handed}."
        had = "avait" if links[0].at <= access.confirmed_at else "a"
        return f"{handed} ; un autre {had} été {_posted(voice, links[0])}."
    if not links:
        return f" Un lien d’accès a été {opened}."
    sent = f" Le lien d’accès a été {_posted(voice, links[0])}"
    return f"{sent}, puis {opened}." if access.link else f"{sent} ; un lien d’accès a été {opened}."


def _posted(voice: Voice, link: Message) -> str:
    return f"envoyé par {words.CHOICES['channel'][link.channel]} {voice.when(link.at)}"


def _code(voice: Voice) -> str:
    told = voice.facts.authentication
    if told is None or not told.code:
        return "Aucun code n’a été demandé." if voice.signed else "Aucun code n’a été envoyé."
    accepted = next((code for code in told.code if code.accepted_at), None)
    if accepted is None or accepted.accepted_at is None:
        failed = "Aucun code juste n’a été saisi"
        if told.failures:
            failed += f" ; {french.count(told.failures, 'code faux', 'codes faux')}"
        return f"{_sent(voice, told.code[-1])} {failed}{', et l’accès a été fermé' if told.locked_at else ''}."
    return f"{_sent(voice, accepted)} Saisi {voice.when(accepted.accepted_at)}, {_judged(accepted)}"


def _sent(voice: Voice, code: Code) -> str:
    sent = next((each for each in code.sending if each.status == "sent"), None)
    digits = f"Un code à {french.number(code.length)} chiffres"
    if sent is None:
        return f"{digits} a été créé, mais n’a pas été remis."
    known = {each.value.text for each in voice.facts.signer.contacts if not each.value.erased}
    same = "à cette adresse" if sent.channel == "email" else "à ce numéro"
    to = same if sent.recipient.text in known else f"à {shown(sent.recipient)}"
    more = f" (le {french.ordinal(code.n)})" if code.n > 1 else ""
    return f"{digits}{more} a été envoyé par {words.CHOICES['channel'][sent.channel]} {to} {voice.when(sent.at)}."


def _judged(code: Code) -> str:
    wrong = len(code.wrong_try)
    if not wrong:
        return "il était égal au code envoyé, au premier essai."
    before = "le premier était faux" if wrong == 1 else f"les {french.number(wrong)} premiers étaient faux"
    return f"il était égal au code envoyé, au {french.ordinal(wrong + 1)} essai ; {before}."


def _read(voice: Voice) -> str:
    documents = voice.facts.documents
    pages = [page for document in documents.document for page in document.page]
    total = sum(document.pages for document in documents.document)
    if not pages:
        return "Aucune page n’a été lue."
    if len(pages) < total:
        were = "a été lue" if len(pages) == 1 else "ont été lues"
        counted = french.sentence(french.count(len(pages), "page", feminine=True))
        return f"{counted} sur {french.number(total, feminine=True)} {were}."
    seconds = f"{(documents.minimum_dwell_ms or 0) / 1000:g}".replace(".", ",") + f"{french.NO_BREAK}s"
    return f"{_how(len(pages), sum(page.method == 'declared' for page in pages), seconds)}."


def _how(total: int, declared: int, seconds: str) -> str:
    """All pages: displayed on screen, declared read by the button (after the same time), or some of each."""
    if total == 1:
        return f"La page a été {'déclarée lue par le bouton, après' if declared else 'affichée'} {seconds} au moins"
    every = f"Les {french.count(total, 'page', feminine=True)}"
    if declared == total:
        return f"{every} ont été déclarées lues par le bouton, chacune après {seconds} au moins"
    if not declared:
        return f"{every} ont été affichées, chacune {seconds} au moins"
    shares = [french.number(total - declared, feminine=True), french.number(declared, feminine=True)]
    plural = "déclarées lues" if declared > 1 else "déclarée lue"
    screen = "affichées" if total - declared > 1 else "affichée"
    return (
        f"{every} ont été lues, chacune {seconds} au moins : {shares[0]} {screen}, {shares[1]} {plural} par le bouton"
    )


def _checked(voice: Voice) -> str:
    statements = voice.facts.consent.statement
    checked = sum(each.checked_at is not None for each in statements)
    if checked < len(statements) or not checked:
        return f" Phrases cochées : {checked} sur {len(statements)}." if statements else ""
    if checked == 1:
        return " La phrase reproduite au chapitre 4 a été cochée ; elle ne l’était pas d’avance."
    counted = french.count(checked, "phrase", feminine=True)
    return (
        f" Les {counted} reproduites au chapitre 4 ont été cochées{_how_checked(voice)} ; aucune ne l’était d’avance."
    )


def _how_checked(voice: Voice) -> str:
    """One by one only where each box has a request of its own; without scripts one form sends several."""
    final = {each.checked_entry for each in voice.facts.consent.statement}
    requests = [entry.members["actor"].get("request") for entry in voice.facts.journal.entry if entry.seq in final]
    if None in requests:
        return ""
    together = max(Counter(requests).values(), default=1)
    if together == 1:
        return " une à une"
    among = "" if together == len(requests) else f", dont {french.number(together, feminine=True)}"
    return f"{among} en un seul envoi"


def _carriers(voice: Voice, binding: str) -> list[str]:
    """Where the trail shows the same binding again."""
    facts = voice.facts
    signatures = facts.signatures.signature
    seen = {
        "l’accord donné par le clic": bool(facts.consent.button and facts.consent.button.binding == binding),
        "le message du code": bool(
            facts.authentication and any(code.binding == binding for code in facts.authentication.code)
        ),
        "le certificat": bool(facts.certificate and facts.certificate.binding == binding),
        "chaque signature": bool(signatures) and all(each.binding == binding for each in signatures),
    }
    return [what for what, there in seen.items() if there]


def _the(n: int, noun: str, *, feminine: bool = False) -> str:
    """`le fichier`, `les deux fichiers`."""
    if n == 1:
        return f"{'la' if feminine else 'le'} {noun}"
    return f"les {french.count(n, noun, feminine=feminine)}" if n else f"aucun{'e' if feminine else ''} {noun}"
