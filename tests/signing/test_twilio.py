"""Codes by SMS through a server that speaks Twilio's protocol, from the click to the delivery report in the dossier."""

import re
import uuid
from pathlib import Path

from django.test import Client
from django.utils.timezone import now
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from evidence import trail
from evidence.dossier import facts
from otp import reports
from otp.models import Message
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.models import CodeChannel, Signer
from signing.states import SignerState
from tests.gateways import twilio as servers
from tests.gateways.twilio import NUMBER, REPORTS, TOKEN, Plan, Server
from tests.signing import walks


def clicked(walk: Path) -> Signer:
    """A path whose code was asked for and handed over."""
    person = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile=NUMBER, code_channel=CodeChannel.SMS)
    signer = walks.ready(walks.an_envelope(walk, signers=(person,)))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    walks.work()
    return walks.fresh(signer)


def told(client: Client, twilio_server: Server, status: str, *, token: str = TOKEN, **more: str) -> int:
    """Have the newest message reported, by the address that Twilio was given."""
    message = twilio_server.taken[-1]
    fields, headers = message.report(status, token=token, **more)
    return client.post(message.fields["StatusCallback"].removeprefix(REPORTS), fields, headers=headers).status_code


def test_from_the_click_to_the_report_in_the_dossier(
    twilio_server: Server, walk: Path, settings: Settings, live_server: LiveServer
) -> None:
    settings.SMS_REPORT_URL = live_server.url
    signer = clicked(walk)
    (sent,) = twilio_server.taken
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


def test_the_first_report_brings_the_id_that_a_broken_answer_did_not(
    twilio_server: Server, walk: Path, client: Client
) -> None:
    """It counts as sent, is not sent again, and its report is believed."""
    twilio_server.plan = Plan(silent=True)
    signer = clicked(walk)
    message = Message.objects.get(kind="code")
    assert (message.outcome, message.message_id, twilio_server.asked) == ("SENT", "", 1)
    assert told(client, twilio_server, "delivered") == 204
    message.refresh_from_db()
    assert (message.message_id, message.report) == (twilio_server.taken[0].sid, "DELIVERED")
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == "code.delivered"]
    assert entry.data["message_id"] == twilio_server.taken[0].sid


def test_what_does_not_arrive_is_told_and_the_page_offers_another(
    twilio_server: Server, walk: Path, client: Client
) -> None:
    signer = clicked(walk)
    assert told(client, twilio_server, "undelivered", ErrorCode="30003") == 204
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == "code.undelivered"]
    assert "undelivered 30003" in [value for _, value in entry.openings.values()]
    assert walks.fresh(signer).code_trouble == Signer.CodeTrouble.UNDELIVERED


def test_a_carrier_that_lies_is_believed_once(twilio_server: Server, walk: Path, client: Client) -> None:
    signer = clicked(walk)
    for status in ("sent", "delivered", "delivered", "sent", "undelivered", "of next year"):
        assert told(client, twilio_server, status) == 204
    assert walks.entries(signer).count("code.delivered") == 1
    assert "code.undelivered" not in walks.entries(signer)


def test_reports_that_are_not_believed(twilio_server: Server, walk: Path, client: Client, settings: Settings) -> None:
    """Forged, altered, of another message, without signature, of another id, for nothing that we know, by GET."""
    signer = clicked(walk)
    assert told(client, twilio_server, "delivered", token="guessed") == 404
    fields, headers = twilio_server.taken[0].report("queued")
    here = twilio_server.taken[0].fields["StatusCallback"].removeprefix(REPORTS)
    assert client.post(here, fields | {"MessageStatus": "delivered"}, headers=headers).status_code == 404
    assert client.post(here, fields).status_code == 404
    other = f"/reports/{uuid.uuid4()}/twilio"
    assert client.post(other, fields, headers=headers).status_code == 404
    assert client.get(here, headers=headers).status_code == 405
    assert told(client, twilio_server, "delivered", MessageSid="SM" + "00" * 16) == 204
    settings.TWILIO = twilio_server.settings | {"token": ""}
    assert told(client, twilio_server, "delivered", token="") == 404
    assert "code.delivered" not in walks.entries(signer)


def test_a_signed_report_for_an_unknown_message_is_heard_and_changes_nothing(
    twilio_server: Server, db: None, client: Client
) -> None:
    address = reports.twilio_address(str(uuid.uuid4()))
    fields = {"MessageSid": "SM" + "1" * 32, "MessageStatus": "delivered"}
    signed = {"X-Twilio-Signature": servers.signature(address, fields, TOKEN)}
    assert client.post(address.removeprefix(REPORTS), fields, headers=signed).status_code == 204
    assert not Message.objects.exists()
