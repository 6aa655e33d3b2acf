"""The certificate of elimination: what was destroyed, when, by which rule. JSON under seal, and a sealed PDF of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext

from evidence import chain, files
from evidence.archive import paper, receipts
from evidence.archive.models import Deposit, Elimination
from evidence.events import EnvelopeCreated
from evidence.models import Entry, Trail


@dataclass(frozen=True)
class Certificate:
    """The SHA-256 of each part among the files: JSON, the seal over it, the PDF."""

    content: str
    seal: str
    pdf: str


def made(row: Elimination, deposits: Sequence[Deposit], *, values: int, at: datetime) -> Certificate:
    """Write, seal and store it, in the language of the envelope; no name stands in it. Raises what seals raise.

    `values`: personal values that go.
    """
    said = {
        "form": "paraphe-elimination-1",
        "id": str(row.pk),
        "operator": settings.OPERATOR["name"],
        "reference": row.trail.reference,
        "section": f"client-{row.trail.tenant}".lower(),
        "rule": row.rule,
        "requested_at": chain.instant(row.requested_at),
        "eliminated_at": chain.instant(at),
        "personal_values": values,
        "files": sorted(row.released),
        "packages": [{"archive": each.archive, "id": each.archive_id, "kind": each.kind} for each in deposits],
        "journal": {"entries": row.trail.head_seq, "digest": row.trail.head_digest},
    }
    content, sealing = receipts.sealed(said, at=at)
    language = language_of(row.trail)
    with translation.override(language):
        drawn = paper.sealed(
            "dossier/elimination.html",
            {"said": said, "language": language},
            content=content,
            name="elimination.json",
            reason=gettext("Élimination de {reference}").format(reference=row.trail.reference),
            at=at,
        )
    return Certificate(files.put_bytes(content), files.put_bytes(sealing), drawn)


def language_of(row: Trail) -> str:
    """In which language its client had an envelope made; French where none is said."""
    created = Entry.objects.filter(trail=row, kind=EnvelopeCreated.kind).first()
    said = chain.members(bytes(created.canonical))["data"].get("language") if created else ""
    return "en" if said == "en" else "fr"
