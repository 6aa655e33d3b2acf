"""Consent texts as the operator keeps them, with a preview of the boxes as signers will see them."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed
from django.shortcuts import render
from django.urls import URLPattern, path, reverse
from django.utils import translation
from django.utils.cache import add_never_cache_headers
from django.utils.translation import gettext

from otp.admin import OperatorOnly, operates
from signing.clients import consents
from signing.clients.consents import ConsentText
from signing.clients.models import Client


@admin.register(ConsentText)
class ConsentTextAdmin(OperatorOnly, admin.ModelAdmin[ConsentText]):
    """A text is added as a new version, never changed: signers have agreed to its exact words."""

    list_display = ["key", "version", "language", "client", "text", "mention", "active"]
    list_filter = ["language", "client", "active"]
    fields = ["client", "key", "version", "language", "position", "text", "mention", "active"]
    change_form_template = "admin/clients/consent_text.html"

    def get_urls(self) -> list[URLPattern]:
        """The previews: of a text that is kept, and of one that is being written."""
        view = self.admin_site.admin_view
        return [
            path("preview/", view(self.preview_typed), name="clients_consenttext_preview_typed"),
            path("<int:pk>/preview/", view(self.preview), name="clients_consenttext_preview"),
            *super().get_urls(),
        ]

    def get_readonly_fields(self, _request: HttpRequest, obj: ConsentText | None = None) -> list[str]:
        """Everything but `active`, once the text exists."""
        return ["client", "key", "version", "language", "position", "text", "mention"] if obj else []

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:  # noqa: ARG002 - as Django calls it
        return False

    def preview(self, request: HttpRequest, pk: int) -> HttpResponse:
        """All boxes of the client of a text, in its language, with this version of it."""
        text = ConsentText.objects.select_related("client").filter(pk=pk).first()
        if text is None or not self.has_view_permission(request, text):
            raise Http404
        return _boxes(request, text)

    def preview_typed(self, request: HttpRequest) -> HttpResponse:
        """The same of what stands in the form, before anything is kept; what is wrong with it is said instead."""
        if not operates(request):
            raise Http404
        if request.method != "POST":
            return HttpResponseNotAllowed(["POST"])
        form = self.get_form(request)(request.POST)
        if not form.is_valid():
            return render(request, "admin/clients/consents.html", {"form": form}, status=422)
        return _boxes(request, form.instance)


def _boxes(request: HttpRequest, text: ConsentText) -> HttpResponse:
    """The page in the text's own language, in the look of the signer's."""
    with translation.override(text.language):
        client = text.client or Client(name=gettext("Nom du client"))
        shown = consents.with_text(text)
        context = {
            "client": client,
            "consents": [_statement(each, client) for each in shown],
            "consents_open": True,
            "preview": text,
        }
        answer = render(request, "admin/clients/consents.html", context)
    answer["Content-Language"] = text.language
    add_never_cache_headers(answer)
    return answer


def _statement(text: ConsentText, client: Client) -> dict[str, object]:
    """A statement as the template of the signer's page takes it, nothing checked, nothing typed."""
    words = consents.wording(text, client=client)
    terms = f"{reverse('terms')}?lang={text.language}"
    return {
        "id": text.key,
        "text_html": consents.linked(words, language=text.language, terms=terms),
        "mention": text.mention,
    }
