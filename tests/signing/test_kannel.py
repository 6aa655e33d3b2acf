"""Codes by SMS through a real Kannel, from the click to the delivery report in trail and dossier."""

import re
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import httpx
import pytest
from django.test import override_settings
from django.utils.timezone import now
from pytest_django.fixtures import Settings
from pytest_django.live_server_helper import LiveServer

from evidence import trail
from evidence.dossier import facts
from otp import reports
from otp.delivery import Bounced, NotNow, OutcomeUnknown, Sms, calls, kannel
from otp.models import Message
from signing.actions import signature
from signing.actions.arming import NewSigner
from signing.models import CodeChannel, Signer
from signing.states import SignerState
from tests.gateways import kannel as gateways
from tests.gateways.kannel import Kannel
from tests.gateways.smpp import Plan
from tests.signing import walks
from tests.stack import free_ports

SIMULATED, NUMBER = "+33612345642", "+33712345642"
BAD_ADDRESS, LATE_SECONDS = 0x0B, 15.0


@pytest.fixture(scope="module")
def running() -> Iterator[Kannel]:
    with gateways.running() as started:
        yield started


@pytest.fixture
def gateway(running: Kannel, settings: Settings, live_server: LiveServer) -> Kannel:
    settings.SMS_CARRIER = "otp.delivery.kannel.KannelCarrier"
    settings.SMS_GATEWAY = running.settings
    settings.SMS_REPORT_URL = live_server.url
    running.plans.clear()
    running.centre.taken.clear()
    return running


def clicked(walk: Path, number: str = NUMBER) -> Signer:
    """A path whose code was asked for and handed over to the gateway."""
    person = NewSigner("Camille", "Martin", "camille@exemple.fr", mobile=number, code_channel=CodeChannel.SMS)
    ready = walks.ready(walks.an_envelope(walk, signers=(person,)))
    signer = signature.click_sign(signer=ready, actor=walks.actor(), at=now())
    walks.work()
    return walks.fresh(signer)


def until(holds: Callable[[], Any]) -> None:
    """Wait for what the gateway does by itself."""
    end = time.monotonic() + LATE_SECONDS
    while not holds():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)


def has(signer: Signer, kind: str) -> bool:
    return kind in walks.entries(signer)


def code_in(text: str) -> str:
    found = re.search(r"\b(\d{6}) est votre code", text)
    assert found, text
    return found[1]


def test_from_the_click_to_the_report_in_the_dossier(gateway: Kannel, walk: Path) -> None:
    """Kannel's own simulator takes the SMS (report 8) and delivers it (1); what it prints is what a telephone shows."""
    signer = clicked(walk, SIMULATED)
    until(lambda: has(signer, "code.delivered"))
    message = Message.objects.get(kind="code")
    assert (message.outcome, message.report) == ("SENT", "DELIVERED")
    printed = (gateway.folder / "out").read_text(errors="replace")
    signature.submit_code(signer=signer, code=code_in(printed), actor=walks.actor(), at=now())
    walks.work()
    signer = walks.fresh(signer)
    assert signer.state == SignerState.SIGNED
    told = facts.collect(
        signer.envelope.trail, str(signer.public_id), dossier_id=str(uuid.uuid4()), at=now(), software="x"
    ).authentication
    assert told is not None
    (sending,) = told.code[0].sending
    assert (told.independent, told.verified, sending.status) == (True, True, "sent")
    assert sending.message_id == str(message.pk)
    assert sending.delivered_at
    assert sending.delivered_entry
    assert sending.delivered_entry > sending.entry
    assert sending.recipient.text == SIMULATED


def test_what_a_telephone_shows(gateway: Kannel, walk: Path) -> None:
    """Letters of the small alphabet arrive as they are, in one part or joined ones; no code is in Kannel's logs."""
    clicked(walk)
    until(lambda: gateway.centre.taken)
    text = "".join(part.text for part in gateway.centre.taken)
    assert {part.sender for part in gateway.centre.taken} == {"Paraphe"}
    assert "à" in text
    assert "?" not in text
    assert text.rstrip().endswith(f"@localhost #{code_in(text)}")
    assert code_in(text) not in gateway.said()


@pytest.mark.parametrize(
    "plan",
    [Plan(("UNDELIV",)), Plan(("EXPIRED",)), Plan(status=BAD_ADDRESS)],
    ids=["undelivered", "expired", "no such number"],
)
def test_what_does_not_arrive_is_told_and_the_page_offers_another(gateway: Kannel, walk: Path, plan: Plan) -> None:
    gateway.plans[NUMBER.removeprefix("+")] = gateway.plans[NUMBER] = plan
    signer = clicked(walk)
    until(lambda: has(signer, "code.undelivered"))
    assert Message.objects.get(kind="code").report == "FAILED"
    assert walks.fresh(signer).code_trouble == Signer.CodeTrouble.UNDELIVERED
    (entry,) = [each for each in trail.entries(signer.envelope.trail) if each.kind == "code.undelivered"]
    assert entry.members["data"]["final"] is True
    assert not has(signer, "code.delivered")


