"""The roll-up of an envelope for its client: all signers on one sheet, each with the dossier that proves it.

Nothing stands in it that was not read back from the sealed dossiers (evidence.md, Dossier 1).
"""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from evidence import chain, files
from evidence.archive import paper
from evidence.dossier import xml
from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.sentences import Voice
from evidence.models import Dossier

NAME, SHEET = "recapitulatif.json", "recapitulatif.pdf"


@dataclass(frozen=True)
class Told:
    """One signer: the dossier's row, what its XML says, and who says it in sentences."""

    row: Dossier
    facts: DossierFacts
    voice: Voice


@dataclass(frozen=True)
class Paper:
    """A document: as it was shown to everybody, and its newest signed state among all signers."""

    shown: Document
    newest: Document
    signers: tuple[int, ...]


def sealed(rows: Sequence[Dossier], *, language: str, at: datetime) -> str:
    """Draw, seal and store it over sealed dossiers; gives the SHA-256. Raises what seals raise, `files.Missing`."""
    with translation.override(language):
        signers = told(rows)
        papers = papers_of(signers)
        return paper.sealed(
            "dossier/rollup.html",
            {
                "signers": signers,
                "papers": papers,
                "first": signers[0].facts,
                "closed": max(signers, key=lambda each: each.facts.journal.last_seq).facts.transaction,
                "language": language,
                "name": NAME,
                "at": chain.instant(at),
            },
            content=rfc8785.dumps(said(signers, papers, at=at)),
            name=NAME,
            reason=gettext("Récapitulatif de {reference}").format(reference=signers[0].facts.transaction.reference),
            at=at,
        )


def told(rows: Sequence[Dossier]) -> list[Told]:
    """What the dossiers say, in the order of the signers."""
    read = [(row, xml.read(files.read(row.xml_sha256))) for row in rows]
    found = [Told(row, facts, Voice(facts, settings.TIME_ZONE_SHOWN)) for row, facts in read]
    return sorted(found, key=lambda each: each.facts.signer.n)


def papers_of(signers: Sequence[Told]) -> list[Paper]:
    """Every document of the envelope once; a signature lengthens a file, so the longest signed one is the newest."""
    made = []
    for shown in signers[0].facts.documents.document:
        own = [(each.facts.signer.n, each.facts.documents.by_id(shown.id)) for each in signers]
        signed = [(n, document) for n, document in own if document.signed]
        newest = max(
            (document for _, document in signed),
            key=lambda each: each.signed.bytes if each.signed else 0,
            default=shown,
        )
        made.append(Paper(shown, newest, tuple(n for n, _ in signed)))
    return made


def said(signers: Sequence[Told], papers: Sequence[Paper], *, at: datetime) -> dict[str, Any]:
    """The same for machines."""
    first = signers[0].facts
    return {
        "form": "paraphe-rollup-1",
        "made_at": chain.instant(at),
        "reference": first.transaction.reference,
        "external_reference": first.transaction.external_reference,
        "operator": {"name": first.parties.operator.name, "identifier": first.parties.operator.identifier},
        "client": {"code": first.parties.client.code, "name": first.parties.client.name},
        "documents": [
            {
                "title": each.shown.title.text,
                "role": each.shown.role,
                "sha256": each.shown.sha256,
                "signed_sha256": each.newest.signed and each.newest.signed.sha256,
                "signers": list(each.signers),
            }
            for each in papers
        ],
        "signers": [
            {
                "n": each.facts.signer.n,
                "first_name": each.facts.signer.first_name.text,
                "last_name": each.facts.signer.last_name.text,
                "outcome": each.facts.summary.outcome,
                "ended_at": each.facts.summary.ended_at,
                "binding": each.facts.summary.binding,
                "dossier": str(each.row.pk),
                "xml_sha256": each.row.xml_sha256,
                "pdf_sha256": each.row.pdf_sha256,
            }
            for each in signers
        ],
    }
