"""Where carriers tell what became of a message. What is believed holds a code of ours, or the carrier's signature."""

import re
import uuid
from http import HTTPStatus

from django.db import transaction
from django.http import HttpRequest, HttpResponse
from django.utils.timezone import now
from django.views.decorators.csrf import csrf_exempt
from django.views.decorators.http import require_http_methods, require_POST
from twilio.request_validator import SIGNATURE_HEADER

from otp import reports
from otp.models import Channel

KIND = re.compile(r"[0-9]{1,9}")  # bits; thousands of digits are no number to Python


@csrf_exempt
@require_http_methods(["GET", "POST"])
def report(request: HttpRequest, message: uuid.UUID, code: str) -> HttpResponse:
    """A delivery report in Kannel's manner (`type`, `answer`); 404 for a message or a code that is not ours.

    It says that it was heard also where it said nothing new: reports come twice, and in any order.
    """
    kind = request.GET.get("type", "")
    if not reports.is_ours(str(message), code):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    if not KIND.fullmatch(kind):
        return HttpResponse(status=HTTPStatus.BAD_REQUEST)
    with transaction.atomic():
        reports.take(
            message,
            reports.of_gateway(int(kind)),
            answer=request.GET.get("answer", ""),
            at=now(),
            known_as=str(message),  # a report may be quicker than the answer to the call
            channel=Channel.SMS,  # the Message-ID of a mail holds its code, and who reads the mail knows it
        )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)


@csrf_exempt
@require_POST
def twilio_report(request: HttpRequest, message: uuid.UUID) -> HttpResponse:
    """A delivery report in Twilio's manner; 404 for one that the account's token did not sign.

    It says that it was heard also where it said nothing new: reports come twice, and in any order.
    """
    told = request.POST
    if not reports.is_twilios(str(message), told, request.headers.get(SIGNATURE_HEADER, "")):
        return HttpResponse(status=HTTPStatus.NOT_FOUND)
    status = told.get("MessageStatus", "")
    words = " ".join(filter(None, [status, told.get("ErrorCode", ""), told.get("ErrorMessage", "")]))
    with transaction.atomic():
        reports.take(
            message,
            reports.of_twilio(status),
            answer=words,
            at=now(),
            known_as=told.get("MessageSid", "")[:200],
            channel=Channel.SMS,
        )
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
