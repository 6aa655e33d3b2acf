"""Alarms on codes and access, with the client they are about, as the operator sees them."""

from django.contrib import admin
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otp.admin import LookedAt
from otp.models import Alarm
from signing.clients.models import Client


@admin.register(Alarm)
class AlarmAdmin(LookedAt, admin.ModelAdmin[Alarm]):
    """One row a day for each client and kind; nothing is written here."""

    list_display = ["day", "client", "kind", "said", "raised_at"]
    list_filter = ["kind", "day"]
    ordering = ["-day", "tenant", "kind"]
    list_per_page = 50

    @admin.display(description=gettext_lazy("client"))
    def client(self, alarm: Alarm) -> str:
        row = Client.objects.filter(pk=alarm.tenant).first() if alarm.tenant.isdecimal() else None
        return row.name if row else alarm.tenant

    @admin.display(description=gettext_lazy("ce qui s’est vu"))
    def said(self, alarm: Alarm) -> str:
        return sentence(alarm)


def sentence(alarm: Alarm) -> str:
    """What was seen, in words."""
    if alarm.kind == Alarm.Kind.CONVERSION:
        told = _("De %(count)d codes partis par SMS, %(verified)d sont revenus.")
        return told % {"count": alarm.count, "verified": alarm.verified or 0}
    if alarm.kind == Alarm.Kind.ACCESS:
        return _("Le dernier certificat d’accès prend fin dans %(count)d jours.") % {"count": alarm.count}
    return _("Des codes sont partis vers %(count)d numéros qui se suivent.") % {"count": alarm.count}
