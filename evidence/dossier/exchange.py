"""What page one says of the code: that one was sent, entered and found right, or why there was none."""

from django.utils.translation import gettext, ngettext

from evidence import words
from evidence.dossier.authentication import Code, Sending
from evidence.dossier.language import spoken
from evidence.dossier.sentences import Voice, shown


def code(voice: Voice) -> str:
    """What was asked for, sent, entered and found; or that no code was."""
    told = voice.facts.authentication
    if told is None or not told.code:
        return _without_code(voice)
    accepted = next((each for each in told.code if each.accepted_at), None)
    if accepted is None or accepted.accepted_at is None:
        wrong = ngettext("{n} code faux", "{n} codes faux", told.failures).format(n=spoken().number(told.failures))
        if told.locked_at:
            failed = gettext("Aucun code juste n’a été saisi ; {wrong}, et l’accès a été fermé.").format(wrong=wrong)
        elif told.failures:
            failed = gettext("Aucun code juste n’a été saisi ; {wrong}.").format(wrong=wrong)
        else:
            failed = gettext("Aucun code juste n’a été saisi.")
        return f"{_sent(voice, told.code[-1])} {failed}"
    return f"{_sent(voice, accepted)} {_judged(accepted, when=voice.when(accepted.accepted_at))}"


def _without_code(voice: Voice) -> str:
    told = voice.facts.authentication
    if told and told.channel == "none":
        if voice.signed:
            return gettext(
                "Aucun code n’a été demandé : le bouton a été pressé dans la session que le lien a ouverte, "
                "sans autre vérification."
            )
        return gettext("Aucun code n’était prévu.")
    return gettext("Aucun code n’a été demandé.") if voice.signed else gettext("Aucun code n’a été envoyé.")


def _sent(voice: Voice, code: Code) -> str:
    sent = next((each for each in code.sending if each.status != "undelivered"), None)
    if code.length is None:
        return _sent_by_another(voice, sent)
    length = spoken().number(code.length)
    if sent is None:
        return gettext("Un code à {length} chiffres a été créé, mais n’a pas été remis.").format(length=length)
    return _handed_over(sent, first=code.n == 1).format(
        length=length,
        ordinal=spoken().ordinal(code.n),
        channel=words.choice("channel", sent.channel),
        to=_to(voice, sent),
        sent=voice.when(sent.at),
    )


def _to(voice: Voice, sent: Sending) -> str:
    known = {each.value.text for each in voice.facts.signer.contacts if not each.value.erased}
    if sent.recipient.text not in known:
        return gettext("à {recipient}").format(recipient=shown(sent.recipient))
    return gettext("à cette adresse") if sent.channel == "email" else gettext("à ce numéro")


def _sent_by_another(voice: Voice, sent: Sending | None) -> str:
    """What another service says of a code that it made: that it sent it, where to and when; not what it was."""
    if sent is None:
        return gettext("{service} n’a pas pu remettre le code.").format(service=voice.service)
    said = (
        gettext("{service} a été chargé d’envoyer un code par {channel} {to} {sent}, sans répondre qu’il l’a fait.")
        if sent.status == "unanswered"
        else gettext("{service} dit avoir envoyé un code par {channel} {to} {sent}.")
    )
    return said.format(
        service=voice.service,
        channel=words.choice("channel", sent.channel),
        to=_to(voice, sent),
        sent=voice.when(sent.at),
    )


def _handed_over(sent: Sending, *, first: bool) -> str:
    """How a code left: taken by who carries it, or handed over with nobody answering."""
    if sent.status == "unanswered":
        return (
            gettext(
                "Un code à {length} chiffres a été remis pour envoi par {channel} {to} {sent}, "
                "sans que le transporteur confirme l’avoir pris."
            )
            if first
            else gettext(
                "Un code à {length} chiffres (le {ordinal}) a été remis pour envoi par {channel} {to} {sent}, "
                "sans que le transporteur confirme l’avoir pris."
            )
        )
    if first:
        return gettext("Un code à {length} chiffres a été envoyé par {channel} {to} {sent}.")
    return gettext("Un code à {length} chiffres (le {ordinal}) a été envoyé par {channel} {to} {sent}.")


def _judged(code: Code, *, when: str) -> str:
    """How the code that was accepted was entered."""
    wrong = len(code.wrong_try)
    if code.length is None:
        return gettext("Saisi {when}, il a été trouvé juste par ce service.").format(when=when)
    if not wrong:
        return gettext("Saisi {when}, il était égal au code envoyé, au premier essai.").format(when=when)
    said = ngettext(
        "Saisi {when}, il était égal au code envoyé, au {ordinal} essai ; le premier était faux.",
        "Saisi {when}, il était égal au code envoyé, au {ordinal} essai ; les {n} premiers étaient faux.",
        wrong,
    )
    return said.format(when=when, ordinal=spoken().ordinal(wrong + 1), n=spoken().number(wrong))
