"""The documents: read page by page, consents, SIGNER and REFUSER; the PDF bytes."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, JsonResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.timezone import now
from django.views.decorators.gzip import gzip_page
from django.views.decorators.http import require_GET, require_POST

from signing import access, progress, reading
from signing.actions import paths
from signing.actions import reading as readings
from signing.actions.reading import NotPresented, PathClosed, TooEarly
from signing.actions.signature import NotPossible, NotReady, click_sign
from signing.clients.models import TERMS_WORDS
from signing.engine.names import initials
from signing.models import PageReading, Signer, SignerConsent
from signing.serving import pdf_response
from signing.states import READING, SignerState
from signing.views.errors import visited, wants_json
from signing.views.places import home

MAX_BATCH_BYTES = 64 * 1024


@gzip_page  # three hundred pages are half a megabyte of markup; the page's only secret, the CSRF token, is masked anew
@visited
@require_GET
def documents(request: HttpRequest, signer: Signer) -> HttpResponse:
    """All documents in one scroll, with what has been read; a path past reading goes to its own page."""
    if signer.state not in READING:
        return redirect(home(signer))
    return render(request, "signing/documents.html", _page(signer))


@visited
@require_GET
def presented(request: HttpRequest, signer: Signer, n: int) -> HttpResponse:
    """The frozen bytes, whole or by ranges; the first time is recorded as presentation, a download as such."""
    document = get_object_or_404(signer.envelope.documents, n=n)
    wished = "download" in request.GET
    if wished:
        paths.download_presented(signer=signer, document=document, actor=access.actor_of(request), at=now())
    else:
        paths.present_document(signer=signer, document=document, actor=access.actor_of(request), at=now())
    return pdf_response(request, document.path, sha256=document.sha256, name=document.file_name() if wished else "")


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
            actor=access.actor_of(request, terminal=False),
            at=now(),
        )
    except (reading.Malformed, NotPresented):
        return JsonResponse({"error": "malformed"}, status=400)
    except PathClosed:
        return JsonResponse({"error": "closed", "next": home(signer)}, status=409)
    return JsonResponse(_standing(signer, pages) | {"refused_ms": refused})


@visited
@require_POST
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
        return JsonResponse(_standing(signer, [row]))
    return HttpResponseRedirect(reverse("documents", kwargs={"path": signer.public_id}) + f"#d{document}-p{page}")


@visited
@require_POST
def consent(request: HttpRequest, signer: Signer) -> HttpResponse:
    """One box checked or unchecked."""
    try:
        readings.set_consent(
            signer=signer,
            consent=request.POST.get("consent", ""),
            checked=request.POST.get("checked") == "true",
            actor=access.actor_of(request),
            at=now(),
        )
    except SignerConsent.DoesNotExist:
        return JsonResponse({"error": "malformed"}, status=400)
    except PathClosed:
        return JsonResponse({"error": "closed", "next": home(signer)}, status=409)
    return JsonResponse(_standing(signer, []))


@visited
@require_POST
def sign(request: HttpRequest, signer: Signer) -> HttpResponse:
    """SIGNER: 409 with what is missing, else on to the code. Without script the boxes come with this form."""
    actor, at = access.actor_of(request), now()
    if signer.state == SignerState.OPENED and "consents" in request.POST:
        chosen = set(request.POST.getlist("consent"))
        for key in signer.consents.values_list("key", flat=True):
            readings.set_consent(signer=signer, consent=key, checked=key in chosen, actor=actor, at=at)
    try:
        signer = click_sign(signer=signer, actor=actor, at=at)
    except NotReady as error:
        missing = {
            "error": "not_ready",
            "missing": _missing(error.progress),
            "pages": [{"document": place.document, "page": place.page} for place in error.progress.missing],
            "consents": list(error.progress.missing_consents),
        }
        if wants_json(request):
            return JsonResponse(missing, status=409)
        return render(request, "signing/documents.html", _page(signer) | {"errors": missing}, status=409)
    except NotPossible:
        return redirect(home(signer))
    return redirect("sign_code", path=signer.public_id)


def _declined(request: HttpRequest, signer: Signer, body: dict[str, object], *, status: int) -> HttpResponse:
    if wants_json(request):
        return JsonResponse(body, status=status)
    return render(request, "signing/documents.html", _page(signer) | {"declined": body}, status=status)


def _standing(signer: Signer, pages: list[PageReading]) -> dict[str, Any]:
    """What the script is told after anything that may have changed it."""
    held = progress.of(signer)
    following = held.next
    return {
        "pages": [_reading(row) | {"document": row.document.n, "page": row.page} for row in pages],
        "pages_read": held.pages_read,
        "pages_total": held.pages_total,
        "documents": [{"n": document.n, "pages_read": held.read_of(document)} for document in held.documents],
        "ready": held.ready,
        "missing": _missing(held),
        "next": {"document": following.document, "page": following.page} if following else None,
    }


def _missing(held: progress.Progress) -> dict[str, int]:
    return {"pages": len(held.missing), "boxes": len(held.missing_consents)}


def _reading(row: PageReading | None) -> dict[str, Any]:
    if row is None:
        return {"cells": "0" * 20, "dwell_ms": 0, "read_at": None, "method": ""}
    read_at = row.read_at.isoformat() if row.read_at else None
    return {"cells": row.cells, "dwell_ms": row.dwell_ms, "read_at": read_at, "method": row.method}


def _page(signer: Signer) -> dict[str, Any]:
    """What the documents page shows."""
    held = progress.of(signer)
    path = {"path": signer.public_id}
    listed = []
    for document in held.documents:
        url = reverse("presented", kwargs=path | {"n": document.n})
        pages = [
            {"n": number, "width": width, "height": height, **_reading(held.readings.get((document.pk, number)))}
            for number, (width, height) in enumerate(document.page_sizes, start=1)
        ]
        for page in pages:
            row = held.readings.get((document.pk, page["n"]))
            page["read_time"] = row.read_at if row else None
            page["seen"] = reading.Page(int(page["cells"], 16)).coverage_percent
        listed.append(
            {
                "n": document.n,
                "id": str(document.public_id),
                "title": document.title,
                "role": document.role,
                "sha256": document.sha256,
                "size": document.size,
                "repaired": document.repaired,
                "attachments": document.attachments,
                "url": url,
                "download_url": f"{url}?download",
                "pages_total": document.pages,
                "pages_read": held.read_of(document),
                "pages_missing": document.pages - held.read_of(document),
                "first_unread": next((page["n"] for page in pages if not page["read_at"]), None),
                "pages": pages,
            }
        )
    return {
        "signer": signer,
        "initials": initials(signer.full_name),
        "client": signer.envelope.client,
        "envelope": signer.envelope,
        "documents": listed,
        "pages_total": held.pages_total,
        "pages_read": held.pages_read,
        "consents": [_statement(row) for row in signer.consents.order_by("position")],
        "consents_open": signer.state == SignerState.OPENED and not signer.work,
        "dwell_ms": signer.envelope.client.dwell_ms,
        "ready": held.ready,
        "missing": _missing(held),
        "next_page": held.next,
        "urls": {
            name: reverse(view, kwargs=path)
            for name, view in (
                ("reading", "reading"),
                ("declare", "declare"),
                ("consent", "consent"),
                ("sign", "sign"),
                ("refuse", "refuse"),
            )
        },
    }


def _statement(row: SignerConsent) -> dict[str, object]:
    return {"id": row.key, "text": row.text, "text_html": _linked(row), "checked": bool(row.checked_at)}


def _linked(row: SignerConsent) -> SafeString:
    """The exact wording, with the operator's terms as a link where it names them."""
    words = TERMS_WORDS[row.language]
    before, found, after = row.text.partition(words)
    if not found:
        return format_html("{}", row.text)
    return format_html('{}<a href="{}" target="_blank" rel="noopener">{}</a>{}', before, reverse("terms"), words, after)
