"""Documents that are handed over to an order: their rows, and the entries that tell of them."""

import json
import uuid
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from evidence import events, trail
from evidence.trail import Actor
from signing.backend.models import Order, SignatureRequest
from signing.backend.opening import Clash
from signing.engine import intake
from signing.engine.levels import Level


@dataclass(frozen=True)
class Added:
    """A document as it is handed over: taken in already (`accepted`, its file among the frozen ones)."""

    accepted: intake.Accepted
    external_id: str | None
    stamp: Mapping[str, Any] | None
    archive: Mapping[str, Any] | None
    level: Level = Level.LTA
    digest: str = "sha256"


def add(order: Order, added: Added, actor: Actor, at: datetime) -> SignatureRequest:
    """Add one, inside the caller's transaction; the same again under the same id is the one that is there.

    Raises `Clash` where the id is taken by another.
    """
    accepted, n = added.accepted, order.requests.count() + 1
    if added.external_id is not None:
        known = order.requests.filter(external_id=added.external_id).first()
        if known is not None and _asks_the_same(known, added):
            return known
        if known is not None:
            raise Clash
    request = SignatureRequest.objects.create(
        order=order,
        document=str(uuid.uuid4()),
        n=n,
        external_id=added.external_id,
        presented_sha256=accepted.sha256,
        presented_size=accepted.size,
        pages=len(accepted.pages),
        stamp=dict(added.stamp) if added.stamp is not None else None,
        archive=dict(added.archive) if added.archive is not None else None,
        level=added.level,
        digest=added.digest,
    )
    trail.extend(order.trail, [(event, at) for event in _told(request, added)], actor=actor)
    return request


def _asks_the_same(known: SignatureRequest, added: Added) -> bool:
    """Whether a document that came before under the same id is this one, to be signed and archived the same way."""
    there = (known.presented_sha256, known.stamp, known.archive, known.level, known.digest)
    return there == (added.accepted.sha256, added.stamp, added.archive, added.level, added.digest)


def _told(request: SignatureRequest, added: Added) -> list[events.Event]:
    """The entries of a document that was added."""
    accepted, n = added.accepted, request.n
    title = added.external_id or f"Document {n}"
    archive = added.archive or {}
    words = list(archive.get("keywords", ()))
    told: list[events.Event] = [
        events.DocumentAdded(
            document=request.document,
            n=n,
            role="to_sign",
            bytes=accepted.received_size,
            sha256=accepted.received_sha256,
            title=title,
            filename=f"{n:02d}.pdf",
            keywords=json.dumps(words, ensure_ascii=False) if words else None,
            archives=None if added.archive is None else list(archive.get("accounts", ())),
        ),
        events.DocumentFrozen(
            document=request.document,
            sha256=accepted.sha256,
            sha512=accepted.sha512,
            bytes=accepted.size,
            pages=len(accepted.pages),
            checks=list(accepted.checks),
        ),
    ]
    if accepted.repaired:
        repaired = events.DocumentRepaired(
            document=request.document, received_sha256=accepted.received_sha256, sha256=accepted.sha256, means="qpdf"
        )
        told.insert(1, repaired)
    return told
