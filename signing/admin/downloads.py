"""Files that an administrator takes away; each is an entry of the trail."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from evidence import files
from evidence.models import Dossier
from signing.access import staff_of
from signing.actions import paths
from signing.admin.membership import envelope_of
from signing.serving import pdf_response


@require_GET
def presented(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The frozen file, as it was shown."""
    document = get_object_or_404(envelope_of(request, pk).documents, n=n)
    paths.download_presented(signer=None, document=document, actor=staff_of(request), at=now())
    return pdf_response(request, document.path, sha256=document.sha256, name=document.file_name())


@require_GET
def signed(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The newest signed file of a document."""
    document = get_object_or_404(envelope_of(request, pk).documents, n=n)
    revision = document.newest()
    if revision is None:
        raise Http404
    paths.download_signed(signer=None, revision=revision, actor=staff_of(request), at=now())
    return pdf_response(request, revision.path, sha256=revision.sha256, name=f"signe-{document.file_name()}")


@require_GET
def dossier(request: HttpRequest, pk: int, n: int, form: str) -> HttpResponse:
    """The sealed dossier of one signer, PDF or XML."""
    if form not in {"pdf", "xml"}:
        raise Http404
    signer = get_object_or_404(envelope_of(request, pk).signers, n=n)
    envelope = signer.envelope
    sealed = get_object_or_404(Dossier, trail=envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED)
    paths.download_dossier(signer=signer, form=form, actor=staff_of(request), at=now())
    name = f"dossier-{envelope.reference}-{signer.n}.{form}"
    if form == "pdf":
        return pdf_response(request, files.path_of(sealed.pdf_sha256), sha256=sealed.pdf_sha256, name=name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    return HttpResponse(files.read(sealed.xml_sha256), content_type="application/xml", headers=headers)
