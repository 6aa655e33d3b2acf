"""What the operator sees: envelopes, states and trails in words, read-only; signed files and dossiers to download."""

from typing import Any

from django.contrib import admin
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, render
from django.urls import URLPattern, path, reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now

from evidence import files, trail, words
from evidence.models import Dossier
from evidence.trail import Actor
from signing.access import terminal_of
from signing.actions import paths
from signing.models import Document, Envelope, Revision, Signer
from signing.serving import pdf_response


class ReadOnly:
    """Rows that only the product's own actions write."""

    def has_add_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_change_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, _request: HttpRequest, _obj: Any = None) -> bool:
        return False


class DocumentInline(ReadOnly, admin.TabularInline[Document, Envelope]):
    model = Document
    ordering = ["n"]
    fields = ["n", "title", "role", "page_count", "size", "digest", "intake", "presented_file", "signed_file"]
    readonly_fields = ["page_count", "digest", "intake", "presented_file", "signed_file"]

    @admin.display(description="pages")
    def page_count(self, row: Document) -> int:
        return row.pages

    @admin.display(description="empreinte SHA-256")
    def digest(self, row: Document) -> SafeString:
        return format_html('<abbr title="{}">{}…</abbr>', row.sha256, row.sha256[:16])

    @admin.display(description="à la réception")
    def intake(self, row: Document) -> str:
        return "réparé" if row.repaired else "tel quel"

    @admin.display(description="fichier présenté")
    def presented_file(self, row: Document) -> SafeString:
        return _link(reverse("admin:signing_envelope_presented", args=[row.envelope_id, row.n]), "Télécharger")

    @admin.display(description="fichier signé")
    def signed_file(self, row: Document) -> SafeString | str:
        if not row.newest():
            return "–"
        return _link(reverse("admin:signing_envelope_signed", args=[row.envelope_id, row.n]), "Télécharger")


class SignerInline(ReadOnly, admin.TabularInline[Signer, Envelope]):
    model = Signer
    ordering = ["n"]
    fields = ["n", "name", "email", "state", "opened_at", "clicked_at", "ended_at", "dossier"]
    readonly_fields = ["name", "dossier"]

    @admin.display(description="nom")
    def name(self, row: Signer) -> str:
        return row.full_name

    @admin.display(description="dossier de preuve")
    def dossier(self, row: Signer) -> SafeString | str:
        sealed = Dossier.objects.filter(trail=row.envelope.trail, subject=str(row.public_id)).first()
        if sealed is None or sealed.state != Dossier.State.SEALED:
            return sealed.get_state_display() if sealed else "–"
        address = [row.envelope_id, row.n]
        return format_html(
            "{} · {}",
            _link(reverse("admin:signing_envelope_dossier", args=[*address, "pdf"]), "PDF"),
            _link(reverse("admin:signing_envelope_dossier", args=[*address, "xml"]), "XML"),
        )


