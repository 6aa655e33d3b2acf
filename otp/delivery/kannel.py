"""SMS through an HTTP gateway of Kannel's kind (its user guide, "Using the HTTP interface to send SMS messages").

Secrets, number and text go in headers and body, never in a URL, which gateways and proxies log.
"""

import httpx
from django.conf import settings

from otp import gsm, reports
from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown, Sms, calls

ANSWER_CHARACTERS = 200
ASKED = "31"  # every report: 1 delivered, 2 failed, 4 buffered, 8 taken by the centre, 16 refused there
NOT_TAKEN = {*calls.NOT_TAKEN, httpx.codes.FORBIDDEN}  # 403: it does not know us; the number is not to blame


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
            "X-Kannel-Validity": str(max(1, sms.lasts // 60)),  # whole minutes
            "X-Kannel-DLR-Mask": ASKED,
            "X-Kannel-DLR-Url": f"{reports.address(sms.reference)}?type=%d&answer=%A",
        }
        said = calls.post(gateway["url"], known_as=sms.reference, content=sms.text.encode(), headers=headers)
        return _judged(said, sms.reference)


def _judged(said: calls.Said, reference: str) -> Answer:
    """A status of 2xx is taken, 4xx refused for good; a server that broke may have taken it."""
    answer = Answer(reference, f"{said.status} {said.text.strip()[:ANSWER_CHARACTERS]}")
    if httpx.codes.is_success(said.status):
        return answer
    if said.status in NOT_TAKEN:
        raise NotNow(answer)
    if httpx.codes.is_client_error(said.status):
        raise Bounced(answer)
    raise OutcomeUnknown(answer)
