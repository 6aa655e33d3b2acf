"""After SIGNER: the progress and the end; REFUSER."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import pgettext
from django.views.decorators.http import require_GET, require_http_methods

from evidence import files
from evidence.models import Dossier
from otp.masking import masked_address
from signing import access, steps
from signing.actions import paths
from signing.actions.signature import NotPossible, refuse
from signing.forms import RefusalForm
from signing.models import Signer
from signing.serving import pdf_response
from signing.states import READING, SignerState
from signing.views import standing
from signing.views.errors import visited
from signing.views.places import home, state_of


@visited
@require_GET
def progress(request: HttpRequest, signer: Signer) -> HttpResponse:
    """Named steps as they happen; reload-safe."""
    if signer.state not in {SignerState.SIGNING, SignerState.QUARANTINED} and not standing.sealing(signer):
        return redirect(home(signer))
    context = standing.common(signer) | {
        "steps": steps.of(signer),
        "waiting": steps.waiting(signer),
        "status_url": reverse("progress_status", kwargs={"path": signer.public_id}),
    }
    return render(request, "signing/progress.html", context)


@visited
@require_GET
def progress_status(_request: HttpRequest, signer: Signer) -> HttpResponse:
    """The same steps for the page's script, and where to go when they are over."""
    moving = signer.state in {SignerState.SIGNING, SignerState.QUARANTINED} or standing.sealing(signer)
    shown = [step.as_json() for step in steps.of(signer)]
    return JsonResponse(
        {
            "steps": shown,
            "state": signer.state,
            "waiting": steps.waiting(signer),
            "next": None if moving else home(signer),
        }
    )


@visited
@require_GET
def done(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The signed documents and the dossier, to take away."""
    if signer.state != SignerState.SIGNED:
        return redirect(home(signer))
    paths.show_delivery(signer=signer, actor=access.actor_of(request), at=now())
    path = {"path": signer.public_id}
    revisions = signer.revisions.select_related("document").order_by("document__n")
    documents = [
        {
            "title": revision.document.title,
            "pages": revision.document.pages,
            "size": revision.size,
            "url": reverse("signed", kwargs=path | {"n": revision.document.n}),
        }
        for revision in revisions
    ]
    context = standing.common(signer) | {
        "documents": documents,
        "signed_at": signer.ended_at,
        "masked_email": masked_address(signer.email),
        "dossier_url": reverse("dossier", kwargs=path) if not standing.sealing(signer) else None,
        "attestation_url": standing.attestation_url(signer),
        "status_url": reverse("progress_status", kwargs=path),
    }
    return render(request, "signing/done.html", context)


@visited
@require_GET
def signed(request: HttpRequest, signer: Signer, n: int) -> HttpResponse:
    """One signed document."""
    revision = get_object_or_404(signer.revisions.select_related("document"), document__n=n)
    paths.download_signed(signer=signer, revision=revision, actor=access.actor_of(request), at=now())
    kind = pgettext("nom de fichier", "signe")
    name = f"{kind}-{revision.document.file_name()}"
    return pdf_response(request, revision.path, sha256=revision.sha256, name=name)


@visited
@require_GET
def dossier(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The dossier of this signer, once it is sealed."""
    row = get_object_or_404(
        Dossier, trail=signer.envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED
    )
    paths.download_dossier(signer=signer, form="pdf", actor=access.actor_of(request), at=now())
    kind = pgettext("nom de fichier", "dossier")
    name = f"{kind}-{signer.envelope.reference}.pdf"
    return pdf_response(request, files.path_of(row.pdf_sha256), sha256=row.pdf_sha256, name=name)


@visited
@require_GET
def attestation(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The sheet of this signer alone, made with the dossier."""
    rows = Dossier.objects.filter(trail=signer.envelope.trail, state=Dossier.State.SEALED)
    row = get_object_or_404(rows.exclude(attestation_sha256=""), subject=str(signer.public_id))
    paths.download_dossier(signer=signer, form="attestation", actor=access.actor_of(request), at=now())
    name = f"attestation-{signer.envelope.reference}.pdf"
    return pdf_response(request, files.path_of(row.attestation_sha256), sha256=row.attestation_sha256, name=name)


@visited
@require_http_methods(["GET", "POST"])
def refuse_page(request: HttpRequest, signer: Signer) -> HttpResponse:
    """REFUSER: a reason and one confirmation; works without script."""
    if state_of(signer) not in READING:
        return redirect(home(signer))
    form = RefusalForm(standing.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            refuse(
                signer=signer,
                choice=form.cleaned_data["choice"],
                reason=form.cleaned_data["reason"],
                actor=access.actor_of(request),
                at=now(),
            )
        except NotPossible:
            return redirect(home(signer))
        return redirect("refused", path=signer.public_id)
    return render(
        request, "signing/refuse.html", standing.common(signer) | {"form": form}, status=422 if form.errors else 200
    )


@visited
@require_GET
def refused(request: HttpRequest, signer: Signer) -> HttpResponse:
    """What was recorded of a refusal."""
    if signer.state != SignerState.REFUSED:
        return redirect(home(signer))
    path = {"path": signer.public_id}
    context = standing.common(signer) | {
        "at": signer.ended_at,
        "dossier_url": reverse("dossier", kwargs=path) if not standing.sealing(signer) else None,
        "attestation_url": standing.attestation_url(signer),
    }
    return render(request, "signing/refused.html", context)


@visited
@require_GET
def closed(request: HttpRequest, signer: Signer) -> HttpResponse:
    """A path that ended otherwise: its time passed, the client withdrew it, too many wrong codes."""
    if home(signer) != request.path:
        return redirect(home(signer))
    sealed = Dossier.objects.filter(
        trail=signer.envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED
    ).exists()
    context = standing.common(signer) | {
        "state": state_of(signer),
        "dossier_url": reverse("dossier", kwargs={"path": signer.public_id}) if sealed else None,
        "attestation_url": standing.attestation_url(signer),
    }
    return render(request, "signing/closed.html", context)
