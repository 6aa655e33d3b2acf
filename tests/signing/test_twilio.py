"""Codes by SMS through a server that speaks Twilio's protocol, from the click to the delivery report in the dossier."""

import logging
import re
import socket
import uuid
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.test import Client, override_settings
from django.utils.timezone import now
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from evidence import trail
from evidence.dossier import facts
from otp import reports
from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown, Sms, calls, twilio
from otp.models import Message
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.models import CodeChannel, Signer
from signing.states import SignerState
from tests.gateways import twilio as servers
from tests.gateways.twilio import ACCOUNT, TOKEN, Plan, Server
from tests.signing import walks
from tests.stack import free_ports

NUMBER = "+33712345642"
REPORTS = "https://signature.exemple.fr"
POOL = "MG" + "0a" * 16


@pytest.fixture(scope="module")
def running() -> Iterator[Server]:
    with servers.running() as started:
        yield started


@pytest.fixture
def server(running: Server, settings: Settings) -> Server:
    settings.SMS_CARRIER = "otp.delivery.twilio.TwilioCarrier"
    settings.TWILIO = running.settings
    settings.SMS_REPORT_URL = REPORTS
    running.plan = Plan()
    running.taken.clear()
    running.asked = 0
    return running


def send(text: str = "123456 est votre code", sender: str = "") -> Answer:
    return twilio.TwilioCarrier().send(Sms(NUMBER, text, sender=sender, reference=str(uuid.uuid4())))


def clicked(walk: Path) -> Signer:
    """A path whose code was asked for and handed over."""
    person = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile=NUMBER, code_channel=CodeChannel.SMS)
    signer = walks.ready(walks.an_envelope(walk, signers=(person,)))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    return walks.fresh(signer)


def told(client: Client, server: Server, status: str, *, token: str = TOKEN, **more: str) -> int:
    """Have the newest message reported, by the address that Twilio was given."""
    message = server.taken[-1]
    fields, headers = message.report(status, token=token, **more)
    return client.post(message.fields["StatusCallback"].removeprefix(REPORTS), fields, headers=headers).status_code


def test_from_the_click_to_the_report_in_the_dossier(
    server: Server, walk: Path, settings: Settings, live_server: LiveServer
) -> None:
    settings.SMS_REPORT_URL = live_server.url
    signer = clicked(walk)
    (sent,) = server.taken
    assert [sent.tell(each) for each in ("queued", "sent", "delivered")] == [204, 204, 204]
    message = Message.objects.get(kind="code")
    assert (message.outcome, message.report, message.message_id) == ("SENT", "DELIVERED", sent.sid)
    code = re.search(r"\b(\d{6}) est votre code", sent.fields["Body"])
    assert code
    signature.submit_code(signer=signer, code=code[1], actor=walks.actor(), at=now())
    walks.work()
    signer = walks.fresh(signer)
    assert signer.state == SignerState.SIGNED
    shown = facts.collect(
        signer.envelope.trail, str(signer.public_id), dossier_id=str(uuid.uuid4()), at=now(), software="x"
    ).authentication
    assert shown is not None
    (sending,) = shown.code[0].sending
    assert (shown.independent, shown.verified, sending.status) == (True, True, "sent")
    assert (sending.message_id, sending.recipient.text) == (sent.sid, NUMBER)
    assert sending.delivered_at
    assert sending.delivered_entry
    assert sending.delivered_entry > sending.entry


def test_what_is_asked_of_it(server: Server) -> None:
    """Sender of the client or the installation's, text as it is, ten minutes, an address for reports without code."""
    text = "123456 код ô 🙂\n\n@localhost #123456"
    send(text)
    send(sender="Notaires")
    send(sender=POOL)
    first, second, third = (each.fields for each in server.taken)
    assert (first["To"], first["From"], first["Body"], first["ValidityPeriod"]) == (NUMBER, "Paraphe", text, "600")
    assert re.fullmatch(rf"{REPORTS}/reports/[0-9a-f-]{{36}}/twilio", first["StatusCallback"])
    assert second["From"] == "Notaires"
    assert (third.get("From"), third["MessagingServiceSid"]) == (None, POOL)


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
    server: Server, status: int, code: int, raised: Any
) -> None:
    server.plan = Plan(status, code, "because")
    with pytest.raises(raised) as refused:
        send()
    assert refused.value.answer.text.startswith(f"{status} {code} ")
    assert refused.value.answer.text.endswith("because")
    assert server.asked == 1


