"""Where carriers tell what became of a message. The address is the credential: it holds a code of ours."""

import uuid
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods

from otp import reports


@csrf_exempt
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, message: uuid.UUID, code: str) -> HttpResponse:
    """A delivery report in Kannel's manner (`type`, `answer`); 404 for a message or a code that is not ours.

    It says that it was heard also where it said nothing new: reports come twice, and in any order.
    """
    kind = request.GET.get("type", "")
    if not reports.is_ours(str(message), code):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    if not (kind.isascii() and kind.isdecimal()):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    with transaction.atomic():
        reports.take(message, reports.of_gateway(int(kind)), answer=request.GET.get("answer", ""), at=now())
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
