"""Answers to what has no page of its own."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.defaults import server_error

from signing.access import NoVisit, signer_of
from signing.actions.paths import close_visit
from signing.models import Signer

P = ParamSpec("P")
OPEN_ON_HOLD = {"leave", "stay"}


def csrf_refused(request: HttpRequest, reason: str = "") -> HttpResponse:  # noqa: ARG001 - Django names it
    """A form that was not ours, or whose cookie is gone."""
    return render(request, "403_csrf.html", status=403)


def broken(request: HttpRequest) -> HttpResponse:
    """Something of ours failed. Whole pages for each language: nothing is looked up when anything may be broken."""
    return server_error(request, "500.en.html" if get_language() == "en" else "500.html")


def wants_json(request: HttpRequest) -> bool:
    """Whether a script asked, which reads JSON."""
    return request.accepts("application/json") and not request.accepts("text/html")


def on_hold(request: HttpRequest, signer: Signer) -> HttpResponse:
    """Somebody said « Ce n’est pas moi »: this path shows nothing until its client has decided."""
    if wants_json(request):
        return JsonResponse({"error": "session_over"}, status=403)
    envelope = signer.envelope
    told = {"client": envelope.client, "envelope": envelope, "reference": envelope.reference}
    return render(request, "signing/on_hold.html", told, status=409)


def visited(view: Callable[Concatenate[HttpRequest, Signer, P], HttpResponse]) -> Callable[..., HttpResponse]:
    """Give the view the signer of the path in its URL, where this browser has opened it; a page that says so, else.

    No page of a path is ever kept by a cache. One that is on hold says so on each.
    """

    @wraps(view)
    def guarded(request: HttpRequest, path: object, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        try:
            signer = signer_of(request, str(path))
        except NoVisit as error:
            if error.idle:
                close_visit(visit=error.idle, reason="idle", at=now())
            response: HttpResponse = (
                JsonResponse({"error": "session_over"}, status=403)
                if wants_json(request)
                else render(request, "signing/session_over.html", status=403)
            )
        else:
            held = signer.is_held and getattr(request.resolver_match, "url_name", "") not in OPEN_ON_HOLD
            response = on_hold(request, signer) if held else view(request, signer, *args, **kwargs)
        response.headers.setdefault("Cache-Control", "no-store")
        return response

    return guarded
