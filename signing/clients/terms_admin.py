"""The operator's terms of use of the service, as the operator writes them: versions that do not change once shown."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest
from django.utils.timezone import now

from otp.admin import OperatorOnly
from signing.clients.terms import Terms, day_of


@admin.register(Terms)
class TermsAdmin(OperatorOnly, admin.ModelAdmin[Terms]):
    """A version may be changed until its day has come; from then on a new text is a new version."""

    list_display = ["version", "language", "in_force_from", "digest"]
    list_filter = ["language"]
    ordering = ["-in_force_from", "-pk"]
    readonly_fields = ["digest"]

    @admin.display(description="SHA-256")
    def digest(self, terms: Terms) -> str:
        """What entries and dossiers name the text by."""
        return terms.sha256 if terms.pk else "-"

    def get_fields(self, request: HttpRequest, obj: Terms | None = None) -> list[Any]:  # noqa: ARG002 - as Django calls it
        """Beside what is typed, the digest of what is kept."""
        return ["version", "language", "in_force_from", "text", *(["digest"] if obj else [])]

    def has_change_permission(self, request: HttpRequest, obj: Terms | None = None) -> bool:
        """No longer, once people may have read it: the page then only shows it."""
        shown = obj is not None and obj.is_in_force(on=day_of(now()))
        return super().has_change_permission(request, obj) and not shown

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False
