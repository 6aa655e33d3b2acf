"""Pages that belong to nobody's path."""

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.utils.translation import get_language
from django.views.decorators.http import require_safe

from signing.clients import terms as terms_of_use


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The bare address: says what this is and that a link is needed."""
    return render(request, "signing/start.html", {"operator": settings.OPERATOR["name"]})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The operator's terms of use of the signature service: the version in force."""
    try:
        held = terms_of_use.in_force(_language(), at=now())
    except terms_of_use.NoTerms as error:
        raise Http404 from error
    return _terms(request, held)


@require_safe
def terms_version(request: HttpRequest, version: str) -> HttpResponse:
    """A version that is or was in force, as paths that were armed under it lead to it."""
    held = terms_of_use.shown(version, _language(), at=now())
    if held is None:
        raise Http404
    return _terms(request, held)


@require_safe
def terms_text(request: HttpRequest, version: str, language: str) -> HttpResponse:  # noqa: ARG001 - Django gives it
    """The very bytes whose digest stands in entries and dossiers."""
    held = terms_of_use.shown(version, language, at=now())
    if held is None or held.language != language:
        raise Http404
    return HttpResponse(held.content, content_type="text/plain; charset=utf-8")


def _terms(request: HttpRequest, held: terms_of_use.Terms) -> HttpResponse:
    newest = terms_of_use.in_force(held.language, at=now())
    context = {"operator": settings.OPERATOR["name"], "terms": held, "past": newest.pk != held.pk}
    return render(request, "signing/terms.html", context)


def _language() -> str:
    return "en" if (get_language() or "").startswith("en") else "fr"


@require_safe
def help_page(request: HttpRequest) -> HttpResponse:
    """How signing goes, and whom to ask."""
    return render(request, "signing/help.html", {"operator": settings.OPERATOR["name"]})


@require_safe
def privacy(request: HttpRequest) -> HttpResponse:
    """What is recorded of a signer."""
    return render(request, "signing/privacy.html", {"operator": settings.OPERATOR["name"]})


@require_safe
def accessibility(request: HttpRequest) -> HttpResponse:
    """What has been checked for accessibility, and what has not."""
    return render(request, "signing/accessibility.html", {"operator": settings.OPERATOR["name"]})
