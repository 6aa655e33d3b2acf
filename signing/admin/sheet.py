"""One envelope as its client sees it: facts, documents, signers, the journal in words; and taking it back."""

from typing import Any

from django.contrib import admin, messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evidence import trail, words
from evidence.archive.elimination import is_held
from evidence.models import Dossier, RollUp
from signing.access import staff_of
from signing.actions import keeping
from signing.actions.cancellation import NotCancellable, cancel_envelope
from signing.actions.consultation import consult
from signing.actions.operation import NotStopped, resume_path
from signing.admin.membership import envelope_of
from signing.models import Document, Envelope, Signer
from signing.states import EnvelopeState


def page(request: HttpRequest, name: str, title: str, *, status: int = 200, **context: Any) -> HttpResponse:
    """A page of an envelope, in the frame of the administration."""
    frame = admin.site.each_context(request) | {"opts": Envelope._meta, "title": title}  # noqa: SLF001 - Django's own name for it
    return render(request, f"admin/signing/envelope/{name}.html", frame | context, status=status)


@require_GET
def sheet(request: HttpRequest, pk: int) -> HttpResponse:
    """What the envelope is, where it stands, who has signed; the look is an entry, nothing else is changed here."""
    envelope = envelope_of(request, pk)
    consult(envelope=envelope, page="sheet", actor=staff_of(request), at=now())
    envelope.trail.refresh_from_db()
    return page(
        request,
        "sheet",
        envelope.reference,
        envelope=envelope,
        documents=[_document(row) for row in envelope.documents.order_by("n")],
        signers=[_signer(row, envelope) for row in envelope.signers.order_by("turn", "n")],
        held=is_held(envelope.trail),
        rollup=RollUp.objects.filter(trail=envelope.trail, sealed_at__isnull=False).exists(),
        erasable=keeping.is_ready(envelope),
        cancellable=envelope.state == EnvelopeState.OPEN,
        clients_shown=getattr(request.user, "is_superuser", False),
    )


@require_GET
def journal(request: HttpRequest, pk: int) -> HttpResponse:
    """Every entry in words, with who acted and its digest; this look among them."""
    envelope = envelope_of(request, pk)
    consult(envelope=envelope, page="journal", actor=staff_of(request), at=now())
    titles = {str(row.public_id): row.title for row in envelope.documents.all()}
    entries = [in_words(entry, titles) for entry in trail.entries(envelope.trail)]
    title = _("Journal de %(reference)s") % {"reference": envelope.reference}
    return page(request, "journal", title, envelope=envelope, entries=entries)


@require_http_methods(["GET", "POST"])
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked once more, then ended."""
    envelope = envelope_of(request, pk)
    if request.method == "POST":
        try:
            cancel_envelope(envelope=envelope, actor=staff_of(request), at=now())
        except NotCancellable:
            messages.error(request, _not_cancelled(envelope))
        else:
            told = _("L’enveloppe %(reference)s est annulée.") % {"reference": envelope.reference}
            messages.success(request, told)
        return redirect("admin:signing_envelope_change", envelope.pk)
    if envelope.state != EnvelopeState.OPEN:
        return redirect("admin:signing_envelope_change", envelope.pk)
    title = _("Annuler %(reference)s ?") % {"reference": envelope.reference}
    return page(request, "cancel", title, envelope=envelope, signers=envelope.signers.order_by("n"))


@require_http_methods(["GET", "POST"])
def resume(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """A path that somebody's "this is not me" has stopped: asked once more, then resumed. Others are the operator's."""
    envelope = envelope_of(request, pk)
    signer = get_object_or_404(envelope.signers, n=n)
    if signer.is_held and envelope.state == EnvelopeState.OPEN:
        if request.method == "GET":
            title = _("Reprendre le parcours de %(name)s ?") % {"name": signer.full_name}
            return page(request, "resume", title, envelope=envelope, signer=signer)
        try:
            resume_path(signer=signer, actor=staff_of(request), at=now())
        except NotStopped:
            messages.error(request, _("Ce parcours n’est plus suspendu."))
        else:
            told = _("Le parcours de %(name)s reprend : ses liens y mènent de nouveau.") % {"name": signer.full_name}
            messages.success(request, told)
    return redirect("admin:signing_envelope_change", envelope.pk)


def _not_cancelled(envelope: Envelope) -> str:
    envelope.refresh_from_db()
    if envelope.state == EnvelopeState.OPEN:
        return _("Une personne signe en ce moment. Attendez la fin de sa signature, puis recommencez.")
    return _("Cette enveloppe est déjà close : elle ne peut plus être annulée.")


def _document(row: Document) -> dict[str, Any]:
    return {"row": row, "signed": row.newest(), "checks": [words.check(each) for each in row.checks]}


def _signer(row: Signer, envelope: Envelope) -> dict[str, Any]:
    sealed = Dossier.objects.filter(trail=envelope.trail, subject=str(row.public_id)).first()
    return {"row": row, "dossier": sealed, "sealed": sealed is not None and sealed.state == Dossier.State.SEALED}


def in_words(entry: trail.Read, titles: dict[str, str]) -> dict[str, object]:
    """One entry as the journal's page shows it."""
    values = {name: value for name, (_salt, value) in entry.openings.items()}
    return {
        "seq": entry.seq,
        "at": entry.at,
        "day": entry.at[:10],
        "hour": entry.at[11:-1],
        "title": words.title(entry.kind),
        "sentence": words.sentence(entry.kind, entry.data, values, documents=titles),
        "who": _role(str(entry.members["actor"]["role"])),
        "login": entry.value("login") or "",
        "digest": entry.digest,
    }


def _role(role: str) -> str:
    return {
        "signer": _("le signataire"),
        "client": _("le client"),
        "operator": _("l’exploitant"),
        "system": _("le service"),
        "anonymous": _("personne d’identifié"),
    }.get(role, role)
