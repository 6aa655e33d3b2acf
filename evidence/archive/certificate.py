"""The certificate of elimination: what was destroyed, when, by which rule. JSON under seal, and a sealed PDF of it."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from evidence import chain, files
from evidence.archive import paper, receipts
from evidence.archive.models import Deposit, Elimination


@dataclass(frozen=True)
class Certificate:
    """The SHA-256 of each part among the files: JSON, the seal over it, the PDF."""

    content: str
    seal: str
    pdf: str


def made(row: Elimination, deposits: Sequence[Deposit], *, values: int, at: datetime) -> Certificate:
    """Write, seal and store it; no name stands in it. `values`: personal values that go. Raises what seals raise."""
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
    told = {"said": said, "at": at, "requested_at": row.requested_at}
    drawn = paper.sealed(
        "dossier/elimination.html",
        told,
        content=content,
        name="elimination.json",
        reason=f"Élimination de {row.trail.reference}",
        at=at,
    )
    return Certificate(files.put_bytes(content), files.put_bytes(sealing), drawn)
