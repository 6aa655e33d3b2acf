"""Code policies, and the outbox (read-only)."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from otp.models import Message, Policy


@admin.register(Policy)
class PolicyAdmin(admin.ModelAdmin[Policy]):
    list_display = ["name", "length", "validity_seconds", "tries", "failures_to_lock", "sends_per_hour"]


@admin.register(Message)
class MessageAdmin(admin.ModelAdmin[Message]):
    list_display = ["kind", "channel", "outcome", "attempts", "due_at", "sent_at"]
    list_filter = ["outcome", "kind", "channel"]
    ordering = ["-created_at"]

    def has_add_permission(self, _request: HttpRequest) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
