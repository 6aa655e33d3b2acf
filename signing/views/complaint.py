"""A complaint after the end: a form, and what was recorded of it."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.timezone import now
from django.views.decorators.http import require_http_methods

from signing import access
from signing.actions import complaints
from signing.forms import ComplaintForm
from signing.models import Signer
from signing.states import ENDED, SignerState
from signing.views import standing
from signing.views.errors import visited
from signing.views.places import home


@visited
@require_http_methods(["GET", "POST"])
def complaint(request: HttpRequest, signer: Signer) -> HttpResponse:
    """What the signer objects to, in their own words; works without script. Sent twice it is recorded once."""
    if SignerState(signer.state) not in ENDED:
        return redirect(home(signer))
    form = ComplaintForm(standing.posted(request))
    if request.method == "POST" and form.is_valid():
        try:
            complaints.complain(signer=signer, text=form.cleaned_data["text"], actor=access.actor_of(request), at=now())
        except complaints.Closed:
            return redirect(request.path)
        return redirect(f"{request.path}?sent#enregistrees")
    until = complaints.open_until(signer)
    made = complaints.made(signer)
    sealing = standing.sealing(signer)
    context = standing.common(signer) | {
        "form": form,
        "made": [{"at": each.recorded_at, "text": complaints.words_of(each)} for each in made],
        "sent": "sent" in request.GET and bool(made),
        "until": until,
        "soon": sealing,
        "open": not sealing and until is not None and now() <= until and len(made) < complaints.MOST,
        "home_url": home(signer),
    }
    return render(request, "signing/complaint.html", context, status=422 if form.errors else 200)
