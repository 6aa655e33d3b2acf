"""What is kept of an envelope and how long: the legal hold, the end before its time, and the certificate of it."""

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
from signing.models import Envelope
from signing.serving import pdf_response

REASON_LENGTH = 500
REASONS = (Elimination.Reason.PERSON, Elimination.Reason.CLIENT)


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
            messages.success(request, _("Le gel est levé : la durée de conservation s’applique de nouveau."))
        else:
            reason = request.POST.get("reason", "").replace("\0", "").strip()[:REASON_LENGTH]
            keeping.hold(envelope=envelope, reason=reason, actor=staff_of(request), at=now())
            messages.success(request, _("L’enveloppe est gelée : rien n’en sera éliminé."))
    except keeping.NotHeld:
        messages.error(request, _("L’élimination de cette enveloppe est déjà commencée."))
    return redirect("admin:signing_envelope_change", envelope.pk)


@require_http_methods(["GET", "POST"])
def eliminate(request: HttpRequest, pk: int) -> HttpResponse:
    """Asked, with the reason and the reference typed, then given to a worker: it cannot be taken back."""
    envelope = kept_envelope_of(request, pk)
    asked = request.POST.get("reason", "")
    if request.method == "GET":
        return _asking(request, envelope)
    if asked not in REASONS:
        return _asking(request, envelope, wrong=_("Choisissez pourquoi."), status=422)
    if request.POST.get("reference", "").strip().upper() != envelope.reference.upper():
        sentence = _("Ce n’est pas la référence de cette enveloppe : rien n’est éliminé.")
        return _asking(request, envelope, asked=asked, wrong=sentence, status=422)
    try:
        keeping.eliminate(envelope=envelope, reason=Elimination.Reason(asked), actor=staff_of(request), at=now())
    except keeping.NotReady:
        messages.error(request, _("Cette enveloppe ne peut pas être éliminée maintenant."))
    else:
        messages.success(request, _("L’élimination est demandée : elle commence dans un instant."))
    return redirect("admin:signing_envelope_change", envelope.pk)


def _asking(
    request: HttpRequest, envelope: Envelope, *, asked: str = "", wrong: str = "", status: int = 200
) -> HttpResponse:
    title = _("Éliminer %(reference)s avant son terme") % {"reference": envelope.reference}
    reasons = [(each, Elimination.Reason(each).label) for each in REASONS]
    ready = keeping.is_ready(envelope)
    told = {"envelope": envelope, "reasons": reasons, "asked": asked, "wrong": wrong, "ready": ready}
    return page(request, "eliminate", title, status=status, **told)


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
