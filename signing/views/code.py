"""The code: asked for on one page, sent again, judged elsewhere."""

from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.timezone import now
from django.utils.translation import gettext_lazy as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST
from django_stubs_ext import StrPromise

from otp.masking import masked_address, masked_number
from signing import access, steps
from signing.actions.signature import (
    NotPossible,
    TooSoon,
    can_be_mailed,
    mail_code,
    resend_code,
    resend_from,
    submit_code,
)
from signing.forms import CodeForm
from signing.models import CodeChannel, Signer
from signing.states import READING
from signing.views import standing
from signing.views.errors import visited
from signing.views.places import home, state_of

Trouble = tuple[StrPromise, StrPromise]
TROUBLES: dict[Signer.CodeTrouble, Trouble] = {
    Signer.CodeTrouble.WRONG: (_("Ce code n’est pas le bon."), _("Vérifiez le code du dernier message reçu.")),
    Signer.CodeTrouble.NO_TRIES_LEFT: (_("Ce code ne peut plus être essayé."), _("Demandez un nouveau code.")),
    Signer.CodeTrouble.GONE: (_("Ce code n’est plus valable."), _("Demandez un nouveau code.")),
    Signer.CodeTrouble.UNDELIVERED: (
        _("Le message n’a pas pu être remis."),
        _("Vérifiez vos coordonnées avec votre interlocuteur, ou demandez un nouveau code."),
    ),
    Signer.CodeTrouble.UNANSWERED: (
        _("Nous ne savons pas si le message est parti."),
        _("S’il arrive, saisissez son code. Sinon, demandez-en un autre."),
    ),
}


@visited
@require_http_methods(["GET", "POST"])
def sign_code(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The code page; the answer to a code comes on the progress page, which leads back here after a wrong one."""
    form = CodeForm(standing.posted(request), policy=signer.envelope.client.policy)
    if request.method == "POST" and form.is_valid():
        try:
            submit_code(signer=signer, code=form.cleaned_data["code"], actor=access.actor_of(request), at=now())
        except NotPossible:
            return redirect(home(signer))
        return redirect("progress", path=signer.public_id)
    if state_of(signer) not in READING or not signer.clicked_at:
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
@require_POST
def by_mail(request: HttpRequest, signer: Signer) -> HttpResponse:
    """The code by mail, instead of the SMS that did not come."""
    try:
        mail_code(signer=signer, actor=access.actor_of(request), at=now())
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


def _error(trouble: Trouble) -> dict[str, Any]:
    """What the page says of it. `wrong`: what was typed; `code_counts`: the code sent last may (still) be typed."""
    wrong = trouble == TROUBLES[Signer.CodeTrouble.WRONG]
    counts = wrong or trouble == TROUBLES[Signer.CodeTrouble.UNANSWERED]
    return {"title": str(trouble[0]), "sentence": str(trouble[1]), "wrong": wrong, "code_counts": counts}


def _masked(signer: Signer) -> str:
    """Where the code goes, before it has gone."""
    by_sms = signer.code_channel == CodeChannel.SMS
    return masked_number(signer.mobile) if by_sms else masked_address(signer.email)


def _code_page(signer: Signer, form: CodeForm, trouble: Trouble | None) -> dict[str, Any]:
    path = {"path": signer.public_id}
    pending = signer.work == Signer.Work.SEND_CODE
    return standing.common(signer) | {
        "form": form,
        "pending": pending,
        "waiting": steps.waiting(signer),
        "sent_at": None if pending else signer.code_sent_at,
        "masked": signer.code_masked or _masked(signer),
        "channel": signer.code_channel,
        "valid_until": signer.code_valid_until,
        "tries_left": signer.code_tries_left,
        "resend_at": resend_from(signer, now()),
        "an_hour": signer.envelope.client.policy.sends_per_hour,
        "resend_url": reverse("resend", kwargs=path),
        "by_mail_url": reverse("by_mail", kwargs=path) if can_be_mailed(signer) else "",
        "mailbox": masked_address(signer.email),
        "refuse_url": reverse("refuse", kwargs=path),
        "documents_url": reverse("documents", kwargs=path),
        "status_url": reverse("code_status", kwargs=path),
        "error": _error(trouble) if trouble and not pending else None,
    }
