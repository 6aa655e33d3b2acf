"""Code policies, and the outbox (read-only), for the operator."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest

from otp.models import Message, Policy


class OperatorOnly:
    """Rows of the whole installation: the operator (superuser) alone, whatever permissions others were given."""

    def get_object(self, request: HttpRequest, object_id: str, from_field: str | None = None) -> Any:
        """The row; 404 to everybody else, so that nobody learns which rows there are."""
        if not operates(request):
            raise Http404
        return super().get_object(request, object_id, from_field)  # type: ignore[misc]  # beside a ModelAdmin

    def has_module_permission(self, request: HttpRequest) -> bool:
        return operates(request)

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return operates(request)


def operates(request: HttpRequest) -> bool:
    """Whether the operator asks."""
    return bool(request.user.is_active and request.user.is_superuser)


@admin.register(Policy)
class PolicyAdmin(OperatorOnly, admin.ModelAdmin[Policy]):
    list_display = ["name", "length", "validity_seconds", "tries", "failures_to_lock", "sends_per_hour"]


@admin.register(Message)
class MessageAdmin(OperatorOnly, admin.ModelAdmin[Message]):
    list_display = ["kind", "channel", "outcome", "attempts", "due_at", "sent_at"]
    list_filter = ["outcome", "kind", "channel"]
    ordering = ["-created_at"]

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False
