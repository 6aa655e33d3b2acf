"""A signed address of the client's own site: the landing page for somebody who is logged in there (docs/passes.md)."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods

from evidence.trail import Actor
from signing import access
from signing.actions import paths
from signing.actions.passes import Used, take_pass
from signing.clients import passes
from signing.clients.models import Client
from signing.models import AccessLink, Signer
from signing.states import SignerState
from signing.views.errors import on_hold
from signing.views.landing import landing_page
from signing.views.places import has_a_dossier, home, state_of


@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def handed_over(request: HttpRequest, code: str) -> HttpResponse:
    """As the landing page: GET and HEAD change nothing, POST opens the path, once for each pass."""
    client = Client.objects.filter(code=code).first()
    try:
        given, signer = _read(client, request.get_full_path())
    except (passes.Refused, Signer.DoesNotExist):
        return render(request, "signing/unavailable_pass.html", {"client": client}, status=404)
    state = state_of(signer)
    access.speak_to(request, signer)
    if state in {SignerState.EXPIRED, SignerState.CANCELLED} and not has_a_dossier(signer):
        return render(request, "signing/unavailable_link.html", status=404)
    if signer.is_held:
        return on_hold(request, signer)
    if request.method != "POST" or state == SignerState.WAITING:
        return landing_page(request, signer, state)
    try:
        actor = Actor(role="client", terminal=access.terminal_of(request))
        link = take_pass(signer=signer, given=given, actor=actor, at=now())
    except Used:
        return _again(request, signer, client)
    return _opened(request, link)


def _read(client: Client | None, target: str) -> tuple[passes.Pass, Signer]:
    """What the client asserts, and of whom; raises `passes.Refused` and `Signer.DoesNotExist`."""
    if client is None:
        raise passes.Refused
    given = passes.read(client, target, at=now())
    signers = Signer.objects.select_related("envelope__client", "envelope__trail")
    return given, signers.get(envelope__client=client, envelope__reference=given.reference, n=given.n)


def _opened(request: HttpRequest, link: AccessLink) -> HttpResponse:
    session = access.new_session(request)
    request.COOKIES[access.COOKIE] = session.token
    signer = paths.confirm_access(link=link, session=session, actor=access.actor_of(request), at=now())
    response = redirect(home(signer))
    access.keep_session(response, session)
    return response


def _again(request: HttpRequest, signer: Signer, client: Client | None) -> HttpResponse:
    """Pressed twice, it leads where the first press led; elsewhere the pass is used up."""
    try:
        return redirect(home(access.signer_of(request, str(signer.public_id))))
    except access.NoVisit:
        return render(request, "signing/unavailable_pass.html", {"client": client}, status=404)
