"""Senders who wait for a slow server leave processes to signatures (reliability.md, faults: SMTP hanging)."""

from datetime import timedelta
from pathlib import Path

import pytest
from django.utils.timezone import now

from otp import messages
from otp.draining import IN_FLIGHT
from otp.models import Channel, Message
from signing import tasks
from signing.actions import signature
from signing.backend import tasks as service
from signing.backend.challenges import Challenge
from signing.states import SignerState
from tests.backend import bare_orders
from tests.plans import plans_of
from tests.signing import walks


def in_hand(count: int, *, until: timedelta = timedelta(seconds=60)) -> None:
    """So many messages with a server that does not answer."""
    at = now()
    for n in range(count):
        assert messages.begin(
            owner="others", kind="link", channel=Channel.EMAIL, by=f"w{n}", at=at, n=n, until=at + until
        )


def of_letter(owner: object) -> str:
    return str(Message.objects.get(owner=str(owner), kind="link").outcome)


def letter_sent(walk: Path, count: int, **lease: timedelta) -> bool:
    signer = walks.an_envelope(walk).envelope.signers.get()
    in_hand(count, **lease)
    tasks.send_message(message_id=str(Message.objects.get(owner=str(signer.public_id)).pk))
    return of_letter(signer.public_id) == "SENT"


def code_sent(walk: Path, count: int) -> bool:
    signer = walks.ready(walks.an_envelope(walk))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    in_hand(count)
    tasks.send_code(signer_id=str(signer.public_id))
    return walks.fresh(signer).state == SignerState.CODE_SENT


@pytest.mark.parametrize(("count", "sent"), [(IN_FLIGHT - 1, True), (IN_FLIGHT, False)])
def test_letters_take_one_process(walk: Path, count: int, *, sent: bool) -> None:
    assert letter_sent(walk, count) is sent


@pytest.mark.parametrize(("count", "sent"), [(2 * IN_FLIGHT - 1, True), (2 * IN_FLIGHT, False)])
def test_codes_go_on_beside_letters_and_take_a_second_one(walk: Path, count: int, *, sent: bool) -> None:
    assert code_sent(walk, count) is sent


def test_what_is_left_for_want_of_time_is_told_at_once(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was told of it found no room, and the next sweep is seconds away."""
    monkeypatch.setattr("otp.draining.SECONDS", 0.0)
    client = walks.a_client()
    for _ in range(3):
        walks.an_envelope(walk, client=client)
    first = Message.objects.filter(kind="link").earliest("due_at")
    told = len(walks.rung())
    tasks.send_message(message_id=str(first.pk))
    assert walks.rung()[told:] == ["signing.tasks.send_message"]


def test_what_dead_senders_left_takes_no_room(walk: Path) -> None:
    assert letter_sent(walk, IN_FLIGHT, until=timedelta(0))


def test_codes_of_orders_and_codes_alone_keep_to_it(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("signing.backend.tasks.drain", lambda *_rows, **_how: pytest.fail("there is no room"))
    order = bare_orders.opened()
    in_hand(2 * IN_FLIGHT)
    service.send_code(order_id=str(order.pk))
    service.send_alone(challenge_id="1")
    assert not Challenge.objects.exists()


@pytest.mark.django_db
def test_whether_there_is_room_is_not_read_from_all_that_waits() -> None:
    (plan,) = plans_of(lambda: messages.is_room(now(), most=IN_FLIGHT), of="otp_message")
    assert "message_in_hand" in plan
