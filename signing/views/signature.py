"""After SIGNER: the code, the progress, the end; REFUSER."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse, QueryDict
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evidence import files
from evidence.models import Dossier
from otp.masking import masked_address
from signing import access, steps
from signing.actions import paths
from signing.actions.signature import NotPossible, TooSoon, refuse, resend_code, submit_code
from signing.engine.names import initials
from signing.forms import CodeForm, RefusalForm
from signing.models import Document, Signer
from signing.serving import pdf_response
from signing.states import READING, SignerState
from signing.views.errors import visited
from signing.views.places import home

TROUBLES = {
    Signer.CodeTrouble.WRONG: ("Ce code n’est pas le bon.", "Vérifiez les six chiffres du dernier message reçu."),
    Signer.CodeTrouble.NO_TRIES_LEFT: ("Ce code ne peut plus être essayé.", "Demandez un nouveau code."),
    Signer.CodeTrouble.GONE: ("Ce code n’est plus valable.", "Demandez un nouveau code."),
    Signer.CodeTrouble.UNDELIVERED: (
        "Le message n’a pas pu être remis.",
        "Vérifiez l’adresse avec votre interlocuteur, ou demandez un nouveau code.",
    ),
}


@visited
@require_http_methods(["GET", "POST"])
def sign_code(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The code page; the answer to a code comes on the progress page, which leads back here after a wrong one."""
    form = CodeForm(_posted(request), length=signer.envelope.client.policy.length)
    if request.method == "POST" and form.is_valid():
        try:
            submit_code(signer=signer, code=form.cleaned_data["code"], actor=access.actor_of(request), at=now())
        except NotPossible:
            return redirect(home(signer))
        return redirect("progress", path=signer.public_id)
    if signer.state not in READING or not signer.clicked_at:
        return redirect(home(signer))
    late = bool(signer.code_valid_until and signer.code_valid_until <= now())
    trouble = TROUBLES.get(Signer.CodeTrouble.GONE if late else Signer.CodeTrouble(signer.code_trouble))
    status = 422 if form.errors else 200
    return render(request, "signing/sign_code.html", _code_page(signer, form, trouble), status=status)


@visited
@require_POST
def resend(request: HttpRequest, signer: Signer) -> HttpResponse:
    """A new code is asked for; too soon, the page says from when."""
    try:
        resend_code(signer=signer, actor=access.actor_of(request), at=now())
    except (NotPossible, TooSoon):
        return redirect(home(signer))
    return redirect("sign_code", path=signer.public_id)


@visited
@require_GET
def code_status(_request: HttpRequest, signer: Signer) -> HttpResponse:
    """Whether the code has gone out, for the page that waits for it."""
    pending = signer.work == Signer.Work.SEND_CODE
    sent_at = None if pending or not signer.code_sent_at else signer.code_sent_at.isoformat()
    return JsonResponse({"sent_at": sent_at, "masked": signer.code_masked, "state": signer.state, "pending": pending})


@visited
@require_GET
def progress(request: HttpRequest, signer: Signer) -> HttpResponse:
    """Named steps as they happen; reload-safe."""
    if signer.state not in {SignerState.SIGNING, SignerState.QUARANTINED} and not _sealing(signer):
        return redirect(home(signer))
    context = _common(signer) | {
        "steps": steps.of(signer),
        "waiting": steps.waiting(signer),
        "status_url": reverse("progress_status", kwargs={"path": signer.public_id}),
    }
    return render(request, "signing/progress.html", context)


@visited
@require_GET
def progress_status(_request: HttpRequest, signer: Signer) -> HttpResponse:
    """The same steps for the page's script, and where to go when they are over."""
    moving = signer.state in {SignerState.SIGNING, SignerState.QUARANTINED} or _sealing(signer)
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
    context = _common(signer) | {
        "documents": documents,
        "signed_at": signer.ended_at,
        "masked_email": masked_address(signer.email),
        "dossier_url": reverse("dossier", kwargs=path) if not _sealing(signer) else None,
        "status_url": reverse("progress_status", kwargs=path),
    }
    return render(request, "signing/done.html", context)


