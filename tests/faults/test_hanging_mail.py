"""reliability.md, Faults: SMTP hanging. Letters and codes that wait for it leave a worker to signatures."""

import socket
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.utils.timezone import now

from otp.models import Message
from signing.actions import signature
from signing.actions.cancellation import cancel_envelope
from signing.models import Signer
from tests.faults import invariants
from tests.faults.house import RECOVERY_SECONDS, House
from tests.faults.processes import START_SECONDS, until, worker
from tests.signing import walks

PROCESSES = 3  # as many as a worker has by default (WORKER_PROCESSES)
LETTERS, CODES = 40, 3


@pytest.fixture
def silent() -> Iterator[int]:
    """The port of a mail server that takes every connection, and says nothing."""
    with socket.create_server(("127.0.0.1", 0), backlog=256) as listening:
        yield int(listening.getsockname()[1])


@contextmanager
def hanging(house: House, port: int) -> Iterator[None]:
    """In place of the house's workers, as many as by default, whose mail server does not answer."""
    mail = {"EMAIL_BACKEND": "otp.delivery.smtp.SmtpBackend", "EMAIL_HOST": "127.0.0.1", "EMAIL_PORT": str(port)}
    patient = {"EMAIL_TIMEOUT": "80", "LEASE_SECONDS": "90"}  # longer than this test takes
    environment = {**house.environment, **mail, **patient}
    workers = [worker(f"hanging-{n}", state=house.state, environment=environment) for n in range(PROCESSES)]
    for each in house.workers:
        each.kill()
    try:
        for each in workers:
            each.start()
        for each in workers:
            each.wait_until_ready()
        yield
    finally:
        for each in workers:
            each.kill()


def in_hand(kind: str) -> int:
    return Message.objects.filter(kind=kind, outcome=Message.Outcome.WAITING, lease_until__gt=now()).count()


def test_a_signature_is_made_while_letters_and_codes_hang(house: House, silent: int) -> None:
    """As in the first minutes of an outage: letters that are due all at once, people who wait for their codes."""
    signer, code = house.with_code()
    asking = house.created(CODES)
    people = [walks.ready(asking, n) for n in range(1, CODES + 1)]
    invited = house.created(LETTERS)
    with hanging(house, silent):
        # First letters, then codes: codes may have both seats, where two workers are told of them at the same moment.
        until(lambda: in_hand("link") > CODES, seconds=START_SECONDS, what="letters to hang")
        for each in people:
            signature.click_sign(signer=each, actor=walks.actor(), at=now())
        until(lambda: in_hand("code") > 0, seconds=START_SECONDS, what="codes to hang")
        house.submit(signer, code)
        house.until_ended(signer, seconds=RECOVERY_SECONDS)
        assert in_hand("link") > CODES
        assert in_hand("code") > 0
    for created in (asking, invited):  # what was in the hands of the dead is nobody's any more
        cancel_envelope(envelope=created.envelope, actor=walks.CLIENT, at=now())
    house.start()
    ended = Signer.objects.filter(envelope__in=(asking.envelope, invited.envelope))
    Message.objects.filter(owner__in=[str(each.public_id) for each in ended]).delete()
    invariants.hold(house, signer)
