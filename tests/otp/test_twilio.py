"""What is asked of Twilio by whoever sends an SMS, and what its answers, and its silence, are taken for."""

import logging
import re
import socket
import uuid
from typing import Any

import pytest
from django.test import override_settings

from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown, Sms, calls, twilio
from tests.gateways import twilio as servers
from tests.gateways.twilio import ACCOUNT, NUMBER, REPORTS, TOKEN, Plan, Server
from tests.stack import free_ports

POOL = "MG" + "0a" * 16


def send(text: str = "123456 est votre code", sender: str = "", lasts: int = 600) -> Answer:
    return twilio.TwilioCarrier().send(Sms(NUMBER, text, sender=sender, reference=str(uuid.uuid4()), lasts=lasts))


def test_what_is_asked_of_it(twilio_server: Server) -> None:
    """Sender of the client or the installation's, text as it is, ten minutes, an address for reports without code."""
    text = "123456 код ô 🙂\n\n@localhost #123456"
    send(text)
    send(sender="Notaires")
    send(sender=POOL)
    first, second, third = (each.fields for each in twilio_server.taken)
    assert (first["To"], first["From"], first["Body"], first["ValidityPeriod"]) == (NUMBER, "Paraphe", text, "600")
    assert re.fullmatch(rf"{REPORTS}/reports/[0-9a-f-]{{36}}/twilio", first["StatusCallback"])
    assert second["From"] == "Notaires"
    assert (third.get("From"), third["MessagingServiceSid"]) == (None, POOL)


def test_it_keeps_an_sms_as_long_as_its_code_is_good_or_as_long_as_it_can(twilio_server: Server) -> None:
    send(lasts=90)
    send(lasts=86_400)
    assert [each.fields["ValidityPeriod"] for each in twilio_server.taken] == ["90", "14400"]


@pytest.mark.parametrize(
    ("status", "code", "raised"),
    [
        (400, 21211, Bounced),
        (400, 21614, Bounced),
        (400, 21610, Bounced),
        (403, 21408, Bounced),
        (400, 21606, NotNow),
        (401, 20003, NotNow),
        (404, 20404, NotNow),
        (429, 20429, NotNow),
        (503, 20503, NotNow),
        (500, 20500, OutcomeUnknown),
    ],
    ids=[
        "no number",
        "no mobile",
        "wants none",
        "country not opened",
        "sender not ours",
        "password",
        "account",
        "too many",
        "busy",
        "broke",
    ],
)
def test_a_number_that_is_to_blame_is_told_from_an_account_that_is(
    twilio_server: Server, status: int, code: int, raised: Any
) -> None:
    twilio_server.plan = Plan(status, code, "because")
    with pytest.raises(raised) as refused:
        send()
    assert refused.value.answer.text.startswith(f"{status} {code} ")
    assert refused.value.answer.text.endswith("because")
    assert twilio_server.asked == 1


def test_a_token_that_it_does_not_know(twilio_server: Server) -> None:
    with override_settings(TWILIO=twilio_server.settings | {"token": "other"}), pytest.raises(NotNow) as refused:
        send()
    assert refused.value.answer.text.startswith("401 20003")


def test_nobody_listens(twilio_server: Server) -> None:
    (port,) = free_ports(1)
    nowhere = twilio_server.settings | {"url": f"http://127.0.0.1:{port}"}
    with override_settings(TWILIO=nowhere), pytest.raises(NotNow):
        send()


@pytest.mark.parametrize(
    "plan",
    [
        Plan(silent=True),
        Plan(body=b"<html>"),
        Plan(body=b"[]"),
        Plan(body=b"{}"),
        Plan(body=b'{"sid": "../x"}'),
        Plan(body=b"x" * (calls.ANSWER_BYTES + 1)),
        Plan(status=302, body=b""),
    ],
    ids=["hung up after the text", "no JSON", "a list", "no id", "an odd id", "too long", "elsewhere"],
)
def test_what_may_have_been_taken_is_not_handed_over_twice(twilio_server: Server, plan: Plan) -> None:
    twilio_server.plan = plan
    with pytest.raises(OutcomeUnknown):
        send()
    assert twilio_server.asked == 1


def test_the_signature_is_that_of_the_documentation() -> None:
    """Twilio, "Validating signatures", its worked example: the tests' own reckoning is held to it, too."""
    fields = {
        "CallSid": "CA1234567890ABCDE",
        "Caller": "+14158675310",
        "Digits": "1234",
        "From": "+14158675310",
        "To": "+18005551212",
    }
    address = "https://mycompany.com/myapp.php?foo=1&bar=2"
    assert servers.signature(address, fields, "12345") == "GvWf1cFY/Q7PnoempGyD5oXAezc="


def test_nothing_of_it_is_logged(twilio_server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Twilio's own transport writes what it asks; ours says nothing of number, text and token, refused or taken."""
    caplog.set_level(logging.INFO)
    send()
    twilio_server.plan = Plan(400, 21211, f"The 'To' number {NUMBER} is not a valid phone number.")
    with pytest.raises(Bounced):
        send()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert not [each for each in (NUMBER, "123456", TOKEN, ACCOUNT) if each in said]


def test_a_silent_server_is_given_up(twilio_server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken, and no answer within the time: it may have gone out."""
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        silent = twilio_server.settings | {"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}
        with override_settings(TWILIO=silent), pytest.raises(OutcomeUnknown):
            send()
