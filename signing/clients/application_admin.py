"""The SMS of clients' applications, with what they cost, as the operator sets them."""

from django.contrib import admin
from django.utils.html import format_html
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from otp import gsm
from otp.admin import OperatorOnly
from signing.clients.applications import FIELDS, Application, for_browsers


@admin.register(Application)
class ApplicationAdmin(OperatorOnly, admin.ModelAdmin[Application]):
    """A row for each `smsApplicationCode`."""

    list_display = ["client", "code", "sender", "preview"]
    list_select_related = ["client"]
    ordering = ["client__name", "code"]
    readonly_fields = ["preview"]

    @admin.display(description=gettext_lazy("aperçu"))
    def preview(self, application: Application) -> str:
        """The text as a telephone shows it, and what it costs; where it serves paths, with their last line too."""
        if not application.text:
            return "-"
        text = application.sample()
        shown = format_html("<blockquote>{}</blockquote>{}", text, _cost(text))
        if application.code:
            return shown
        whole = text + for_browsers(FIELDS["code"])
        told = _("Dans un parcours, avec la ligne qui remplit le code : %(cost)s.") % {"cost": _cost(whole)}
        return format_html("{}<br>{}", shown, told)


def _cost(text: str) -> str:
    size = gsm.size(text)
    return _("%(units)d signes, %(alphabet)s, %(parts)s") % {
        "units": size.units,
        "alphabet": size.alphabet,
        "parts": ngettext("%(n)d SMS", "%(n)d SMS", size.parts) % {"n": size.parts},
    }
