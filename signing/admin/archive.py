"""The archive as legal teams search it: by name, reference, external id, date, keyword; envelopes and orders alike."""

import tempfile
from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import admin
from django.db.models import QuerySet
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from evidence import addenda, disk, events, looks
from evidence.dossier.container import container
from evidence.models import Deposit, Dossier
from signing.access import staff_of
from signing.admin.dates import SearchedByDate
from signing.admin.membership import SeenByMembers
from signing.clients.models import clients_of


def deposits_of(request: HttpRequest) -> QuerySet[Deposit]:
    """The deposits of dossiers of this administrator's clients."""
    tenants = [str(pk) for pk in clients_of(request.user).values_list("pk", flat=True)]
    return Deposit.objects.filter(kind="dossier", trail__tenant__in=tenants).select_related("trail")


@admin.register(Deposit)
class DepositAdmin(SeenByMembers, SearchedByDate[Deposit]):
    instants = ("trail__created_at", "requested_at", "kept_at")  # begun, sealed, deposited
    list_display = ("reference", "archive", "state", "kept_at", "taken")
    list_filter = ("state", "kept_at")
    search_fields = ("words", "trail__reference", "archive_id")
    search_help_text = gettext_lazy(
        "nom, référence, identifiant du client, titre, mot-clé ou date (29/11/2026, 11/2026)"
    )
    ordering = ("-requested_at", "-pk")
    list_per_page = 50
    show_full_result_count = False
    actions = None
    list_display_links = None

    @admin.display(description=gettext_lazy("référence"))
    def reference(self, row: Deposit) -> str:
        return row.trail.reference if row.trail else row.subject

    @admin.display(description=gettext_lazy("dossier"))
    def taken(self, row: Deposit) -> SafeString | str:
        """The container, where it is kept."""
        if row.state == Deposit.State.DESTROYED:
            return "–"
        place = reverse("admin:evidence_deposit_container", args=[row.pk])
        return format_html('<a href="{}">{}</a>', place, _("Télécharger"))

    def get_queryset(self, request: HttpRequest) -> QuerySet[Deposit]:
        return deposits_of(request).order_by(*self.ordering)

    def get_search_results(
        self, request: HttpRequest, queryset: QuerySet[Deposit], search_term: str
    ) -> tuple[QuerySet[Deposit], bool]:
        """Words are kept in lower case: SQLite folds no accents."""
        return super().get_search_results(request, queryset, search_term.casefold())

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"title": _("Archive")})

    def get_urls(self) -> list[URLPattern]:
        """The list, and the container of one."""
        door = self.admin_site.admin_view
        return [
            path("", door(self.changelist_view), name="evidence_deposit_changelist"),
            path("<uuid:pk>/container/", door(taken), name="evidence_deposit_container"),
        ]


@require_GET
def taken(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The whole dossier of a deposit; taking it is an entry."""
    row = get_object_or_404(deposits_of(request), pk=pk)
    dossier = Dossier.objects.filter(pk=row.subject, state=Dossier.State.SEALED).exclude(sealing_sha256="").first()
    if dossier is None or row.trail is None:
        raise Http404
    event = events.DossierDownloaded(signer=dossier.subject, form="asice")
    looks.look(row.trail, event, actor=staff_of(request), at=now())
    # A file without a name: gone with the answer, however that ends.
    whole = tempfile.TemporaryFile(dir=disk.folder(settings.WORK_DIR, mode=0o700))  # noqa: SIM115 - the answer closes it
    container.write(dossier.sealing_sha256, whole, addenda=addenda.sealings(dossier))
    whole.seek(0)
    name = f"dossier-{row.trail.reference}.asice"
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    return FileResponse(whole, content_type=container.MIMETYPE.decode(), headers=headers)  # type: ignore[return-value]  # streaming and plain answers share what is used
