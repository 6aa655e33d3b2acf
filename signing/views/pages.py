"""Pages that belong to nobody's path."""

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

TERMS_VERSION = "1"


@require_safe
def start(request: HttpRequest) -> HttpResponse:
    """The bare address: says what this is and that a link is needed."""
    return render(request, "signing/start.html", {"operator": settings.OPERATOR["name"]})


@require_safe
def terms(request: HttpRequest) -> HttpResponse:
    """The operator's terms of use of the signature service."""
    return render(request, "signing/terms.html", {"operator": settings.OPERATOR["name"], "version": TERMS_VERSION})


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
