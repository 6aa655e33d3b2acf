"""Dossiers whose sealing stopped, for the operator alone: what stopped, and putting it back to work."""

from typing import Any

from django.contrib import admin, messages
from django.db.models import QuerySet
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from evidence import quarantine
from evidence.models import Addendum, Dossier
from otp.admin import LookedAt
from signing.access import staff_of


@admin.action(description=gettext_lazy("Reprendre le scellement"), permissions=["view"])
def resume(_admin: Any, request: HttpRequest, rows: QuerySet[Dossier]) -> None:
    """Put each back to work; one that somebody else has put back meanwhile is passed over."""
    done = 0
    for row in rows.select_related("trail"):
        try:
            quarantine.release(dossier=row, actor=staff_of(request), at=now())
        except quarantine.NotStopped:
            continue
        done += 1
    said = ngettext("{n} dossier est remis en file.", "{n} dossiers sont remis en file.", done).format(n=done)
    messages.success(request, said)


@admin.register(Dossier)
class StoppedAdmin(LookedAt, admin.ModelAdmin[Dossier]):
    list_display = ("reference", "what", "requested_at", "attempt")
    list_display_links = None
    search_fields = ("trail__reference",)
    ordering = ("requested_at", "pk")
    actions = (resume,)

    @admin.display(description=gettext_lazy("référence"))
    def reference(self, row: Dossier) -> str:
        return row.trail.reference

    @admin.display(description=gettext_lazy("arrêté"))
    def what(self, row: Dossier) -> str:
        """The dossier, or its addenda by their numbers."""
        if row.state == Dossier.State.QUARANTINED:
            return _("dossier")
        rows = Addendum.objects.filter(dossier=row, sealed_at=None, quarantined_at__isnull=False).order_by("n")
        return _("addendum %(numbers)s") % {"numbers": ", ".join(str(n) for n in rows.values_list("n", flat=True))}

    def get_queryset(self, request: HttpRequest) -> QuerySet[Dossier]:  # noqa: ARG002 - as Django calls it
        return quarantine.stopped().select_related("trail").order_by(*self.ordering)

    def changelist_view(self, request: HttpRequest, extra_context: dict[str, Any] | None = None) -> HttpResponse:
        return super().changelist_view(request, (extra_context or {}) | {"title": _("Scellements arrêtés")})
