"""Access certificates as the operator sees them: whose, which, until when. They are made and revoked by commands."""

from django.contrib import admin
from django.utils.timezone import now
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from otp.admin import LookedAt
from signing.clients import certificates
from signing.clients.models import AccessCertificate


@admin.register(AccessCertificate)
class AccessCertificateAdmin(LookedAt, admin.ModelAdmin[AccessCertificate]):
    """The first to end first; nothing is written here."""

    list_display = ["client", "state", "not_after", "not_before", "serial", "fingerprint"]
    list_select_related = ["client"]
    search_fields = ["client__code", "client__name", "serial", "fingerprint"]
    ordering = ["not_after", "pk"]
    list_per_page = 50

    @admin.display(description=gettext_lazy("état"))
    def state(self, row: AccessCertificate) -> str:
        words = {"good": _("valable"), "revoked": _("révoqué"), "ended": _("échu"), "later": _("pas encore valable")}
        return words[certificates.state_of(row, at=now())]
