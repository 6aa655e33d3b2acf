"""Issue 8, part 7: codes that another service sends are counted and capped as our own."""

import uuid
from dataclasses import dataclass, field
from datetime import timedelta
from pathlib import Path

import pytest
from django.db.models import F
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import trail
from otp import alarms
from otp.models import Code, Policy, Spent
from signing.gateway.contract import CodeTooSoon, CodeUndelivered, Sent
from signing.gateway.remote import calls, codes
from signing.gateway.remote.answers import Placed
from signing.gateway.remote.calls import Refused
from signing.gateway.remote.troubles import NoAnswer, Trouble
from signing.models import RemoteOrder
from tests.signing import walks


@dataclass
class Service:
    """Takes what it is asked for, unless its list of answers says otherwise."""

    answers: list[Exception | None] = field(default_factory=list)
    word: str = "CREATED"
    asked: int = 0

    def order(self, external_id: str) -> Placed:
        return Placed(external_id, self.word)

    def send_code(self, order: Placed, application_code: str) -> None:
        del order, application_code
        self.asked += 1
        error = self.answers.pop(0) if self.answers else None
        if error is not None:
            raise error


SILENT, CLOSED, FAILING = (
    NoAnswer(Trouble.SLOW),
    NoAnswer(Trouble.DOWN, reached=False),
    NoAnswer(Trouble.FAILING),
)


@pytest.fixture
def service(walk: Path) -> Service:
    del walk
    walks.a_client(cooldown_seconds=0, sends_per_hour=50)
    return Service()


def an_order(contact: str = "+33611111142", channel: str = "sms") -> RemoteOrder:
    client, signer = walks.Client.objects.get(), str(uuid.uuid4())
    journal = trail.open_trail(tenant=str(client.pk), reference=f"EXS-{signer[:13]}", at=now())
    return RemoteOrder.objects.create(
        signer=signer, trail=journal, reference=journal.reference, binding="", name="Camille Martin", language="fr",
        otp=True, channel=channel, contact=contact, remote_id=signer, created_at=now(),
    )  # fmt: skip


def send(order: RemoteOrder, service: Service) -> Sent:
    order.refresh_from_db()
    return codes.send(order, "", service)  # type: ignore[arg-type]


def counts() -> list[int]:
    return sorted(Spent.objects.filter(count__gt=0).values_list("count", flat=True))


@pytest.mark.parametrize("cap", ["contact_a_day", "client_a_day", "sms_a_day"])
def test_no_more_than_the_cap_is_asked_for(service: Service, cap: str, caplog: pytest.LogCaptureFixture) -> None:
    Policy.objects.update(**{cap: 2})
    orders = [an_order() for _ in range(3)]
    for order in orders[:2]:
        send(order, service)
    with pytest.raises(CodeUndelivered):
        send(orders[2], service)
    assert service.asked == 2
    assert "cap reached" in caplog.messages
    orders[2].refresh_from_db()
    assert (orders[2].codes, orders[2].code_asked_at) == (0, None)
    assert counts() == [2, 2, 2]


def test_a_mail_counts_for_no_sms(service: Service) -> None:
    Policy.objects.update(sms_a_day=1)
    for _ in range(3):
        send(an_order("camille@exemple.fr", "email"), service)
    assert counts() == [3, 3]


def test_no_more_an_hour_than_the_policy_says(service: Service) -> None:
    """Also where the other service would send more."""
    Policy.objects.update(sends_per_hour=2)
    order = an_order()
    send(order, service)
    sent = send(order, service)
    with pytest.raises(CodeTooSoon) as told:
        send(order, service)
    first = Code.objects.order_by("issued_at").first()
    assert first is not None
    assert told.value.retry_at == sent.resend_at == first.issued_at + timedelta(hours=1)
    assert service.asked == 2
    Code.objects.update(issued_at=F("issued_at") - timedelta(hours=1))
    send(order, service)
    send(an_order("+33611111143"), service)  # another's hour is another's
    assert service.asked == 4


def test_the_cool_down_of_the_policy_holds(service: Service) -> None:
    Policy.objects.update(cooldown_seconds=90)
    order = an_order()
    sent = send(order, service)
    assert sent.resend_at - sent.at == timedelta(seconds=90)
    with pytest.raises(CodeTooSoon):
        send(order, service)
    assert service.asked == 1


def test_where_the_policy_lets_none_go_none_is_asked_for(service: Service) -> None:
    order = an_order()
    Policy.objects.update(countries="BE")
    with pytest.raises(CodeUndelivered):
        send(order, service)
    assert service.asked == 0


@pytest.mark.parametrize("answer", [CLOSED, FAILING, Refused(status=429, label="", sentence="")])
def test_what_surely_was_not_sent_counts_for_nothing(service: Service, answer: Exception) -> None:
    service.answers = [answer]
    order = an_order()
    with pytest.raises((NoAnswer, CodeTooSoon)):
        send(order, service)
    assert counts() == []
    assert not Code.objects.exists()
    Policy.objects.update(contact_a_day=1, sends_per_hour=1)
    send(order, service)
    assert counts() == [1, 1, 1]


def test_what_may_have_been_sent_counts_each_time(service: Service) -> None:
    """And at the cap it is taken for sent: the signer may have it."""
    Policy.objects.update(sms_a_day=2)
    service.answers = [SILENT] * 3
    order = an_order()
    for _ in range(2):
        with pytest.raises(NoAnswer):
            send(order, service)
    assert send(order, service).certain is False
    assert (service.asked, counts(), Code.objects.count()) == (2, [2, 2, 2], 1)


def test_a_service_that_hangs_and_is_gone_in_turn_sends_no_more_than_three(service: Service) -> None:
    """A call that reached nobody says nothing of those that may have."""
    service.answers = [SILENT, CLOSED] * 9
    order = an_order()
    for _ in range(5):
        with pytest.raises(NoAnswer):
            send(order, service)
    assert send(order, service).certain is False
    assert service.asked == 5  # three that may have gone out, two that did not


def test_a_number_that_takes_none_is_not_tried_without_end(service: Service) -> None:
    Policy.objects.update(sends_per_hour=2)
    order = an_order()
    service.answers = [Refused(status=500, label=calls.UNDELIVERED, sentence="")] * 9
    for _ in range(2):
        with pytest.raises(CodeUndelivered):
            send(order, service)
    with pytest.raises(CodeTooSoon):
        send(order, service)
    assert (service.asked, counts()) == (2, [2, 2, 2])


def test_alarms_look_at_them_too(service: Service, settings: Settings) -> None:
    settings.ALARM_CODES, settings.ALARM_NEIGHBOURS, settings.ALARM_CONVERSION_PERCENT = 4, 4, 60
    orders = [an_order(f"+3361111114{n}") for n in range(4)]
    for order in orders:
        send(order, service)
    for order in orders[:2]:
        order.refresh_from_db()
        codes.accepted(order)
    at = now() + timedelta(minutes=11)
    found = [(each.kind, each.count, each.verified) for each in alarms.watch(at)]
    assert found == [("CONVERSION", 4, 2), ("SEQUENCE", 4, None)]