@visited
@require_GET
def signed(request: HttpRequest, signer: Signer, n: int) -> HttpResponse:
    """One signed document."""
    revision = get_object_or_404(signer.revisions.select_related("document"), document__n=n)
    paths.download_signed(signer=signer, revision=revision, actor=access.actor_of(request), at=now())
    return pdf_response(request, revision.path, sha256=revision.sha256, name=f"signe-{revision.document.file_name()}")


@visited
@require_GET
def dossier(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The dossier of this signer, once it is sealed."""
    row = get_object_or_404(
        Dossier, trail=signer.envelope.trail, subject=str(signer.public_id), state=Dossier.State.SEALED
    )
    paths.download_dossier(signer=signer, form="pdf", actor=access.actor_of(request), at=now())
    name = f"dossier-{signer.envelope.reference}.pdf"
    return pdf_response(request, files.path_of(row.pdf_sha256), sha256=row.pdf_sha256, name=name)


@visited
@require_http_methods(["GET", "POST"])
def refuse_page(request: HttpRequest, signer: Signer) -> HttpResponse:
    """REFUSER: a reason and one confirmation; works without script."""
    if signer.state not in READING:
        return redirect(home(signer))
    form = RefusalForm(_posted(request))
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
    return render(request, "signing/refuse.html", _common(signer) | {"form": form}, status=422 if form.errors else 200)


@visited
@require_GET
def refused(request: HttpRequest, signer: Signer) -> HttpResponse:
    """What was recorded of a refusal."""
    if signer.state != SignerState.REFUSED:
        return redirect(home(signer))
    path = {"path": signer.public_id}
    context = _common(signer) | {
        "at": signer.ended_at,
        "dossier_url": reverse("dossier", kwargs=path) if not _sealing(signer) else None,
    }
    return render(request, "signing/refused.html", context)


@visited
@require_GET
def closed(request: HttpRequest, signer: Signer) -> HttpResponse:
    """A path that ended otherwise: its time passed, the client withdrew it, too many wrong codes."""
    if home(signer) != request.path:
        return redirect(home(signer))
    return render(request, "signing/closed.html", _common(signer) | {"state": signer.state})


def _posted(request: HttpRequest) -> QueryDict | None:
    """What a form was sent with, also where it was sent empty."""
    return request.POST if request.method == "POST" else None


def _code_page(signer: Signer, form: CodeForm, trouble: tuple[str, str] | None) -> dict[str, Any]:
    path = {"path": signer.public_id}
    pending = signer.work == Signer.Work.SEND_CODE
    return _common(signer) | {
        "form": form,
        "pending": pending,
        "waiting": steps.waiting(signer),
        "sent_at": None if pending else signer.code_sent_at,
        "masked": signer.code_masked or masked_address(signer.email),
        "channel": signer.code_channel,
        "valid_until": signer.code_valid_until,
        "tries_left": signer.code_tries_left,
        "resend_at": signer.code_resend_at,
        "resend_url": reverse("resend", kwargs=path),
        "refuse_url": reverse("refuse", kwargs=path),
        "documents_url": reverse("documents", kwargs=path),
        "status_url": reverse("code_status", kwargs=path),
        "error": {"title": trouble[0], "sentence": trouble[1]} if trouble and not pending else None,
    }


def _common(signer: Signer) -> dict[str, Any]:
    """What every page after the reading shows."""
    envelope = signer.envelope
    documents = list(envelope.documents.order_by("n"))
    return {
        "signer": signer,
        "initials": initials(signer.full_name),
        "client": envelope.client,
        "envelope": envelope,
        "documents": documents,
        "to_sign_count": sum(1 for document in documents if document.role == Document.Role.TO_SIGN),
        "reference": envelope.reference,
        "digits": signer.digits,
    }


def _sealing(signer: Signer) -> bool:
    """Whether the dossier of an ended path is still being sealed."""
    rows = Dossier.objects.filter(trail=signer.envelope.trail, subject=str(signer.public_id))
    return rows.filter(state=Dossier.State.QUEUED).exists()
