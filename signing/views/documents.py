"""The documents: read page by page, consents, SIGNER and REFUSER; the PDF bytes."""

import hashlib
from collections.abc import Callable
from datetime import datetime
from functools import wraps

from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from evidence.trail import Actor
from signing import access, reading
from signing.actions import paths
from signing.actions import reading as readings
from signing.actions.reading import NotPresented, PathClosed, TooEarly
from signing.actions.signature import NotPossible, NotReady, click_sign
from signing.engine.painting import NotDrawn, picture
from signing.models import Signer, SignerConsent
from signing.serving import pdf_response
from signing.states import READING, SignerState
from signing.views import standing
from signing.views.errors import visited, wants_json
from signing.views.places import home, state_of

MAX_BATCH_BYTES = 64 * 1024


def _posted(view: Callable[[HttpRequest, Signer], HttpResponse]) -> Callable[[HttpRequest, Signer], HttpResponse]:
    """POST is the view's. A tab that is restored on what a form was answered with asks by GET, and is led home."""

    @wraps(view)
    def answered(request: HttpRequest, signer: Signer) -> HttpResponse:
        return view(request, signer) if request.method == "POST" else redirect(home(signer))

    return answered


@gzip_page  # three hundred pages are half a megabyte of markup; the page's only secret, the CSRF token, is masked anew
@visited
@require_GET
def documents(request: HttpRequest, signer: Signer) -> HttpResponse:
    """All documents in one scroll, with what has been read; a path past reading goes to its own page."""
    if state_of(signer) not in READING:
        return redirect(home(signer))
    return render(request, "signing/documents.html", standing.page(signer))


@visited
@require_GET
def presented(request: HttpRequest, signer: Signer, n: int) -> HttpResponse:
    """The frozen bytes, whole or by ranges; the first time is a presentation, a copy is told as such."""
    document = get_object_or_404(signer.envelope.documents, n=n)
    wished, printed = "download" in request.GET, "print" in request.GET
    if wished or printed:
        paths.download_presented(signer=signer, document=document, actor=access.actor_of(request), at=now())
    else:
        paths.present_document(signer=signer, document=document, actor=access.actor_of(request), at=now())
    response = pdf_response(request, document.path, sha256=document.sha256, name=document.file_name() if wished else "")
    if printed:  # a browser's own viewer, which prints, does not start in a sandbox
        response.headers["Content-Security-Policy"] = "frame-ancestors 'none'"
    return response


@visited
@require_GET
def pictured(request: HttpRequest, signer: Signer, n: int, page: int) -> HttpResponse:
    """One page as a picture, for browsers that draw no PDF; what is declared read after it is traced as such."""
    document = get_object_or_404(signer.envelope.documents, n=n)
    if not 1 <= page <= document.pages:
        raise Http404
    etag = f'"{document.sha256}-{page}"'
    if etag in request.headers.get("If-None-Match", ""):
        response = HttpResponse(status=304)
    else:
        try:
            drawn = picture(document.path, page=page)
        except NotDrawn:
            return HttpResponse(status=503)
        sha256, actor = hashlib.sha256(drawn).hexdigest(), access.actor_of(request)
        paths.present_page(signer=signer, document=document, page=page, sha256=sha256, actor=actor, at=now())
        response = HttpResponse(drawn, content_type="image/webp")
    response.headers["ETag"] = etag
    response.headers["Cache-Control"] = "private, no-cache"
    return response


@visited
@require_GET
def how_it_stands(_request: HttpRequest, signer: Signer) -> HttpResponse:
    """All that has been read and agreed to, for a page that somebody comes back to from another tab or device."""
    if state_of(signer) not in READING:
        return JsonResponse({"error": "closed", "next": home(signer)}, status=409)
    return JsonResponse(standing.whole(signer))


@visited
@require_POST
def take_reading(request: HttpRequest, signer: Signer) -> HttpResponse:
    """One batch of reading, as JSON."""
    if len(request.body) > MAX_BATCH_BYTES:
        return JsonResponse({"error": "too_large"}, status=413)
    try:
        stream, seq, claims = reading.parse(request.body)
        pages, refused = readings.take_reading(
            signer=signer,
            stream=stream,
            seq=seq,
            claims=claims,
            actor=access.actor_of(request),
            at=now(),
        )
    except (reading.Malformed, NotPresented):
        return JsonResponse({"error": "malformed"}, status=400)
    except PathClosed:
        return JsonResponse({"error": "closed", "next": home(signer)}, status=409)
    return JsonResponse(standing.answer(signer, pages) | {"refused_ms": refused})


