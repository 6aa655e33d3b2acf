"""SMS through an HTTP gateway of Kannel's kind (its user guide, "Using the HTTP interface to send SMS messages").

Secrets, number and text go in headers and body, never in a URL, which gateways and proxies log.
"""

from functools import cache

import httpx
from django.conf import settings

from otp import gsm, reports
from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown, Sms

CONNECT_SECONDS = 3.0
ANSWER_SECONDS = 10.0
ANSWER_CHARACTERS = 200
VALIDITY_MINUTES = 10  # a code that comes later is worth nothing
ASKED = "31"  # every report: 1 delivered, 2 failed, 4 buffered, 8 taken by the centre, 16 refused there
NOT_TAKEN = {httpx.codes.TOO_MANY_REQUESTS, httpx.codes.SERVICE_UNAVAILABLE, httpx.codes.FORBIDDEN}


class KannelCarrier:
    """Speaks to the gateway that settings.SMS_GATEWAY describes."""

    def send(self, sms: Sms) -> Answer:
        """Hand one SMS over; its id is the reference that the gateway's report will name.

        Accepted is not sent: `otp.reports` takes what the gateway says later.
        """
        gateway = settings.SMS_GATEWAY
        headers = {
            "Content-Type": "text/plain; charset=UTF-8",
            "X-Kannel-Username": gateway["username"],
            "X-Kannel-Password": gateway["password"],
            "X-Kannel-To": sms.recipient,
            "X-Kannel-From": sms.sender or gateway["sender"],
            "X-Kannel-Coding": "0" if gsm.size(sms.text).alphabet == "GSM-7" else "2",
            "X-Kannel-Validity": str(VALIDITY_MINUTES),
            "X-Kannel-DLR-Mask": ASKED,
            "X-Kannel-DLR-Url": f"{reports.address(sms.reference)}?type=%d&answer=%A",
        }
        timeout = httpx.Timeout(ANSWER_SECONDS, connect=CONNECT_SECONDS)
        try:
            answer = _client().post(gateway["url"], content=sms.text.encode(), headers=headers, timeout=timeout)
        except (httpx.ConnectError, httpx.ConnectTimeout) as error:
            raise NotNow(Answer("", type(error).__name__)) from error
        except httpx.HTTPError as error:
            raise OutcomeUnknown(Answer(sms.reference, type(error).__name__)) from error
        return _judged(answer, sms.reference)


@cache
def _client() -> httpx.Client:
    """One for this process: its trusted roots take longer to read than an SMS to send. It keeps no connection, which
    the gateway might close in the moment that it is used again.
    """
    return httpx.Client(trust_env=False, limits=httpx.Limits(max_keepalive_connections=0))


def _judged(answer: httpx.Response, reference: str) -> Answer:
    """A status of 2xx is taken, 4xx refused for good; a server that broke may have taken it."""
    said = Answer(reference, f"{answer.status_code} {answer.text.strip()[:ANSWER_CHARACTERS]}")
    if answer.is_success:
        return said
    if answer.status_code in NOT_TAKEN:  # 403: the gateway does not know us; the number is not to blame
        raise NotNow(said)
    if answer.is_client_error:
        raise Bounced(said)
    raise OutcomeUnknown(said)
