"""The access link: a page for everybody who fetches it, the button that opens the path, and the way out."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from evidence.trail import Actor
from signing import access
from signing.actions import paths
from signing.models import Document, Signer
from signing.states import ENDED, SignerState
from signing.views.errors import on_hold, visited
from signing.views.places import has_a_dossier, home, state_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def landing(request: HttpRequest, token: str) -> HttpResponse:
    """GET and HEAD change no state (mail scanners open links); POST swaps the token for a session and a clean URL."""
    try:
        link = access.link_of(token)
    except access.NoSuchLink:
        return render(request, "signing/unavailable_link.html", status=404)
    signer = link.signer
    anonymous = Actor(role="anonymous", terminal=access.terminal_of(request))
    state = state_of(signer)
    if state in {SignerState.EXPIRED, SignerState.CANCELLED} and not has_a_dossier(signer):
        if request.method == "POST":
            paths.refuse_access(signer=signer, actor=anonymous, at=now())
        access.speak_to(request, signer)
        return ended_page(request, signer, state)
    access.speak_to(request, signer)
    if signer.is_held:
        if request.method == "POST":
            paths.refuse_access(signer=signer, actor=anonymous, at=now())
        return on_hold(request, signer)
    if request.method == "POST" and state != SignerState.WAITING:
        session = access.new_session(request)
        request.COOKIES[access.COOKIE] = session.token
        signer = paths.confirm_access(link=link, session=session, actor=access.actor_of(request), at=now())
        response: HttpResponse = redirect(_disagreeing(signer) if access.DISAGREES in request.GET else home(signer))
        access.keep_session(response, session)
        return response
    if state not in ENDED:
        paths.fetch_link(signer=signer, actor=anonymous, at=now())
    return landing_page(request, signer, state)


def landing_page(request: HttpRequest, signer: Signer, state: SignerState) -> HttpResponse:
    """Who asks for what, until when; the button posts to the address that the page has."""
    documents = list(signer.envelope.documents.order_by("n"))
    context = {
        "signer": signer,
        "client": signer.envelope.client,
        "envelope": signer.envelope,
        "documents": documents,
        "to_sign_count": sum(1 for document in documents if document.role == Document.Role.TO_SIGN),
    }
    context["disagrees"] = state == SignerState.SIGNED and access.DISAGREES in request.GET
    if state == SignerState.WAITING:
        context["before"] = paths.signers_before(signer)
    page = "signing/waiting.html" if state == SignerState.WAITING else "signing/landing.html"
    return render(request, page, context)


def ended_page(request: HttpRequest, signer: Signer, state: SignerState) -> HttpResponse:
    """The path came to nothing before its signer opened it: why, and whom to ask."""
    envelope = signer.envelope
    told = {"client": envelope.client, "envelope": envelope, "reference": envelope.reference, "state": state.value}
    return render(request, "signing/ended_link.html", told, status=410)


def _disagreeing(signer: Signer) -> str:
    """Where the link to disagree leads, of a letter about a signature; the form is there once a path has ended."""
    return reverse("complaint", kwargs={"path": signer.public_id})


@visited
@require_GET
def stay(_request: HttpRequest, _signer: Signer) -> HttpResponse:
    """The signer is still there: that this was asked keeps the visit open."""
    return HttpResponse(status=204)


@visited
@require_POST
def leave(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The signer leaves this browser; the path stays as it is, and its link leads back to it."""
    paths.leave(signer=signer, session=access.digest_of(request.COOKIES.get(access.COOKIE, "")), at=now())
    return render(request, "signing/left.html", {"client": signer.envelope.client})
