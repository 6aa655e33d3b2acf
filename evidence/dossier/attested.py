"""What the signer's attestation says to machines: the JSON inside the sheet, made of nothing but dossier.xml."""

from typing import Any

from evidence.dossier.documents import Document
from evidence.dossier.facts import DossierFacts
from evidence.dossier.signatures import Signature

NAME, SHEET = "attestation.json", "attestation.pdf"
FORM = "paraphe-attestation-1"


def said(facts: DossierFacts, *, xml_sha256: str, at: str) -> dict[str, Any]:
    """What it says; what was not there is null. `at`: the instant of the attestation, as dossier.xml has it."""
    certificate, operator, client = facts.certificate, facts.parties.operator, facts.parties.client
    return {
        "form": FORM,
        "attested_at": at,
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
    made = signature(facts, document)
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


def signature(facts: DossierFacts, document: Document) -> Signature | None:
    """The signature of a document by this signer, if there is one."""
    return next((each for each in facts.signatures.signature if each.document == document.id), None)
