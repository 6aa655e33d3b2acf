"""The signer's attestation: that a certificate was issued and what was signed, or how the path ended; one sheet.

Of this signer alone: nothing of the other persons stands in it. Made with the dossier, from its facts, whatever the
outcome (evidence.md, Dossier 1 and 6).
"""

from datetime import datetime
from typing import Any

import rfc8785
from django.conf import settings
from django.utils.translation import gettext

from evidence import chain
from evidence.archive import paper
from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.sentences import Voice
from evidence.dossier.signatures import Signature

NAME = "attestation.json"


def sealed(facts: DossierFacts, *, xml_sha256: str, at: datetime) -> str:
    """Draw, seal and store it in the language that is active; gives the SHA-256. Raises what seals raise."""
    told = {
        "facts": facts,
        "voice": Voice(facts, settings.TIME_ZONE_SHOWN),
        "documents": [(each, _signature(facts, each)) for each in facts.documents.document],
        "xml_sha256": xml_sha256,
        "language": facts.language,
        "name": NAME,
    }
    return paper.sealed(
        "dossier/attestation.html",
        told,
        content=rfc8785.dumps(said(facts, xml_sha256=xml_sha256, at=at)),
        name=NAME,
        reason=gettext("Attestation de {reference}").format(reference=facts.transaction.reference),
        at=at,
    )


def said(facts: DossierFacts, *, xml_sha256: str, at: datetime) -> dict[str, Any]:
    """What it says, for machines; what was not there is null."""
    certificate, operator, client = facts.certificate, facts.parties.operator, facts.parties.client
    return {
        "form": "paraphe-attestation-1",
        "attested_at": chain.instant(at),
        "reference": facts.transaction.reference,
        "dossier": {"id": facts.id, "xml_sha256": xml_sha256},
        "operator": {"name": operator.name, "identifier": operator.identifier},
        "client": {"code": client.code, "name": client.name},
        "signer": {"first_name": facts.signer.first_name.text, "last_name": facts.signer.last_name.text},
        "level": facts.level,
        "outcome": facts.summary.outcome,
        "ended_at": facts.summary.ended_at,
        "binding": facts.summary.binding,
        "certificate": certificate
        and {
            "serial": certificate.serial,
            "issuer": certificate.issuer,
            "policy": certificate.policy,
            "not_before": certificate.not_before,
            "not_after": certificate.not_after,
        },
        "documents": [_document(facts, each) for each in facts.documents.document],
    }


def _document(facts: DossierFacts, document: Document) -> dict[str, Any]:
    made = _signature(facts, document)
    return {
        "title": document.title.text,
        "role": document.role,
        "sha256": document.sha256,
        "signed_sha256": document.signed and document.signed.sha256,
        "tokens": [
            {"over": each.over, "time": each.time, "authority": each.authority, "policy": each.policy}
            for each in (made.timestamp if made else ())
        ],
    }


def _signature(facts: DossierFacts, document: Document) -> Signature | None:
    return next((each for each in facts.signatures.signature if each.document == document.id), None)
