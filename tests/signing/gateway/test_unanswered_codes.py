"""Codes that another service was asked for without an answer: none is asked for without end (decisions 9 and 15)."""

import uuid
from pathlib import Path

import pytest
from django.utils.timezone import now

from evidence import trail
from signing.gateway.remote import codes
from signing.gateway.remote.answers import Placed
from signing.gateway.remote.troubles import NoAnswer, Trouble
from signing.models import RemoteOrder
from tests.signing import walks


class Silent:
    """A service that takes the call, leaves the order as it was, and does not answer."""

    def __init__(self, trouble: Trouble, *, reached: bool = True, word: str = "CREATED") -> None:
        self.asked, self.word = 0, word
        self._error = NoAnswer(trouble, reached=reached)

    def order(self, external_id: str) -> Placed:
        return Placed(external_id, self.word)

    def send_code(self, order: Placed, application_code: str) -> None:
        del order, application_code
        self.asked += 1
        raise self._error


@pytest.fixture
def order(walk: Path) -> RemoteOrder:
    del walk
    signer = str(uuid.uuid4())
    journal = trail.open_trail(
        tenant=str(walks.a_client(cooldown_seconds=0).pk), reference=f"EXS-{signer[:8]}", at=now()
    )
    return RemoteOrder.objects.create(
        signer=signer, trail=journal, reference=journal.reference, binding="", name="Camille Martin", language="fr",
        otp=True, channel="sms", contact="+33611111142", remote_id="7", created_at=now(),
    )  # fmt: skip


def asked(order: RemoteOrder, service: Silent, *, times: int) -> None:
    for _ in range(times):
        order.refresh_from_db()
        with pytest.raises(NoAnswer):
            codes.send(order, "", service)  # type: ignore[arg-type]
    order.refresh_from_db()


@pytest.mark.parametrize("trouble", [Trouble.SLOW, Trouble.CUT, Trouble.NOT_JSON])
def test_a_code_whose_sending_nobody_confirms_is_asked_for_three_times(order: RemoteOrder, trouble: Trouble) -> None:
    """Each may have gone out: then it is told as that, and the signer asks for another."""
    service = Silent(trouble)
    asked(order, service, times=3)
    sent = codes.send(order, "", service)  # type: ignore[arg-type]
    assert (sent.certain, service.asked) == (False, 3)
    (entry,) = trail.entries(order.trail)
    assert (entry.kind, entry.data["answered"]) == ("code.sent", False)
    order.refresh_from_db()
    assert (order.codes, order.code_asked_at) == (1, None)
    asked(order, service, times=3)  # a further one has as many
    assert service.asked == 6


@pytest.mark.parametrize(
    ("trouble", "reached"), [(Trouble.FAILING, True), (Trouble.NOT_ADMITTED, True), (Trouble.DOWN, False)]
)
def test_a_service_that_says_no_is_asked_until_it_is_well(
    order: RemoteOrder, trouble: Trouble, *, reached: bool
) -> None:
    service = Silent(trouble, reached=reached)
    asked(order, service, times=6)
    assert service.asked == 6
    assert not list(trail.entries(order.trail))


def test_an_order_that_is_given_up_there_has_no_code(order: RemoteOrder) -> None:
    service = Silent(Trouble.CUT)
    asked(order, service, times=3)
    service.word = "DISCARDED"
    asked(order, service, times=1)
    assert not list(trail.entries(order.trail))
