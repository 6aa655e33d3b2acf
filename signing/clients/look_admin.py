"""The look of a client's visible signatures, as the operator sets it: logo, first line, place, and a preview."""

import tempfile
from pathlib import Path

from django import forms
from django.conf import settings
from django.contrib import admin, messages
from django.core.files.uploadhandler import MemoryFileUploadHandler
from django.http import Http404, HttpRequest, HttpResponse
from django.urls import URLPattern, path
from django.utils.cache import add_never_cache_headers
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.csrf import csrf_exempt

from evidence import disk
from otp.admin import OperatorOnly
from signing.clients import looks
from signing.clients.looks import Look
from signing.engine import painting, preview

MOST_SENT = 2_000_000
SHEETS = {
    "portrait": _("Page A4 en portrait"),
    "scaled": _("Page en unités doubles (UserUnit)"),
    "landscape": _("Page A4 en paysage"),
    "turned": _("Page rognée (CropBox) et tournée (Rotate)"),
}
"""What each of `preview.SHEETS` is called."""


class LookForm(forms.ModelForm[Look]):
    """A look with its logo as a file."""

    image = forms.FileField(
        label=_("logo"),
        required=False,
        help_text=_("PNG ou JPEG, 500 Ko au plus ; aussi en tête des pages de signature"),
    )
    without_logo = forms.BooleanField(label=_("retirer le logo"), required=False)

    class Meta:
        model = Look
        fields = ["client", "label", "ink", "page", "x", "y"]

    def clean_image(self) -> bytes | None:
        """What was sent, judged."""
        sent = self.cleaned_data["image"]
        if sent is None:
            return None
        content: bytes = sent.read()
        looks.check_logo(content)
        return content

    def save(self, commit: bool = True) -> Look:  # noqa: FBT001, FBT002 - as Django has it
        """With the logo that was sent, without the one that was taken away."""
        if self.cleaned_data["image"] is not None:
            self.instance.logo = self.cleaned_data["image"]
        elif self.cleaned_data["without_logo"]:
            self.instance.logo = b""
        return super().save(commit)


@admin.register(Look)
class LookAdmin(OperatorOnly, admin.ModelAdmin[Look]):
    """One row a client; its page draws what signed files will show."""

    form = LookForm
    list_display = ["client", "label", "page", "x", "y"]
    list_select_related = ["client"]
    ordering = ["client__name", "pk"]
    fieldsets = [
        (None, {"fields": ["client", "label", "ink"]}),
        (_("Logo"), {"fields": ["image", "without_logo"]}),
        (_("Place"), {"fields": [("page", "x", "y")]}),
    ]
    change_form_template = "admin/clients/look.html"

    def get_urls(self) -> list[URLPattern]:
        """The two pages that take a file, and the preview."""
        taking = self.admin_site.admin_view(csrf_exempt(self._taking_a_logo))
        return [
            path("add/", taking, name="clients_look_add"),
            path("<path:object_id>/change/", taking, name="clients_look_change"),
            path("<int:pk>/<str:sheet>.pdf", self.admin_site.admin_view(self.preview), name="clients_look_preview"),
            path("<int:pk>/<str:sheet>.webp", self.admin_site.admin_view(self.picture), name="clients_look_picture"),
            *super().get_urls(),
        ]

    def _taking_a_logo(self, request: HttpRequest, object_id: str | None = None) -> HttpResponse:
        """Settle where files go before the form is read; the page itself is protected against forgery."""
        if int(request.META.get("CONTENT_LENGTH") or 0) > MOST_SENT:
            messages.error(request, _("Ce logo dépasse 500 Ko."))
            request.method = "GET"
        request.upload_handlers = [MemoryFileUploadHandler(request)]
        sheets = [{"name": name, "said": said, "box": preview.SHEETS[name]} for name, said in SHEETS.items()]
        page: HttpResponse = self.changeform_view(request, object_id, extra_context={"sheets": sheets})
        return page

    def preview(self, request: HttpRequest, pk: int, sheet: str) -> HttpResponse:
        """A sheet with the stamp of an imaginary signer, as PDF."""
        answer = HttpResponse(self._drawn(request, pk, sheet), content_type="application/pdf")
        answer["Content-Disposition"] = f'inline; filename="apercu-{sheet}.pdf"'
        add_never_cache_headers(answer)
        return answer

    def picture(self, request: HttpRequest, pk: int, sheet: str) -> HttpResponse:
        """The same as a picture, for the page; 503 where it cannot be drawn now."""
        drawn = self._drawn(request, pk, sheet)
        work = disk.folder(settings.WORK_DIR, mode=0o700)
        with tempfile.TemporaryDirectory(dir=work, prefix="look-") as folder:
            file = Path(folder) / "sheet.pdf"
            file.write_bytes(drawn)
            try:
                answer = HttpResponse(painting.picture(file, page=1), content_type="image/webp")
            except painting.NotDrawn:
                return HttpResponse(status=503)
        add_never_cache_headers(answer)
        return answer

    def _drawn(self, request: HttpRequest, pk: int, sheet: str) -> bytes:
        look = Look.objects.select_related("client").filter(pk=pk).first()
        if look is None or sheet not in SHEETS or not self.has_view_permission(request, look):
            raise Http404
        return preview.sheet(looks.sample(look, at=now()), preview.SHEETS[sheet])
