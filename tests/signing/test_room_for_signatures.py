"""Senders who wait for a slow server leave processes to signatures (reliability.md, faults: SMTP hanging).

With real workers and a server that hangs: `tests/faults/test_hanging_mail.py`.
"""

from pathlib import Path

import pytest
from django.utils.timezone import now

from otp.models import Message
from otp.seats import FOR_CODES, FOR_LETTERS, Seat
from signing import tasks
from signing.actions import signature
from signing.backend import alone
from signing.backend import tasks as service
from signing.backend.challenges import Challenge
from signing.states import SignerState
from tests.backend import bare_orders
from tests.signing import walks


def letter_sent(walk: Path) -> bool:
    signer = walks.an_envelope(walk).envelope.signers.get()
    letter = Message.objects.get(owner=str(signer.public_id), kind="link")
    tasks.send_message(message_id=str(letter.pk))
    letter.refresh_from_db()
    return bool(letter.outcome == "SENT")


def code_sent(walk: Path) -> bool:
    signer = walks.ready(walks.an_envelope(walk))
    signature.click_sign(signer=signer, actor=walks.actor(), at=now())
    tasks.send_code(signer_id=str(signer.public_id))
    return walks.fresh(signer).state == SignerState.CODE_SENT


@pytest.mark.parametrize("taken", [0, 1])
def test_letters_take_one_process(walk: Path, taken: int) -> None:
    assert all(Seat.take(FOR_LETTERS, at=now()) for _ in range(taken))
    assert letter_sent(walk) is (taken == 0)


@pytest.mark.parametrize("taken", [1, 2])
def test_codes_go_on_beside_letters_and_take_a_second_one(walk: Path, taken: int) -> None:
    assert all(Seat.take(names, at=now()) for names in (FOR_LETTERS, FOR_CODES)[:taken])
    assert code_sent(walk) is (taken == 1)


def test_what_is_left_is_told_at_once(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """Who was told of it found no seat, and the next sweep is seconds away."""
    monkeypatch.setattr("otp.draining.SECONDS", 0.0)
    client = walks.a_client()
    for _ in range(3):
        walks.an_envelope(walk, client=client)
    first = Message.objects.filter(kind="link").earliest("due_at")
    told = len(walks.rung())
    tasks.send_message(message_id=str(first.pk))
    assert walks.rung()[told:] == ["signing.tasks.send_message"]
    assert walks.work() > 0
    assert not Message.objects.exclude(outcome="SENT").exists()


def test_codes_of_orders_and_codes_alone_keep_to_it(walk: Path) -> None:
    order = bare_orders.opened(otp=True)
    bare_orders.with_document(order, walk)
    bare_orders.bare.ask_code(order=order, actor=bare_orders.MACHINE, at=now())
    wanted = alone.Wanted(channel="email", contact="a@exemple.fr", application="", external_id=None)
    row = alone.ask(client=order.client, wanted=wanted, at=now())
    held = [Seat.take(FOR_CODES, at=now()) for _ in range(2)]
    service.send_code(order_id=str(order.pk))
    service.send_alone(challenge_id=str(row.pk))
    assert not Message.objects.exists()
    for each in held:
        assert each
        each.leave()
    service.send_code(order_id=str(order.pk))
    service.send_alone(challenge_id=str(row.pk))
    assert Message.objects.filter(outcome="SENT").count() == 2
    assert Challenge.objects.get().state == Challenge.State.SENT
