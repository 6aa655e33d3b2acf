"""The pages behind the small links of a mail: "this is not me", "stop writing to me". Each asks by one button."""

from typing import Literal
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import now
from django.views.decorators.cache import never_cache
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from evidence.trail import Actor
from otp.masking import masked_address
from otp.wishes import Wish, is_ours
from signing import access
from signing.actions import wishes
from signing.models import Signer
from signing.states import ASKED, SignerState

ONE_CLICK = "One-Click"  # the whole body of a mail program's POST (RFC 8058, section 3.2)


@csrf_exempt  # the address is the credential: it came by mail, and a mail program posts to it without a cookie
@never_cache
@require_http_methods(["GET", "HEAD", "POST"])
def wish(request: HttpRequest, path: UUID, wish: str, code: str) -> HttpResponse:
    """GET and HEAD change nothing (mail scanners open links); POST records it, and answers without a redirect."""
    signer, wished = _addressed(path, wish, code)
    access.speak_to(request, signer)
    if request.method == "POST":
        actor = Actor(role="anonymous", terminal=access.terminal_of(request))
        if wished == Wish.NOT_ME:
            signer = wishes.disown(signer=signer, actor=actor, at=now())
        else:
            signer = wishes.stop_letters(signer=signer, through=_through(request), actor=actor, at=now())
    return render(request, f"signing/{'not_me' if wished == Wish.NOT_ME else 'stop_letters'}.html", _page(signer))


def _addressed(path: UUID, wish: str, code: str) -> tuple[Signer, Wish]:
    """Whose mail it was and what is wished; 404 for every address that we did not write, all alike."""
    rows = Signer.objects.select_related("envelope__client__policy", "envelope__trail")
    signer = rows.filter(public_id=path).first()
    if signer is None or wish not in set(Wish) or not is_ours(Wish(wish), code, owner=str(path), contact=signer.email):
        raise Http404
    return signer, Wish(wish)


def _through(request: HttpRequest) -> Literal["page", "one_click"]:
    return "one_click" if request.POST.get("List-Unsubscribe") == ONE_CLICK else "page"


def _page(signer: Signer) -> dict[str, object]:
    envelope = signer.envelope
    return {
        "client": envelope.client,
        "envelope": envelope,
        "reference": envelope.reference,
        "mailbox": masked_address(signer.email),
        "disowned_at": signer.disowned_at,
        "stopped_at": signer.stopped_at,
        "held": signer.is_held,
        "asked": SignerState(signer.state) in ASKED,
    }
