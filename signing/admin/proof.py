"""The dossier of one signer read on screen: what it says in four answers, the path in time, digests, the archive."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime
from itertools import groupby
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET

from evidence import files, trail, words
from evidence.dossier import xml
from evidence.dossier.summary import Condition
from evidence.models import Deposit, Dossier
from signing.access import staff_of
from signing.actions.consultation import consult
from signing.admin.membership import envelope_of, kept_envelope_of
from signing.admin.sheet import in_words, page
from signing.models import Document, Envelope, Signer

MINOR = frozenset({"page.read", "link.fetched", "key.used", "reading.refused", "session.resumed", "sheet.consulted"})
"""Kinds that the time line leaves to the journal."""


@dataclass(frozen=True)
class Digest:
    """A digest to copy, and what it is the digest of."""

    of: str
    value: str


@require_GET
def proof(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The dossier of a path that has ended; looking at it is an entry."""
    envelope = kept_envelope_of(request, pk)
    signer = get_object_or_404(envelope.signers, n=n)
    dossier = get_object_or_404(
        Dossier, trail=envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED
    )
    consult(envelope=envelope, page="dossier", signer=signer, actor=staff_of(request), at=now())
    steps = _steps(envelope, signer)
    return page(
        request,
        "proof",
        _("Dossier de %(signer)s") % {"signer": signer.full_name},
        envelope=envelope,
        signer=signer,
        dossier=dossier,
        conditions=_conditions(dossier),
        days=[(day, list(found)) for day, found in groupby(steps, key=lambda step: step["day"])],
        digests=list(_digests(envelope, signer, dossier)),
        documents=[_compared(row) for row in envelope.documents.order_by("n")],
        deposits=list(Deposit.objects.filter(kind="dossier", subject=str(dossier.pk)).order_by("archive")),
    )


@require_GET
def compare(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """A document as it was shown beside what was signed; the first is the beginning of the second."""
    envelope = kept_envelope_of(request, pk)
    document = get_object_or_404(envelope.documents, n=n)
    revision = document.newest()
    if revision is None:
        raise Http404
    consult(envelope=envelope, page="document", actor=staff_of(request), at=now())
    same = files.prefix_digest(revision.path, document.size) == document.sha256
    return page(request, "compare", document.title, envelope=envelope, document=document, revision=revision, same=same)


@require_GET
def receipt(request: HttpRequest, pk: int, deposit: Any) -> HttpResponse:
    """The archive's receipt, verbatim, to take away; that it was taken is an entry."""
    envelope = envelope_of(request, pk)
    row = get_object_or_404(Deposit, trail=envelope.trail, pk=deposit, state=Deposit.State.KEPT)
    consult(envelope=envelope, page="receipt", actor=staff_of(request), at=now())
    headers = {"Content-Disposition": f'attachment; filename="receipt-{row.pk}.json"', "Cache-Control": "private"}
    return HttpResponse(files.read(row.receipt_sha256), content_type="application/json", headers=headers)


def _conditions(dossier: Dossier) -> list[dict[str, Any]]:
    """The four answers of page one with their entries; none where the kept XML is not to be read."""
    try:
        told = xml.read(files.read(dossier.xml_sha256))
    except xml.NotValid:
        return []
    return [{"title": _title(each), "entries": each.entries, "digests": each.digest} for each in told.summary.condition]


def _title(condition: Condition) -> str:
    return {
        "identification": _("Identification"),
        "consent": _("Consentement"),
        "link": _("Lien avec l’acte"),
        "integrity": _("Intégrité"),
    }[condition.name]


def _steps(envelope: Envelope, signer: Signer) -> Iterator[dict[str, Any]]:
    """The entries of this path and of the envelope, without those that only repeat."""
    titles = {str(row.public_id): row.title for row in envelope.documents.all()}
    read: dict[str, int] = {}
    for entry in trail.entries(envelope.trail):
        if entry.data.get("signer", str(signer.public_id)) != str(signer.public_id):
            continue
        if entry.kind == "page.read":
            read[entry.data["document"]] = read.get(entry.data["document"], 0) + 1
        if entry.kind not in MINOR:
            at = datetime.fromisoformat(entry.at)
            yield in_words(entry, titles) | {"at": at, "day": at.date()}


def _digests(envelope: Envelope, signer: Signer, dossier: Dossier) -> Iterator[Digest]:
    """All that somebody compares with what they hold."""
    if signer.binding:
        yield Digest(_("Empreinte du parcours"), signer.binding)
    for row in envelope.documents.order_by("n"):
        yield Digest(_("%(title)s, présenté") % {"title": row.title}, row.sha256)
        revision = row.newest()
        if revision:
            yield Digest(_("%(title)s, signé") % {"title": row.title}, revision.sha256)
    yield Digest("dossier.xml", dossier.xml_sha256)
    yield Digest("dossier.pdf", dossier.pdf_sha256)
    yield Digest(_("Dernière inscription du journal"), envelope.trail.head_digest)


def _compared(row: Document) -> dict[str, Any]:
    return {"row": row, "signed": row.newest(), "checks": [words.check(each) for each in row.checks]}
