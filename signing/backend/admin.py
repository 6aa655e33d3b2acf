"""Call-backs and codes alone, for the operator: what became of each, and a dead letter sent again."""

from typing import Any

from django.contrib import admin
from django.db.models import QuerySet
from django.http import HttpRequest
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from otp import masking
from otp.admin import LookedAt, OperatorOnly
from otp.models import Channel
from signing.backend.challenges import Challenge
from signing.backend.models import Callback


@admin.register(Callback)
class CallbackAdmin(OperatorOnly, admin.ModelAdmin[Callback]):
    list_display = ["uid", "url", "outcome", "attempts", "last_answer", "due_at", "ended_at"]
    list_filter = ["outcome"]
    ordering = ["-pk"]
    actions = ["send_again"]

    @admin.action(description=_("Renvoyer ce qui a été abandonné"))
    def send_again(self, _request: HttpRequest, chosen: QuerySet[Callback]) -> None:
        """Begin anew; the sweeper rings within seconds."""
        for row in chosen.filter(outcome=Callback.Outcome.DEAD):
            row.again(at=now())

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        """To choose rows for the action; a row's own page is read-only."""
        return obj is None and super().has_change_permission(request, obj)

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False


@admin.register(Challenge)
class ChallengeAdmin(LookedAt, admin.ModelAdmin[Challenge]):
    """Read-only; a contact is recognised here, and not learnt."""

    list_display = ["number", "client", "channel", "to", "state", "trouble", "created_at", "verified_at"]
    list_filter = ["state", "channel", "client"]
    list_select_related = ["client"]
    search_fields = ["external_id"]
    ordering = ["-pk"]
    fields = [
        *("client", "external_id", "channel", "to", "application", "state", "trouble", "attempts"),
        *("created_at", "due_at", "valid_until", "verified_at"),
    ]

    @admin.display(description=_("numéro"), ordering="pk")
    def number(self, row: Challenge) -> int:
        """As calls name it: `otpId`."""
        return int(row.pk)

    @admin.display(description=_("destinataire"))
    def to(self, row: Challenge) -> str:
        return (masking.masked_number if row.channel == Channel.SMS else masking.masked_address)(row.contact)
