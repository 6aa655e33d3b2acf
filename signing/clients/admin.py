"""Clients, their people and their consent texts, as the operator keeps them."""

from typing import Any

from django.contrib import admin
from django.contrib.auth.admin import UserAdmin
from django.contrib.auth.models import Group, User
from django.forms import ModelForm
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _

from otp.admin import OperatorOnly
from otp.models import Alarm
from signing.clients import (  # noqa: F401 - some register
    access_admin,
    alarm_admin,
    application_admin,
    callbacks,
    consent_admin,
    look_admin,
    passes,
    terms_admin,
)
from signing.clients.models import Client, FirstPassword, Member

admin.site.unregister(Group)  # rights follow from membership
admin.site.unregister(User)


class MemberInline(OperatorOnly, admin.TabularInline[Member, Any]):
    model = Member
    extra = 0


@admin.register(Client)
class ClientAdmin(OperatorOnly, admin.ModelAdmin[Client]):
    list_display = ["name", "code", "contact_name", "policy", "alarmed", "created_at"]
    search_fields = ["name", "code"]
    ordering = ["name", "pk"]
    inlines = [MemberInline]
    readonly_fields = ["callback_secret", "pass_key"]

    def get_readonly_fields(self, request: HttpRequest, obj: Client | None = None) -> list[str]:  # noqa: ARG002 - as Django has it
        """The code stays as it was made: certificates are named, and the secret of call-backs is derived, by it."""
        return [*self.readonly_fields, *(["code"] if obj else [])]

    @admin.display(description=_("alarmes du jour"))
    def alarmed(self, client: Client) -> str:
        """What was seen of its codes today (UTC)."""
        rows = Alarm.objects.filter(tenant=str(client.pk), day=now().date()).order_by("kind")
        return " ".join(alarm_admin.sentence(each) for each in rows) or "-"

    @admin.display(description=_("secret des rappels"))
    def callback_secret(self, client: Client) -> str:
        """What the integrator checks call-backs with; a client that is not made yet has none."""
        return callbacks.shown(client) if client.pk else "-"

    @admin.display(description=_("clé des adresses signées"))
    def pass_key(self, client: Client) -> str:
        """What the client's own site signs passes with (docs/passes.md)."""
        return passes.shown(client) if client.pk else "-"


@admin.register(User)
class PersonAdmin(OperatorOnly, UserAdmin[User]):
    """An account of the administration. A password that the operator gives is changed by its user at once."""

    list_display = ["username", "first_name", "last_name", "is_active", "is_superuser"]
    list_filter = ["is_active", "is_superuser"]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Personne"), {"fields": ["first_name", "last_name", "email"]}),
        (_("Accès"), {"fields": ["is_active", "is_superuser"]}),
    ]
    filter_horizontal = []
    inlines = [MemberInline]

    def save_model(self, request: HttpRequest, obj: User, form: ModelForm[User], change: bool) -> None:  # noqa: FBT001 - as Django has it
        """Every account is one of the administration."""
        obj.is_staff = True
        super().save_model(request, obj, form, change)
        if not change:
            FirstPassword.objects.create(user=obj, given_at=now())

    def user_change_password(self, request: HttpRequest, id: str, form_url: str = "") -> HttpResponse:  # noqa: A002 - as Django has it
        """Give somebody else a new first password."""
        response = super().user_change_password(request, id, form_url)
        if request.method == "POST" and response.status_code == 302 and id != str(request.user.pk):  # noqa: PLR2004 - Found
            FirstPassword.objects.get_or_create(user_id=int(id), defaults={"given_at": now()})
        return response
