"""What is kept of an envelope and how long: the legal hold, and the certificate once it is eliminated."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods

from evidence import files
from evidence.archive.elimination import is_held
from evidence.models import Elimination
from signing.access import staff_of
from signing.actions import keeping
from signing.actions.consultation import consult
from signing.admin.membership import envelope_of, kept_envelope_of
from signing.admin.sheet import page
from signing.serving import pdf_response

REASON_LENGTH = 500


@require_http_methods(["GET", "POST"])
def hold(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked, then placed or lifted."""
    envelope = kept_envelope_of(request, pk)
    held = is_held(envelope.trail)
    if request.method == "GET":
        return page(
            request, "hold", _("Gel de %(reference)s") % {"reference": envelope.reference}, envelope=envelope, held=held
        )
    try:
        if request.POST.get("hold") == "lift":
            keeping.release(envelope=envelope, actor=staff_of(request), at=now())
            messages.success(request, _("Le gel est levé : la durée de conservation s’applique de nouveau."))
        else:
            reason = request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]
            keeping.hold(envelope=envelope, reason=reason, actor=staff_of(request), at=now())
            messages.success(request, _("L’enveloppe est gelée : rien n’en sera éliminé."))
    except keeping.NotHeld:
        messages.error(request, _("L’élimination de cette enveloppe est déjà commencée."))
    return redirect("admin:signing_envelope_change", envelope.pk)


@require_GET
def certificate(request: HttpRequest, pk: int) -> HttpResponse:
    """The certificate of elimination, to read; that it was read is an entry."""
    envelope = envelope_of(request, pk)
    row = Elimination.objects.filter(trail=envelope.trail).exclude(pdf_sha256="").first()
    if row is None:
        raise Http404
    consult(envelope=envelope, page="certificate", actor=staff_of(request), at=now())
    name = f"elimination-{envelope.reference}.pdf"
    return pdf_response(request, files.path_of(row.pdf_sha256), sha256=row.pdf_sha256, name=name)
