"""What a client changes of the look of its signers' pages: the ink as a style sheet, the logo as a picture.

Both addresses hold what they give, so browsers keep it for ever; neither tells anything that is not known already.
"""

from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404
from django.views.decorators.http import require_safe

from signing.clients import inks
from signing.clients.looks import Look

FOR_EVER = "public, max-age=31536000, immutable"
KINDS = {b"\x89PNG": "image/png", b"\xff\xd8": "image/jpeg"}


@require_safe
def ink(_request: HttpRequest, ink: str) -> HttpResponse:
    """The tokens of one colour, six hexadecimal digits; 404 for one that a client may not have."""
    try:
        inks.check(f"#{ink}")
    except ValidationError as error:
        raise Http404 from error
    return HttpResponse(
        inks.sheet(f"#{ink}"), content_type="text/css; charset=utf-8", headers={"Cache-Control": FOR_EVER}
    )


@require_safe
def logo(_request: HttpRequest, code: str, digest: str) -> HttpResponse:
    """The logo of a client, as the operator gave it."""
    look = get_object_or_404(Look, client__code=code)
    content = bytes(look.logo)
    if not digest or digest != look.logo_digest:
        raise Http404
    kind = next(kind for start, kind in KINDS.items() if content.startswith(start))
    return HttpResponse(content, content_type=kind, headers={"Cache-Control": FOR_EVER})
