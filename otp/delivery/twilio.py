"""SMS through Twilio, or whoever speaks its protocol (Messages resource of its API of 2010-04-01).

Twilio's own library writes the request and reads the answer; the call itself is ours, so that a message that was surely
not taken is told from one that may have gone out, and nothing is written to a log.
"""

import logging
import re
from functools import lru_cache
from typing import Any, Never

import httpx
from django.conf import settings
from twilio.base.exceptions import TwilioRestException, TwilioServiceException
from twilio.http import HttpClient
from twilio.http.response import Response
from twilio.rest import Client

from otp import reports
from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown, Sms, calls

ANSWER_CHARACTERS = 200
LONGEST_SECONDS = 14_400  # it takes no longer validity
SERVICE = re.compile(r"MG[0-9a-f]{32}")  # a sender of this form is a pool of senders (messaging service)
MESSAGE = re.compile(r"(SM|MM)[0-9a-f]{32}")
# What Twilio says of a number that takes no SMS of ours, however often it is asked (its dictionary of errors): 21211 no
# valid number, 21214 and 21612 cannot be reached, 21217 and 21401 not valid, 21265 a short code, 21407 and 21614 takes
# no SMS, 21408 its country is not opened to this account, 21610 wants none of ours, 21635 a land line.
OF_THE_NUMBER = {21211, 21214, 21217, 21265, 21401, 21407, 21408, 21610, 21612, 21614, 21635}


class TwilioCarrier:
    """Speaks to the account that settings.TWILIO describes."""

    def send(self, sms: Sms) -> Answer:
        """Hand one SMS over; its id is Twilio's, which the reports name (`otp.views.twilio_report`).

        Queued is not sent. A time-out gives no id: that of the first report is taken.
        """
        account = settings.TWILIO
        sender = sms.sender or account["sender"]
        try:
            taken = _client(account["url"], account["account"], account["token"]).messages.create(
                to=sms.recipient,
                body=sms.text,
                validity_period=min(sms.lasts, LONGEST_SECONDS),
                status_callback=reports.twilio_address(sms.reference),
                **({"messaging_service_sid": sender} if SERVICE.fullmatch(sender) else {"from_": sender}),
            )
        except (TwilioRestException, TwilioServiceException) as error:
            _refused(error)
        except (ValueError, AttributeError, TypeError, KeyError) as error:  # not the JSON that its library reads
            raise OutcomeUnknown(Answer("", type(error).__name__)) from error
        if not MESSAGE.fullmatch(str(taken.sid)):
            raise OutcomeUnknown(Answer("", "no message id"))
        return Answer(taken.sid, str(taken.status)[:ANSWER_CHARACTERS])


def _refused(error: TwilioRestException | TwilioServiceException) -> Never:
    """Refused for good where the number is to blame; else another try may go through once the account is mended."""
    words = error.msg if isinstance(error, TwilioRestException) else error.title
    answer = Answer("", f"{error.status} {error.code} {words}"[:ANSWER_CHARACTERS])
    if error.code in OF_THE_NUMBER:
        raise Bounced(answer) from error
    if httpx.codes.is_client_error(error.status) or error.status in calls.NOT_TAKEN:
        raise NotNow(answer) from error
    raise OutcomeUnknown(answer) from error


@lru_cache(maxsize=4)
def _client(url: str, account: str, token: str) -> Client:
    """Asks nobody but `url`: from the environment the library would take other hosts."""
    client = Client(account, token, http_client=_Calls(), environment={"TWILIO_REGION": ""})
    client.api.base_url = url
    return client


class _Calls(HttpClient):  # type: ignore[misc]  # the library ships no types
    """The library's door to the network. Its own would log the request, and tells no time-out from a closed port."""

    def __init__(self) -> None:
        super().__init__(logging.getLogger(__name__), is_async=False)

    def request(
        self,
        method: str,  # noqa: ARG002 - a message is always POSTed
        uri: str,
        params: Any = None,  # noqa: ARG002 - has none
        data: Any = None,
        headers: Any = None,
        auth: Any = None,
        timeout: Any = None,  # noqa: ARG002 - ours is the same for all carriers
        allow_redirects: Any = None,  # noqa: ARG002 - none is followed
    ) -> Response:
        """As the library asks; raises as `calls.post`."""
        said = calls.post(uri, known_as="", form=data, headers=headers, auth=auth)
        return Response(said.status, said.text)
