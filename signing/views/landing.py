"""The access link: a page for everybody who fetches it, and the button that opens the path."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evidence.trail import Actor
from signing import access
from signing.actions import paths
from signing.models import Document
from signing.states import ENDED, SignerState
from signing.views.places import home


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
    if signer.state in {SignerState.EXPIRED, SignerState.CANCELLED}:
        if request.method == "POST":
            paths.refuse_access(signer=signer, actor=anonymous, at=now())
        return render(request, "signing/unavailable_link.html", status=404)
    if request.method == "POST":
        session = access.new_session(request)
        request.COOKIES[access.COOKIE] = session.token
        signer = paths.confirm_access(link=link, session=session, actor=access.actor_of(request), at=now())
        response: HttpResponse = redirect(home(signer))
        access.keep_session(response, session)
        return response
    if SignerState(signer.state) not in ENDED:
        paths.fetch_link(signer=signer, actor=anonymous, at=now())
    documents = list(signer.envelope.documents.order_by("n"))
    context = {
        "signer": signer,
        "client": signer.envelope.client,
        "envelope": signer.envelope,
        "documents": documents,
        "to_sign_count": sum(1 for document in documents if document.role == Document.Role.TO_SIGN),
    }
    return render(request, "signing/landing.html", context)
