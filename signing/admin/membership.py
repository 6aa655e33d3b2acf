"""Whose rows an administrator sees. Rights follow from membership (`clients_of`), never from Django's permissions."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404, HttpRequest
from django.shortcuts import get_object_or_404

from otp.admin import NeverWritten
from signing.clients.models import Client, clients_of
from signing.models import Draft, Envelope


class SeenByMembers(NeverWritten):
    """Permissions of a `ModelAdmin` whose rows members look at and only the product's own actions write."""

    def has_module_permission(self, request: HttpRequest) -> bool:
        return clients_of(request.user).exists()

    def has_view_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return clients_of(request.user).exists()


def own_clients(request: HttpRequest) -> QuerySet[Client]:
    """The clients whose envelopes this administrator sees and sends; 404 where there is none."""
    clients = clients_of(request.user)
    if not clients.exists():
        raise Http404
    return clients


def envelope_of(request: HttpRequest, pk: int) -> Envelope:
    """The envelope, among those this administrator sees; 404 for every other, there or not."""
    rows = Envelope.objects.of(clients_of(request.user)).select_related("client", "trail")
    return get_object_or_404(rows, pk=pk)


def kept_envelope_of(request: HttpRequest, pk: int) -> Envelope:
    """The same; 404 also for one whose files are eliminated."""
    envelope = envelope_of(request, pk)
    if envelope.eliminated_at:
        raise Http404
    return envelope


def draft_of(request: HttpRequest, draft: UUID) -> Draft:
    """The draft, among those of this administrator's clients; 404 for every other, there or not."""
    return get_object_or_404(Draft.objects.of(clients_of(request.user)).select_related("client"), public_id=draft)