@admin.register(Envelope)
class EnvelopeAdmin(ReadOnly, admin.ModelAdmin[Envelope]):
    list_display = ["reference", "client", "purpose", "state", "signer_names", "created_at", "closed_at"]
    list_filter = ["state", "client", "created_at"]
    search_fields = ["reference", "external_reference", "purpose", "signers__last_name", "signers__email"]
    date_hierarchy = "created_at"
    ordering = ["-created_at"]
    fields = [
        "reference",
        "client",
        "external_reference",
        "purpose",
        "state",
        "created_at",
        "expires_at",
        "closed_at",
        "journal",
    ]
    readonly_fields = ["journal"]
    inlines = [DocumentInline, SignerInline]

    @admin.display(description="signataires")
    def signer_names(self, row: Envelope) -> str:
        return ", ".join(signer.full_name for signer in row.signers.all())

    @admin.display(description="journal")
    def journal(self, row: Envelope) -> SafeString:
        return _link(
            reverse("admin:signing_envelope_journal", args=[row.pk]), f"Lire les {row.trail.head_seq} inscriptions"
        )

    def get_urls(self) -> list[URLPattern]:
        """The journal and the downloads, behind the admin's own door."""
        view = self.admin_site.admin_view
        own = [
            path("<int:pk>/journal/", view(self.read_journal), name="signing_envelope_journal"),
            path("<int:pk>/presented/<int:n>/", view(self.take_presented), name="signing_envelope_presented"),
            path("<int:pk>/signed/<int:n>/", view(self.take_signed), name="signing_envelope_signed"),
            path("<int:pk>/dossier/<int:n>/<str:form>/", view(self.take_dossier), name="signing_envelope_dossier"),
        ]
        return [*own, *super().get_urls()]

    def read_journal(self, request: HttpRequest, pk: int) -> HttpResponse:
        """Every entry in words, with its digest."""
        envelope = self._envelope(request, pk)
        titles = {str(row.public_id): row.title for row in envelope.documents.all()}
        entries = [_in_words(entry, titles) for entry in trail.entries(envelope.trail)]
        context = self.admin_site.each_context(request) | {"envelope": envelope, "entries": entries, "opts": self.opts}
        return render(request, "admin/signing/envelope/journal.html", context)

    def take_presented(self, request: HttpRequest, pk: int, n: int) -> HttpResponse:
        """The frozen file, as it was shown."""
        document = get_object_or_404(self._envelope(request, pk).documents, n=n)
        paths.download_presented(signer=None, document=document, actor=_operator(request), at=now())
        return pdf_response(request, document.path, sha256=document.sha256, name=document.file_name())

    def take_signed(self, request: HttpRequest, pk: int, n: int) -> HttpResponse:
        """The newest signed file of a document."""
        document = get_object_or_404(self._envelope(request, pk).documents, n=n)
        revision = get_object_or_404(Revision, pk=getattr(document.newest(), "pk", None))
        paths.download_signed(signer=None, revision=revision, actor=_operator(request), at=now())
        return pdf_response(request, revision.path, sha256=revision.sha256, name=f"signe-{document.file_name()}")

    def take_dossier(self, request: HttpRequest, pk: int, n: int, form: str) -> HttpResponse:
        """The sealed dossier of one signer, PDF or XML."""
        if form not in {"pdf", "xml"}:
            raise Http404
        signer = get_object_or_404(self._envelope(request, pk).signers, n=n)
        sealed = get_object_or_404(
            Dossier, trail=signer.envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED
        )
        paths.download_dossier(signer=signer, form=form, actor=_operator(request), at=now())
        if form == "pdf":
            name = f"dossier-{signer.envelope.reference}.pdf"
            return pdf_response(request, files.path_of(sealed.pdf_sha256), sha256=sealed.pdf_sha256, name=name)
        response = HttpResponse(files.read(sealed.xml_sha256), content_type="application/xml")
        response.headers["Content-Disposition"] = f'attachment; filename="dossier-{signer.envelope.reference}.xml"'
        return response

    def _envelope(self, request: HttpRequest, pk: int) -> Envelope:
        """The envelope, among those this administrator may see."""
        if not self.has_view_permission(request):
            raise Http404
        return get_object_or_404(self.get_queryset(request).select_related("client", "trail"), pk=pk)


def _in_words(entry: trail.Read, titles: dict[str, str]) -> dict[str, object]:
    """One entry as the journal's page shows it."""
    values = {name: value for name, (_, value) in entry.openings.items()}
    sentence = words.sentence(entry.kind, entry.data, values, documents=titles)
    return {
        "seq": entry.seq,
        "at": entry.at,
        "day": entry.at[:10],
        "hour": entry.at[11:-1],
        "title": words.title(entry.kind),
        "sentence": sentence,
        "digest": entry.digest,
    }


def _operator(request: HttpRequest) -> Actor:
    return Actor(
        role="operator", request=str(request.META.get("paraphe.request_id", "")), terminal=terminal_of(request)
    )


def _link(url: str, label: str) -> SafeString:
    return format_html('<a href="{}">{}</a>', url, label)