def test_a_token_that_it_does_not_know(server: Server) -> None:
    with override_settings(TWILIO=server.settings | {"token": "other"}), pytest.raises(NotNow) as refused:
        send()
    assert refused.value.answer.text.startswith("401 20003")


def test_nobody_listens(server: Server) -> None:
    (port,) = free_ports(1)
    nowhere = server.settings | {"url": f"http://127.0.0.1:{port}"}
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
def test_what_may_have_been_taken_is_not_handed_over_twice(server: Server, plan: Plan) -> None:
    server.plan = plan
    with pytest.raises(OutcomeUnknown):
        send()
    assert server.asked == 1


def test_the_first_report_brings_the_id_that_a_broken_answer_did_not(
    server: Server, walk: Path, client: Client
) -> None:
    """It counts as sent, is not sent again, and its report is believed."""
    server.plan = Plan(silent=True)
    signer = clicked(walk)
    message = Message.objects.get(kind="code")
    assert (message.outcome, message.message_id, server.asked) == ("SENT", "", 1)
    assert told(client, server, "delivered") == 204
    message.refresh_from_db()
    assert (message.message_id, message.report) == (server.taken[0].sid, "DELIVERED")
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == "code.delivered"]
    assert entry.data["message_id"] == server.taken[0].sid


def test_what_does_not_arrive_is_told_and_the_page_offers_another(server: Server, walk: Path, client: Client) -> None:
    signer = clicked(walk)
    assert told(client, server, "undelivered", ErrorCode="30003") == 204
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == "code.undelivered"]
    assert "undelivered 30003" in [value for _, value in entry.openings.values()]
    assert walks.fresh(signer).code_trouble == Signer.CodeTrouble.UNDELIVERED


def test_a_carrier_that_lies_is_believed_once(server: Server, walk: Path, client: Client) -> None:
    signer = clicked(walk)
    for status in ("sent", "delivered", "delivered", "sent", "undelivered", "of next year"):
        assert told(client, server, status) == 204
    assert walks.entries(signer).count("code.delivered") == 1
    assert "code.undelivered" not in walks.entries(signer)


def test_reports_that_are_not_believed(server: Server, walk: Path, client: Client, settings: Settings) -> None:
    """Forged, altered, of another message, without signature, of another id, for nothing that we know, by GET."""
    signer = clicked(walk)
    assert told(client, server, "delivered", token="guessed") == 404
    fields, headers = server.taken[0].report("queued")
    here = server.taken[0].fields["StatusCallback"].removeprefix(REPORTS)
    assert client.post(here, fields | {"MessageStatus": "delivered"}, headers=headers).status_code == 404
    assert client.post(here, fields).status_code == 404
    other = f"/reports/{uuid.uuid4()}/twilio"
    assert client.post(other, fields, headers=headers).status_code == 404
    assert client.get(here, headers=headers).status_code == 405
    assert told(client, server, "delivered", MessageSid="SM" + "00" * 16) == 204
    settings.TWILIO = server.settings | {"token": ""}
    assert told(client, server, "delivered", token="") == 404
    assert "code.delivered" not in walks.entries(signer)


def test_a_signed_report_for_an_unknown_message_is_heard_and_changes_nothing(
    server: Server, db: None, client: Client
) -> None:
    address = reports.twilio_address(str(uuid.uuid4()))
    fields = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"}
    signed = {"X-Twilio-Signature": servers.signature(address, fields, TOKEN)}
    assert client.post(address.removeprefix(REPORTS), fields, headers=signed).status_code == 204
    assert not Message.objects.exists()


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


def test_nothing_of_it_is_logged(server: Server, caplog: pytest.LogCaptureFixture) -> None:
    """Twilio's own transport writes what it asks; ours says nothing of number, text and token, refused or taken."""
    caplog.set_level(logging.INFO)
    send()
    server.plan = Plan(400, 21211, f"The 'To' number {NUMBER} is not a valid phone number.")
    with pytest.raises(Bounced):
        send()
    said = " ".join(record.getMessage() for record in caplog.records)
    assert not [each for each in (NUMBER, "123456", TOKEN, ACCOUNT) if each in said]


def test_a_silent_server_is_given_up(server: Server, monkeypatch: pytest.MonkeyPatch) -> None:
    """Taken, and no answer within the time: it may have gone out."""
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        silent = server.settings | {"url": f"http://127.0.0.1:{listening.getsockname()[1]}"}
        with override_settings(TWILIO=silent), pytest.raises(OutcomeUnknown):
            send()
