"""What page one says of reading and consent: how pages were read, statements checked, mentions typed."""

from collections import Counter

from django.utils.translation import gettext, ngettext

from evidence.dossier import signs
from evidence.dossier.language import spoken
from evidence.dossier.sentences import Voice


def pages(voice: Voice) -> str:
    """How many pages were read, and how."""
    documents = voice.facts.documents
    read = [page for document in documents.document for page in document.page]
    total = sum(document.pages for document in documents.document)
    if not read:
        return gettext("Aucune page n’a été lue.")
    if len(read) < total:
        said = ngettext("{pages} sur {total} a été lue.", "{pages} sur {total} ont été lues.", len(read))
        return signs.capital(said.format(pages=_pages(len(read)), total=spoken().number(total, feminine=True)))
    seconds = spoken().seconds(documents.minimum_dwell_ms or 0, digits=0)
    declared = sum(page.method != "displayed" for page in read)
    return _how(len(read), declared).format(
        pages=_pages(len(read)),
        displayed=_displayed(len(read) - declared),
        declared=_declared(declared),
        seconds=seconds,
    )


def moved(voice: Voice) -> str:
    """That reading went on in another browser, where it did: no fault, but whoever judges should know."""
    entries = voice.facts.documents.moved_entries
    return gettext("La lecture s’est faite sur plusieurs appareils ou navigateurs.") if entries else ""


def boxes(voice: Voice) -> str:
    """How many statements were checked, and whether one by one; nothing where the path had none."""
    statements = voice.facts.consent.statement
    checked = sum(each.checked_at is not None for each in statements)
    if not statements:
        return ""
    if checked < len(statements):
        return gettext("Phrases cochées : {checked} sur {total}.").format(checked=checked, total=len(statements))
    if checked == 1:
        return gettext("La phrase reproduite au chapitre 4 a été cochée ; elle ne l’était pas d’avance.")
    together = _together(voice)
    counted = signs.tied(ngettext("{n} phrase", "{n} phrases", checked).format(n=_feminine(checked)))
    return _checked(together, checked).format(statements=counted, together=_feminine(together or 0))


def mentions(voice: Voice) -> str:
    """How many of the mentions asked for were typed; nothing where none was asked for."""
    asked = [each.mention for each in voice.facts.consent.statement if each.mention]
    typed = sum(each.typed_at is not None for each in asked)
    if not asked:
        return ""
    if typed < len(asked):
        return gettext("Mentions écrites : {typed} sur {total}.").format(typed=typed, total=len(asked))
    return ngettext(
        "La mention demandée a été écrite par le signataire.",
        "Les {n} mentions demandées ont été écrites par le signataire.",
        typed,
    ).format(n=_feminine(typed))


def _how(total: int, declared: int) -> str:
    """All pages: displayed on screen, declared read by the button (after the same time), or some of each."""
    if total == 1:
        if declared:
            return gettext("La page a été déclarée lue par le bouton, après {seconds} au moins.")
        return gettext("La page a été affichée {seconds} au moins.")
    if declared == total:
        return gettext("Les {pages} ont été déclarées lues par le bouton, chacune après {seconds} au moins.")
    if not declared:
        return gettext("Les {pages} ont été affichées, chacune {seconds} au moins.")
    return gettext("Les {pages} ont été lues, chacune {seconds} au moins : {displayed}, {declared} par le bouton.")


def _checked(together: int | None, checked: int) -> str:
    """One by one only where each box has a request of its own; without scripts one form sends several."""
    if together is None:
        return gettext("Les {statements} reproduites au chapitre 4 ont été cochées ; aucune ne l’était d’avance.")
    if together == 1:
        return gettext(
            "Les {statements} reproduites au chapitre 4 ont été cochées une à une ; aucune ne l’était d’avance."
        )
    if together == checked:
        return gettext(
            "Les {statements} reproduites au chapitre 4 ont été cochées en un seul envoi ; aucune ne l’était d’avance."
        )
    return gettext(
        "Les {statements} reproduites au chapitre 4 ont été cochées, dont {together} en un seul envoi ; "
        "aucune ne l’était d’avance."
    )


def _together(voice: Voice) -> int | None:
    """How many boxes at most came in one request; None where the entries do not tell."""
    final = {each.checked_entry for each in voice.facts.consent.statement}
    requests = [entry.members["actor"].get("request") for entry in voice.facts.journal.entry if entry.seq in final]
    return None if None in requests else max(Counter(requests).values(), default=1)


def _pages(n: int) -> str:
    return signs.tied(ngettext("{n} page", "{n} pages", n).format(n=_feminine(n)))


def _displayed(n: int) -> str:
    return ngettext("{n} affichée", "{n} affichées", n).format(n=_feminine(n))


def _declared(n: int) -> str:
    return ngettext("{n} déclarée lue", "{n} déclarées lues", n).format(n=_feminine(n))


def _feminine(n: int) -> str:
    return spoken().number(n, feminine=True)