def test_a_gateway_that_lies_is_believed_once(gateway: Kannel, walk: Path) -> None:
    """Delivered twice, and then not: one entry, and no way back."""
    signer = clicked(walk)
    message = Message.objects.get(kind="code")
    for kind in (8, 1, 1, 8, 2, 34):
        assert httpx.get(reports.address(str(message.pk)), params={"type": kind, "answer": "x"}).status_code == 204
    assert walks.entries(signer).count("code.delivered") == 1
    assert not has(signer, "code.undelivered")


def test_accepted_and_never_delivered_is_not_called_delivered(gateway: Kannel, walk: Path) -> None:
    signer = clicked(walk)
    until(lambda: Message.objects.get(kind="code").report == "TAKEN")
    assert not has(signer, "code.delivered")
    assert signer.state == SignerState.CODE_SENT


def test_reports_that_are_not_believed(gateway: Kannel, walk: Path) -> None:
    """Forged, of another message, for an id that nobody knows, of no type."""
    signer = clicked(walk)
    message, unknown = str(Message.objects.get(kind="code").pk), str(uuid.uuid4())
    right = reports.address(message)
    forged = right.replace(reports.code_of(message), "0" * 32)
    of_another = right.replace(reports.code_of(message), reports.code_of(unknown))
    assert [httpx.get(each, params={"type": "1"}).status_code for each in (forged, of_another)] == [404, 404]
    assert httpx.get(reports.address(unknown), params={"type": "1"}).status_code == 204
    assert [httpx.get(right, params={"type": each}).status_code for each in ("", "-1", "١", "x", "9" * 5000)] == [
        400
    ] * 5
    assert not has(signer, "code.delivered")


def test_a_password_that_the_gateway_does_not_know(gateway: Kannel) -> None:
    """The number is not to blame: another try may go through once the operator has mended it."""
    gateway_settings = gateway.settings | {"password": "other"}
    with pytest.raises(NotNow) as refused:
        send(gateway_settings)
    assert refused.value.answer.text.startswith("403")


def test_a_number_that_the_gateway_refuses(gateway: Kannel) -> None:
    with pytest.raises(Bounced) as refused:
        send(gateway.settings, "not-a-number")
    assert refused.value.answer.text.startswith("400")


def test_other_letters_arrive_too(gateway: Kannel) -> None:
    """Kannel would write "?" for what its small alphabet lacks."""
    send(gateway.settings, text="123456 код ô 🙂")
    until(lambda: gateway.centre.taken)
    assert [part.text for part in gateway.centre.taken] == ["123456 код ô 🙂"]


def test_an_sms_is_delivered_as_long_as_its_code_is_good(gateway: Kannel) -> None:
    """Nobody is sent a code that is worth nothing any more; what the policy lets live longer may come later."""
    begin = datetime.now(UTC)
    send(gateway.settings, lasts=1800)
    until(lambda: gateway.centre.taken)
    end = datetime.strptime(gateway.centre.taken[0].valid_until, "%y%m%d%H%M").replace(tzinfo=UTC)
    assert timedelta(minutes=29) <= end - begin <= timedelta(minutes=31)


def test_nobody_listens() -> None:
    (port,) = free_ports(1)
    with pytest.raises(NotNow):
        send(address(port))


@pytest.mark.parametrize(
    ("answer", "raised"),
    [(b"", OutcomeUnknown), (b"HTTP/1.1 500 x\r\nContent-Length: 0\r\n\r\n", OutcomeUnknown)],
    ids=["hung up after the text", "broke"],
)
def test_a_gateway_that_may_have_taken_it(answer: bytes, raised: type[Exception]) -> None:
    """reliability.md, Signing job 4: it may have gone out, so it is not sent again by itself."""
    with answering(answer) as port, pytest.raises(raised):
        send(address(port))


def test_a_gateway_that_is_silent(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(calls, "ANSWER_SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as listening, pytest.raises(OutcomeUnknown):
        send(address(listening.getsockname()[1]))


@contextmanager
def answering(answer: bytes) -> Iterator[int]:
    """A port where whoever calls is answered this, after the whole request."""

    def answer_one() -> None:
        connection, _ = listening.accept()
        with connection:
            while b"est votre code" not in connection.recv(4096):
                pass
            connection.sendall(answer)

    with socket.create_server(("127.0.0.1", 0)) as listening:
        thread = threading.Thread(target=answer_one)
        thread.start()
        yield int(listening.getsockname()[1])
        thread.join()


def send(gateway: dict[str, str], number: str = NUMBER, text: str = "123456 est votre code", lasts: int = 600) -> None:
    with override_settings(SMS_GATEWAY=gateway):
        kannel.KannelCarrier().send(Sms(number, text, reference=str(uuid.uuid4()), lasts=lasts))


def address(port: int) -> dict[str, str]:
    return {"url": f"http://127.0.0.1:{port}/", "username": "u", "password": "p", "sender": "Paraphe"}
