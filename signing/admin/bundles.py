"""Many dossiers at once: asked for from the list of envelopes, followed by a bar, taken away as one ZIP."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from signing.access import staff_of
from signing.actions.bundles import LONGEST, TooMany, request_bundle
from signing.admin.sheet import page
from signing.clients.models import clients_of
from signing.models import Bundle, Envelope


def take_away(_admin: Any, request: HttpRequest, envelopes: QuerySet[Envelope]) -> HttpResponse | None:
    """The action of the list, over envelopes that this administrator sees."""
    try:
        user: Any = request.user
        bundle = request_bundle(envelopes=list(envelopes), user=user, actor=staff_of(request), at=now())
    except TooMany:
        messages.error(request, _("Choisissez au plus %(most)s enveloppes à la fois.") % {"most": LONGEST})
        return None
    return redirect("admin:signing_envelope_bundle", bundle.public_id)


take_away.short_description = gettext_lazy("Exporter les dossiers de preuve")  # type: ignore[attr-defined]  # Django reads it there


@require_GET
def bundle(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """How far it is; without script, by loading the page again."""
    return page(request, "bundle", _("Export de dossiers"), bundle=bundle_of(request, bundle))


@require_GET
def status(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """The same for the page's script."""
    row = bundle_of(request, bundle)
    return JsonResponse({"state": row.state, "done": row.done, "total": row.total})


@require_GET
def file(request: HttpRequest, bundle: UUID) -> HttpResponse:
    """The ZIP."""
    row = bundle_of(request, bundle)
    if row.state != Bundle.State.READY:
        raise Http404
    name = f"dossiers-{row.requested_at:%Y-%m-%d}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-store"}
    return FileResponse(row.path.open("rb"), content_type="application/zip", headers=headers)  # type: ignore[return-value]  # streaming and plain answers share what is used


def bundle_of(request: HttpRequest, public_id: UUID) -> Bundle:
    """What this person asked for, if they still may see all of it; 404 for every other."""
    rows = Bundle.objects.filter(user_id=request.user.pk or 0, expires_at__gt=now())
    row = get_object_or_404(rows, public_id=public_id)
    if row.envelopes.exclude(client__in=clients_of(request.user)).exists():
        raise Http404
    return row
