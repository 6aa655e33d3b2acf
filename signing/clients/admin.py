"""Clients and their consent texts, as the operator keeps them."""

from typing import Any

from django.contrib import admin
from django.http import HttpRequest

from signing.clients.models import Client, ConsentText


@admin.register(Client)
class ClientAdmin(admin.ModelAdmin[Client]):
    list_display = ["name", "code", "contact_name", "policy", "created_at"]
    search_fields = ["name", "code"]


@admin.register(ConsentText)
class ConsentTextAdmin(admin.ModelAdmin[ConsentText]):
    """A text is added as a new version, never changed: signers have agreed to its exact words."""

    list_display = ["key", "version", "language", "client", "text", "active"]
    list_filter = ["language", "client", "active"]

    def get_readonly_fields(self, _request: HttpRequest, obj: ConsentText | None = None) -> list[str]:
        """Everything but `active`, once the text exists."""
        return ["client", "key", "version", "language", "position", "text"] if obj else []

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False
