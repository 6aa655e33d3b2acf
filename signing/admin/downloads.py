"""Files that an administrator takes away; each is an entry of the trail."""

import tempfile
from typing import cast, get_args

from django.conf import settings
from django.http import FileResponse, Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.utils.timezone import now
from django.views.decorators.http import require_GET

from evidence import addenda, disk, files
from evidence.dossier.container import container
from evidence.events import DossierForm
from evidence.models import Dossier, RollUp
from signing.access import staff_of
from signing.actions import paths
from signing.actions.consultation import consult
from signing.admin.membership import kept_envelope_of
from signing.serving import pdf_response


@require_GET
def presented(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The frozen file, as it was shown."""
    document = get_object_or_404(kept_envelope_of(request, pk).documents, n=n)
    paths.download_presented(signer=None, document=document, actor=staff_of(request), at=now())
    return pdf_response(request, document.path, sha256=document.sha256, name=document.file_name())


@require_GET
def signed(request: HttpRequest, pk: int, n: int) -> HttpResponse:
    """The newest signed file of a document."""
    document = get_object_or_404(kept_envelope_of(request, pk).documents, n=n)
    revision = document.newest()
    if revision is None:
        raise Http404
    paths.download_signed(signer=None, revision=revision, actor=staff_of(request), at=now())
    return pdf_response(request, revision.path, sha256=revision.sha256, name=f"signe-{document.file_name()}")


@require_GET
def dossier(request: HttpRequest, pk: int, n: int, form: str) -> HttpResponse:
    """The sealed dossier of one signer: PDF, XML, or the container with all that its verification needs."""
    if form not in get_args(DossierForm):
        raise Http404
    signer = get_object_or_404(kept_envelope_of(request, pk).signers, n=n)
    envelope = signer.envelope
    sealed = get_object_or_404(Dossier, trail=envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED)
    digests = {"asice": sealed.sealing_sha256, "attestation": sealed.attestation_sha256}
    if not digests.get(form, "it is there"):  # sealed before there were any
        raise Http404
    paths.download_dossier(signer=signer, form=cast("DossierForm", form), actor=staff_of(request), at=now())
    if form == "attestation":
        sheet, name = sealed.attestation_sha256, f"attestation-{envelope.reference}-{signer.n}.pdf"
        return pdf_response(request, files.path_of(sheet), sha256=sheet, name=name)
    name = f"dossier-{envelope.reference}-{signer.n}.{form}"
    if form == "pdf":
        return pdf_response(request, files.path_of(sealed.pdf_sha256), sha256=sealed.pdf_sha256, name=name)
    headers = {"Content-Disposition": f'attachment; filename="{name}"', "Cache-Control": "private, no-cache"}
    if form == "asice":
        # A file without a name: gone with the answer, however that ends.
        whole = tempfile.TemporaryFile(dir=disk.folder(settings.WORK_DIR, mode=0o700))  # noqa: SIM115 - the answer closes it
        container.write(sealed.sealing_sha256, whole, addenda=addenda.sealings(sealed))
        whole.seek(0)
        return FileResponse(whole, content_type=container.MIMETYPE.decode(), headers=headers)  # type: ignore[return-value]  # streaming and plain answers share what is used
    return HttpResponse(files.read(sealed.xml_sha256), content_type="application/xml", headers=headers)


@require_GET
def rollup(request: HttpRequest, pk: int) -> HttpResponse:
    """The sheet over the dossiers of all signers; taking it is an entry."""
    envelope = kept_envelope_of(request, pk)
    row = get_object_or_404(RollUp, trail=envelope.trail, sealed_at__isnull=False)
    consult(envelope=envelope, page="rollup", actor=staff_of(request), at=now())
    name = f"recapitulatif-{envelope.reference}.pdf"
    return pdf_response(request, files.path_of(row.pdf_sha256), sha256=row.pdf_sha256, name=name)
