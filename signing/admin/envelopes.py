"""The list of envelopes, and the addresses of everything that is shown of one."""

from collections.abc import Callable
from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.translation import gettext_lazy as _

from signing.admin import bundles, downloads, keeping, preparation, proof, sheet
from signing.admin.dates import SearchedByDate
from signing.admin.membership import SeenByMembers
from signing.clients.models import clients_of
from signing.models import Draft, Envelope

NEWEST_FIRST = ("-created_at", "-pk")
COLUMNS = ("reference", "purpose", "state", "signer_names", "created_at", "expires_at")


@admin.register(Envelope)
class EnvelopeAdmin(SeenByMembers, SearchedByDate[Envelope]):
    list_display = COLUMNS
    instants = ("created_at", "closed_at")
    search_fields = [
        "reference",
        "external_reference",
        "purpose",
        "signers__first_name",
        "signers__last_name",
        "signers__email",
    ]
    list_per_page = 50
    show_full_result_count = False
    ordering = NEWEST_FIRST
    actions = (bundles.take_away,)
    change_list_template = "admin/signing/envelope/change_list.html"

    @admin.display(description=_("signataires"))
    def signer_names(self, row: Envelope) -> str:
        return ", ".join(signer.full_name for signer in row.signers.all())

    def get_queryset(self, request: HttpRequest) -> QuerySet[Envelope]:
        """Those of the administrator's clients."""
        rows = Envelope.objects.of(clients_of(request.user))
        return rows.select_related("client").prefetch_related("signers").order_by(*NEWEST_FIRST)

    def get_list_display(self, request: HttpRequest) -> tuple[str, ...]:
        """Whose envelope it is, for those who see several clients'."""
        several = clients_of(request.user).count() > 1
        return (COLUMNS[0], "client", *COLUMNS[1:]) if several else COLUMNS

    def get_list_filter(self, request: HttpRequest) -> list[Any]:
        """By client for the operator alone: the filter names them all."""
        operator = getattr(request.user, "is_superuser", False)
        return ["state", "client", "created_at"] if operator else ["state", "created_at"]

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        """The list, with what is being prepared above it."""
        drafts = Draft.objects.of(clients_of(request.user)).select_related("client").order_by("-created_at")
        return super().changelist_view(request, (extra_context or {}) | {"title": _("Enveloppes"), "drafts": drafts})

    def get_urls(self) -> list[URLPattern]:
        """Only these: nothing is added, changed, deleted or looked up in Django's own way."""
        shown: list[tuple[str, Callable[..., HttpResponse], str]] = [
            ("", self.changelist_view, "changelist"),
            ("new/", preparation.prepare, "new"),
            ("draft/<uuid:draft>/", preparation.prepare, "draft"),
            ("draft/<uuid:draft>/review/", preparation.review, "review"),
            ("bundle/<uuid:bundle>/", bundles.bundle, "bundle"),
            ("bundle/<uuid:bundle>/status/", bundles.status, "bundle_status"),
            ("bundle/<uuid:bundle>/file/", bundles.file, "bundle_file"),
            ("<int:pk>/change/", sheet.sheet, "change"),
            ("<int:pk>/journal/", sheet.journal, "journal"),
            ("<int:pk>/cancel/", sheet.cancel, "cancel"),
            ("<int:pk>/resume/<int:n>/", sheet.resume, "resume"),
            ("<int:pk>/hold/", keeping.hold, "hold"),
            ("<int:pk>/eliminate/", keeping.eliminate, "eliminate"),
            ("<int:pk>/certificate/", keeping.certificate, "certificate"),
            ("<int:pk>/proof/<int:n>/", proof.proof, "proof"),
            ("<int:pk>/compare/<int:n>/", proof.compare, "compare"),
            ("<int:pk>/receipt/<uuid:deposit>/", proof.receipt, "receipt"),
            ("<int:pk>/presented/<int:n>/", downloads.presented, "presented"),
            ("<int:pk>/signed/<int:n>/", downloads.signed, "signed"),
            ("<int:pk>/dossier/<int:n>/<str:form>/", downloads.dossier, "dossier"),
            ("<int:pk>/rollup/", downloads.rollup, "rollup"),
        ]
        door = self.admin_site.admin_view
        return [path(route, door(view), name=f"signing_envelope_{name}") for route, view, name in shown]
