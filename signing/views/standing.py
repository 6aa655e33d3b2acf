"""What pages are told: of a signer's reading and consents, and what all of them show."""

from typing import Any

from django.conf import settings
from django.http import HttpRequest, QueryDict
from django.urls import reverse

from evidence.models import Dossier
from signing import progress, reading
from signing.clients.consents import linked
from signing.engine.names import initials
from signing.models import Document, PageReading, Signer, SignerConsent
from signing.states import SignerState

ACTIONS = ("reading", "standing", "declare", "consent", "sign", "refuse")


def answer(signer: Signer, pages: list[PageReading]) -> dict[str, Any]:
    """What the script is told after anything that may have changed it."""
    held = progress.of(signer)
    following = held.next
    return {
        "pages": [_reading(row) | {"document": row.document.n, "page": row.page} for row in pages],
        "pages_read": held.pages_read,
        "pages_total": held.pages_total,
        "documents": [{"n": document.n, "pages_read": held.read_of(document)} for document in held.documents],
        "ready": held.ready,
        "missing": missing(held),
        "next": {"document": following.document, "page": following.page} if following else None,
    }


def whole(signer: Signer) -> dict[str, Any]:
    """The same with every page that was begun, every box and every mention; `open`: whether boxes can be changed."""
    pages = list(PageReading.objects.filter(signer=signer).select_related("document").order_by("document__n", "page"))
    boxes = [
        {"id": row.key, "checked": bool(row.checked_at), "typed": row.typed, "accepted": bool(row.typed_at)}
        for row in signer.consents.order_by("position")
    ]
    return answer(signer, pages) | {"consents": boxes, "open": consents_open(signer)}


def consents_open(signer: Signer) -> bool:
    """What was agreed to stands once SIGNER was clicked."""
    return signer.state == SignerState.OPENED and not signer.clicked_at


def missing(held: progress.Progress) -> dict[str, int]:
    return {
        "pages": len(held.missing),
        "boxes": len(held.missing_consents),
        "mentions": len(held.missing_mentions),
    }


def _reading(row: PageReading | None) -> dict[str, Any]:
    if row is None:
        return {"cells": "0" * 20, "dwell_ms": 0, "read_at": None, "method": ""}
    read_at = row.read_at.isoformat() if row.read_at else None
    return {"cells": row.cells, "dwell_ms": row.dwell_ms, "read_at": read_at, "method": row.method}


def page(signer: Signer) -> dict[str, Any]:
    """What the documents page shows."""
    held = progress.of(signer)
    envelope = signer.envelope
    consents = [_statement(row) for row in signer.consents.select_related("terms").order_by("position")]
    return {
        "visit_seconds": settings.VISIT_IDLE_SECONDS,
        "signer": signer,
        "initials": initials(signer.full_name),
        "client": envelope.client,
        "envelope": envelope,
        "documents": [_document(signer, document, held) for document in held.documents],
        "pages_total": held.pages_total,
        "pages_read": held.pages_read,
        "consents": consents,
        "has_mentions": any(each["mention"] for each in consents),
        "consents_open": consents_open(signer),
        "dwell_ms": envelope.dwell_ms,
        "ready": held.ready,
        "missing": missing(held),
        "next_page": held.next,
        "urls": {name: reverse(name, kwargs={"path": signer.public_id}) for name in ACTIONS},
    }


def _document(signer: Signer, document: Document, held: progress.Progress) -> dict[str, Any]:
    """One document as the page lists and shows it."""
    url = reverse("presented", kwargs={"path": signer.public_id, "n": document.n})
    pages = [
        _folio(number, size, held.readings.get((document.pk, number)))
        | {"picture_url": reverse("pictured", kwargs={"path": signer.public_id, "n": document.n, "page": number})}
        for number, size in enumerate(document.page_sizes, start=1)
    ]
    return {
        "n": document.n,
        "id": str(document.public_id),
        "title": document.title,
        "role": document.role,
        "sha256": document.sha256,
        "size": document.size,
        "repaired": document.repaired,
        "attachments": document.attachments,
        "layered": document.is_layered,
        "unprinted": document.unprinted,
        "earlier_signatures": document.earlier_signatures,
        "signed_by": earlier_signatures(document, signer),
        "url": url,
        "download_url": f"{url}?download",
        "print_url": f"{url}?print",
        "pages_total": document.pages,
        "pages_read": held.read_of(document),
        "pages_missing": document.pages - held.read_of(document),
        "first_unread": next((each["n"] for each in pages if not each["read_at"]), None),
        "pages": pages,
    }


def _folio(number: int, size: list[float], row: PageReading | None) -> dict[str, Any]:
    """One page: its displayed size in points, and how far it has been read."""
    held = _reading(row)
    return held | {
        "n": number,
        "width": size[0],
        "height": size[1],
        "read_time": row.read_at if row else None,
        "seen": reading.Page(int(held["cells"], 16)).coverage_percent,
    }


def _statement(row: SignerConsent) -> dict[str, object]:
    return {
        "id": row.key,
        "text": row.text,
        "text_html": linked(row.text, language=row.language, terms=f"{_terms_url(row)}?lang={row.language}"),
        "checked": bool(row.checked_at),
        "mention": row.mention,
        "typed": row.typed,
        "accepted": bool(row.typed_at),
    }


def _terms_url(row: SignerConsent) -> str:
    """Where the version stands that was in force when the path was armed; paths of before there were any have none."""
    return reverse("terms_version", kwargs={"version": row.terms.version}) if row.terms else reverse("terms")


def earlier_signatures(document: Document, signer: Signer) -> list[dict[str, Any]]:
    """Who has signed a document before this signer, the first first, and when."""
    rows = document.revisions.exclude(signer=signer).select_related("signer").order_by("n")
    return [{"name": row.signer.full_name, "at": row.signed_at} for row in rows]


def posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also where it was sent empty."""
    return request.POST if request.method == "POST" else None


def common(signer: Signer) -> dict[str, Any]:
    """What every page after the reading shows."""
    envelope = signer.envelope
    documents = list(envelope.documents.order_by("n"))
    return {
        "visit_seconds": settings.VISIT_IDLE_SECONDS,
        "signer": signer,
        "initials": initials(signer.full_name),
        "client": envelope.client,
        "envelope": envelope,
        "documents": documents,
        "to_sign_count": sum(1 for document in documents if document.role == Document.Role.TO_SIGN),
        "reference": envelope.reference,
        "digits": signer.digits,
    }


def attestation_url(signer: Signer) -> str | None:
    """Where the signer's attestation is; None before it is sealed, and for a dossier of before there were any."""
    rows = Dossier.objects.filter(trail=signer.envelope.trail, subject=str(signer.public_id))
    made = rows.filter(state=Dossier.State.SEALED).exclude(attestation_sha256="").exists()
    return reverse("attestation", kwargs={"path": signer.public_id}) if made else None


def sealing(signer: Signer) -> bool:
    """Whether the dossier of an ended path is still being sealed."""
    rows = Dossier.objects.filter(trail=signer.envelope.trail, subject=str(signer.public_id))
    return rows.filter(state=Dossier.State.QUEUED).exists()
