"""All facts of one dossier, gathered from a trail and the frozen files alone."""

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Annotated, Literal

from evidence import chain, checkpoints, trail
from evidence.dossier import (
    authentication,
    certificate,
    consent,
    delivery,
    documents,
    journal,
    parties,
    people,
    provider,
    signatures,
    summary,
)
from evidence.dossier.authentication import Authentication
from evidence.dossier.certificate import Certificate
from evidence.dossier.consent import Consent
from evidence.dossier.delivery import Delivery
from evidence.dossier.documents import Documents
from evidence.dossier.journal import Journal
from evidence.dossier.later import Archive, Attestation, Verification
from evidence.dossier.parties import Parties
from evidence.dossier.parts import VERSION, Instant, Part
from evidence.dossier.people import Signer, Transaction
from evidence.dossier.provider import SigningService
from evidence.dossier.signatures import Signatures
from evidence.dossier.story import Contradiction, Story
from evidence.dossier.summary import Summary
from evidence.models import Trail


@dataclass(frozen=True)
class EvidenceDossier(Part):
    """The proof file of one signer in one envelope."""

    id: str
    version: Annotated[str, "version of this format"]
    generated_at: Instant
    level: Annotated[Literal["simple"], "level of the signature under Regulation (EU) 910/2014, article 3(10)"]
    language: Annotated[Literal["fr", "en"], "the signer's language, in which dossier.pdf is written"]
    summary: Summary
    transaction: Transaction
    parties: Parties
    signer: Signer
    documents: Documents
    consent: Consent
    authentication: Authentication | None
    signing_service: SigningService | None
    certificate: Certificate | None
    signatures: Signatures
    delivery: Delivery
    archive: Archive | None
    journal: Journal
    attestation: Attestation | None
    verification: Verification | None


DossierFacts = EvidenceDossier


def collect(of: Trail, subject: str, *, dossier_id: str, at: datetime, software: str) -> DossierFacts:
    """Gather the facts of one signer (`subject`: the signer's id in the journal) as they stand at `at`.

    `software` names what makes the dossier. Raises `chain.Broken` where the trail does not hold, `Contradiction` where
    it says things that cannot be, `files.Missing` where a wording, a token, a list or a certificate is not kept.
    """
    entries = tuple(trail.entries(of))
    if not entries:
        raise Contradiction("the trail is empty")
    return gather(Story(entries, subject), trail_id=str(of.pk), dossier_id=dossier_id, at=at, software=software)


def logged(told: DossierFacts, kept: checkpoints.Kept) -> DossierFacts:
    """The same under a checkpoint of the log over all trails, made after the facts were gathered."""
    return replace(told, journal=journal.under(told.journal, kept))


def gather(story: Story, *, trail_id: str, dossier_id: str, at: datetime, software: str) -> DossierFacts:
    """The same from entries already read."""
    all_documents = documents.documents(story)
    code = authentication.authentication(story)
    signed = signatures.signatures(story)
    return EvidenceDossier(
        id=dossier_id,
        version=VERSION,
        generated_at=chain.instant(at),
        level="simple",
        language=people.language(story),
        summary=summary.summary(story, all_documents, code, signed),
        transaction=people.transaction(story, trail=trail_id, software=software),
        parties=parties.parties(story),
        signer=people.signer(story),
        documents=all_documents,
        consent=consent.consent(story),
        authentication=code,
        signing_service=provider.signing_service(story),
        certificate=certificate.certificate(story),
        signatures=signed,
        delivery=delivery.delivery(story),
        archive=None,
        journal=journal.journal(story),
        attestation=None,
        verification=None,
    )