@visited
@_posted
def declare(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The button "J'ai lu la page N", for scripts and without one."""
    try:
        document, page = int(request.POST.get("document", "")), int(request.POST.get("page", ""))
    except ValueError:
        return JsonResponse({"error": "malformed"}, status=400)
    try:
        row = readings.declare_page(
            signer=signer, document=document, page=page, actor=access.actor_of(request), at=now()
        )
    except NotPresented:
        return _declined(request, signer, {"error": "not_presented"}, status=400)
    except TooEarly as error:
        return _declined(request, signer, {"wait_ms": error.wait_ms}, status=409)
    except PathClosed:
        return _declined(request, signer, {"error": "closed", "next": home(signer)}, status=409)
    if wants_json(request):
        return JsonResponse(standing.answer(signer, [row]))
    return HttpResponseRedirect(reverse("documents", kwargs={"path": signer.public_id}) + f"#d{document}-p{page}")


@visited
@require_POST
def consent(request: HttpRequest, signer: Signer) -> HttpResponse:
    """One box checked or unchecked, or what was typed for one mention."""
    key, actor, told = request.POST.get("consent", ""), access.actor_of(request), {}
    try:
        if "typed" in request.POST:
            typed = request.POST["typed"]
            row = readings.set_mention(signer=signer, consent=key, typed=typed, actor=actor, at=now())
            told = {"accepted": bool(row.typed_at)}
        else:
            checked = request.POST.get("checked") == "true"
            readings.set_consent(signer=signer, consent=key, checked=checked, actor=actor, at=now())
    except SignerConsent.DoesNotExist:
        return JsonResponse({"error": "malformed"}, status=400)
    except PathClosed:
        return JsonResponse({"error": "closed", "next": home(signer)}, status=409)
    return JsonResponse(standing.answer(signer, []) | told)


@visited
@_posted
def sign(request: HttpRequest, signer: Signer) -> HttpResponse:
    """SIGNER: 409 with what is missing, else on to the code. Without script boxes and mentions come with this form.

    `keep`: only what the form holds is taken, which is what the Enter key in a mention's field asks for.
    """
    actor, at = access.actor_of(request), now()
    try:
        if signer.state == SignerState.OPENED and not signer.clicked_at and "consents" in request.POST:
            _take_form(request, signer, actor, at)
        if "keep" in request.POST:
            return redirect(f"{reverse('documents', kwargs={'path': signer.public_id})}#accord")
        signer = click_sign(signer=signer, actor=actor, at=at)
    except NotReady as error:
        missing = {
            "error": "not_ready",
            "missing": standing.missing(error.progress),
            "pages": [{"document": place.document, "page": place.page} for place in error.progress.missing],
            "consents": list(error.progress.missing_consents),
            "mentions": list(error.progress.missing_mentions),
        }
        if wants_json(request):
            return JsonResponse(missing, status=409)
        return render(request, "signing/documents.html", standing.page(signer) | {"errors": missing}, status=409)
    except (NotPossible, PathClosed):
        return redirect(home(signer))
    return redirect("progress" if signer.state == SignerState.SIGNING else "sign_code", path=signer.public_id)


def _take_form(request: HttpRequest, signer: Signer, actor: Actor, at: datetime) -> None:
    """Boxes and mentions as a form holds them. Raises `PathClosed`."""
    chosen = set(request.POST.getlist("consent"))
    for row in signer.consents.order_by("position"):
        readings.set_consent(signer=signer, consent=row.key, checked=row.key in chosen, actor=actor, at=at)
        typed = request.POST.get(f"mention-{row.key}")
        if row.mention and typed is not None:
            readings.set_mention(signer=signer, consent=row.key, typed=typed, actor=actor, at=at)


def _declined(request: HttpRequest, signer: Signer, body: dict[str, object], *, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(body, status=status)
    return render(request, "signing/documents.html", standing.page(signer) | {"declined": body}, status=status)
