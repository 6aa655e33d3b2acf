"""A new envelope by hand: files and people on one page, each file's verdict beside it; then a last look, then sent."""

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.shortcuts import get_object_or_404, redirect
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.csrf import csrf_exempt, csrf_protect
from django.views.decorators.http import require_http_methods

from signing.access import staff_of
from signing.actions import drafts
from signing.admin import draft_forms
from signing.admin.membership import draft_of, own_clients
from signing.admin.prepared import Prepared, prepared
from signing.admin.sheet import page
from signing.admin.uploads import TooMuch, await_files
from signing.clients import documents
from signing.engine import intake
from signing.models import Document, Draft, DraftDocument

ROLES = (Document.Role.TO_SIGN, Document.Role.FOR_INFORMATION)


@csrf_exempt  # protected below, once it is settled where files go: the check itself reads the form
@require_http_methods(["GET", "POST"])
def prepare(request: HttpRequest, draft: UUID | None = None) -> HttpResponse:
    """The page where an envelope is prepared; everything on it is sent together and kept."""
    clients = own_clients(request)
    kept = draft_of(request, draft) if draft else None
    one = documents.limits(kept.client).max_bytes if kept else documents.largest(clients)
    try:
        await_files(request, most=one)
    except TooMuch:
        most = settings.UPLOAD_MAX_BYTES
        return page(request, "too_much", _("Ces fichiers sont trop lourds ensemble"), draft=kept, most=most, status=413)
    return _prepare(request, kept, one)


@csrf_protect
def _prepare(request: HttpRequest, draft: Draft | None, one: int) -> HttpResponse:
    """`one`: bytes that a file may have."""
    if request.method == "POST":
        return _kept(request, draft or drafts.open_draft(client=_client(request), at=now()))
    clients = own_clients(request)
    checked = draft is not None and "errors" in request.GET
    held = prepared(draft, checked=checked)
    return page(
        request,
        "prepare",
        _("Nouvelle enveloppe"),
        draft=draft,
        clients=clients.order_by("name"),
        held=held,
        roles=ROLES,
        one=one,
        most=settings.UPLOAD_MAX_BYTES,
        count=draft_forms.DOCUMENTS,
    )


@require_http_methods(["GET", "POST"])
def review(request: HttpRequest, draft: UUID) -> HttpResponse:
    """Everything that will be sent, on one page, and the button that sends it."""
    kept = draft_of(request, draft)
    held = prepared(kept, checked=True)
    if not held.complete:
        return redirect(f"{reverse('admin:signing_envelope_draft', args=[kept.public_id])}?errors")
    if request.method == "POST":
        return _sent(request, kept, held)
    return page(request, "review", _("Relire avant d’envoyer"), draft=kept, held=held, wanted=held.wanted())


def _sent(request: HttpRequest, draft: Draft, held: Prepared) -> HttpResponse:
    try:
        created = drafts.send_draft(draft=draft, wanted=held.wanted(), actor=staff_of(request), at=now())
    except drafts.AlreadySent:
        messages.warning(request, _("Cette enveloppe est déjà partie, ou part en ce moment."))
        return redirect("admin:signing_envelope_changelist")
    except intake.Refused as error:
        messages.error(request, f"{error.document} : {error}")
        return redirect("admin:signing_envelope_draft", draft.public_id)
    except ValidationError as error:
        messages.error(request, error.messages[0])
        return redirect("admin:signing_envelope_draft", draft.public_id)
    count = len(created.tokens)
    told = ngettext(
        "L’enveloppe %(reference)s est créée ; %(count)s personne reçoit son lien.",
        "L’enveloppe %(reference)s est créée ; %(count)s personnes sont désignées.",
        count,
    )
    messages.success(request, told % {"reference": created.envelope.reference, "count": count})
    return redirect("admin:signing_envelope_change", created.envelope.pk)


def _client(request: HttpRequest) -> Any:
    """Whose envelope it will be: chosen among one's own, where there are several."""
    clients = own_clients(request)
    code = request.POST.get("client")
    return get_object_or_404(clients, code=code) if code else get_object_or_404(clients)


def _kept(request: HttpRequest, draft: Draft) -> HttpResponse:
    """Keep all that came, then lead on to where the pressed button leads."""
    action = request.POST.get("action", "")
    here = reverse("admin:signing_envelope_draft", args=[draft.public_id])
    if action == "discard":
        drafts.discard_draft(draft=draft)
        messages.success(request, _("La préparation est abandonnée : rien n’en est gardé."))
        return redirect("admin:signing_envelope_changelist")
    typed = draft_forms.typed_of(request.POST)
    if action == "add_signer":
        typed["signers"] = str(min(draft_forms.signer_count(typed) + 1, draft_forms.SIGNERS))
    drafts.keep_typed(draft=draft, typed=typed, at=now())
    for row in draft.documents.order_by("n"):
        _changed(request, row)
    _added(request, draft)
    if action == "review":
        complete = prepared(draft, checked=True).complete
        here = reverse("admin:signing_envelope_review", args=[draft.public_id]) if complete else f"{here}?errors"
    return HttpResponseRedirect(f"{here}#signataires" if action == "add_signer" else here)


def _changed(request: HttpRequest, row: DraftDocument) -> None:
    """What was said about a file that was there already."""
    name = f"document-{row.public_id}"
    file = request.FILES.get(f"{name}-file")
    if request.POST.get(f"{name}-remove"):
        drafts.remove_document(document=row)
        return
    if isinstance(file, UploadedFile):
        drafts.replace_document(document=row, content=file.chunks(), filename=file.name or "")
    role = request.POST.get(f"{name}-role", row.role)
    drafts.name_document(
        document=row,
        title=request.POST.get(f"{name}-title", row.title),
        role=Document.Role(role if role in ROLES else row.role),
    )


def _added(request: HttpRequest, draft: Draft) -> None:
    """New files, each judged at once."""
    for role in ROLES:
        for file in request.FILES.getlist(f"new-{role.value}"):
            if draft.documents.count() >= draft_forms.DOCUMENTS:
                told = _("« %(name)s » n’est pas pris : une enveloppe a au plus %(count)s documents.")
                messages.error(request, told % {"name": file.name, "count": draft_forms.DOCUMENTS})
                continue
            drafts.add_document(draft=draft, content=file.chunks(), filename=file.name or "", role=role)
