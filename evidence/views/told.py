"""A report of verification in words, as the page says it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from django.utils.translation import get_language, gettext, ngettext

from evidence.verify.reasons import Reason
from evidence.verify.verdicts import FileReport, SignatureReport, Verdict
from evidence.views import said

LONGEST_NAME = 200


@dataclass(frozen=True)
class Point:
    """One question about a signature. `good`: whether the answer speaks for it."""

    what: str
    state: str
    more: str
    good: bool


@dataclass(frozen=True)
class Signature:
    """One signature or document time stamp in words; `when` aware."""

    title: str
    authority: str
    state: str
    level: str
    field: str
    when: datetime | None
    points: tuple[Point, ...]
    reasons: tuple[Reason, ...]
    chain: tuple[str, ...]
    root: str


@dataclass(frozen=True)
class Answer:
    """The whole answer. `grave`: whether something was altered, or is not valid; `why`: reasons, without repetition."""

    title: str
    lead: str
    grave: bool
    why: tuple[str, ...]
    signatures: tuple[Signature, ...]
    revisions: int


def answer(found: FileReport, known: Mapping[str, str]) -> Answer:
    """Say what a report says. `known`: why each root is trusted, by the SHA-256 of its certificate."""
    codes = tuple(reason.code for reason in found.reasons)
    return Answer(
        title=said.title(found.verdict, codes, retold=_retold(found), completed=_completed(found)),
        lead=_lead(found),
        grave=found.verdict in {Verdict.CHANGED, Verdict.INVALID},
        why=tuple(dict.fromkeys(reason.sentence for reason in found.reasons)),
        signatures=tuple(_signature(found, n, each, known) for n, each in enumerate(found.signatures, start=1)),
        revisions=found.revisions,
    )


def harmless(text: str) -> str:
    """A name from a file or a browser without what would move or hide the words around it."""
    return "".join(character for character in text if character.isprintable())[:LONGEST_NAME]


def _retold(found: FileReport) -> bool:
    return any(each.changes == "metadata" for each in found.signatures)


def _completed(found: FileReport) -> bool:
    return any(each.changes == "completed" for each in found.signatures)


def _lead(found: FileReport) -> str:
    codes = tuple(reason.code for reason in found.reasons)
    lead = said.lead(found.verdict, codes, retold=_retold(found), completed=_completed(found))
    names = [harmless(each.who) for each in found.signatures if each.kind == "signature" and each.who]
    if found.verdict is not Verdict.VALID or not names:
        return lead
    signed = ngettext(
        "Signé par {names}. Le certificat mène à une racine admise ici, et la date est prouvée.",
        "Signé par {names}. Les certificats mènent à des racines admises ici, et les dates sont prouvées.",
        len(names),
    ).format(names=gettext(", puis par ").join(names))
    return f"{lead} {signed}" if _retold(found) or _completed(found) else signed


def _signature(found: FileReport, n: int, each: SignatureReport, known: Mapping[str, str]) -> Signature:
    stamp = each.kind == "timestamp"
    who = harmless(each.who) or gettext("Signataire illisible")
    title = gettext("Horodatage du document") if stamp else who
    return Signature(
        title=title if len(found.signatures) == 1 else f"{n}. {title}",
        authority=harmless(each.who) if stamp else "",
        field=harmless(each.field),
        state=said.state(each.verdict, tuple(reason.code for reason in each.reasons)),
        level=said.level(each.level),
        when=_aware(each.when),
        points=tuple(_points(found, each, known)),
        reasons=each.reasons,
        chain=tuple(map(harmless, each.chain)),
        root=each.root,
    )


def _points(found: FileReport, each: SignatureReport, known: Mapping[str, str]) -> Iterator[Point]:
    intact = said.INTEGRITY[each.integrity]
    yield Point(gettext("Contenu signé"), gettext(intact), _revision(found, each), each.integrity == "intact")
    yield Point(gettext("Date"), _date_state(each), _date(each), each.proven)
    way = said.way(known.get(each.root, ""), harmless(each.issuer), [harmless(name) for name in each.chain])
    yield Point(gettext("Émetteur"), said.trust(each), way, each.trust == "trusted")
    added = said.ADDED[each.changes]
    yield Point(gettext("Ajouts"), gettext(added.state), gettext(added.sentence), added.good)


def _revision(found: FileReport, each: SignatureReport) -> str:
    if not each.revision and each.integrity == "intact" and each.covered == found.size:
        return gettext("Tout le fichier : ses {size} octets, sauf la signature.").format(size=_figures(found.size))
    if not each.revision:
        return gettext("La version signée n’a pas pu être retrouvée.")
    told = gettext("Version {n} sur {total} du fichier : les {covered} premiers octets sur {size}, sauf la signature.")
    numbers = {"n": each.revision, "total": found.revisions}
    return told.format(covered=_figures(each.covered), size=_figures(found.size), **numbers)


def _date_state(each: SignatureReport) -> str:
    if each.when is None:
        return gettext("inconnue")
    return gettext("prouvée") if each.proven else gettext("déclarée")


def _date(each: SignatureReport) -> str:
    if each.when is None:
        return gettext("La signature ne dit pas quand elle a été faite.")
    if each.proven:
        return gettext(said.PROOF[each.proof]).format(by=harmless(each.proven_by))
    return gettext("C’est l’heure que donne le signataire ; aucun horodatage admis ici ne la prouve.")


def _aware(when: datetime | None) -> datetime | None:
    """Claimed times may have no zone; they are taken for UTC."""
    return when if when is None or when.tzinfo else when.replace(tzinfo=UTC)


def _figures(number: int) -> str:
    grouped = f"{number:,}"
    return grouped if get_language() == "en" else grouped.replace(",", "\u202f")
