"""Issue 8, part 7: alarms on low conversion of codes and on sequences of numbers."""

import logging
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from pytest_django.fixtures import Settings

from otp import alarms, codes
from otp.alarms import Aim
from otp.models import Alarm, Channel, Code, Message, Policy

pytestmark = pytest.mark.django_db
AT = datetime(2026, 11, 23, 12, tzinfo=UTC)
LATER = AT + timedelta(minutes=11)  # no code can be typed any more
OWNERS = count(1)
SCATTERED = 7919  # no two numbers of a few hundred such steps are in one block of a thousand


@pytest.fixture(autouse=True)
def _thresholds(settings: Settings) -> None:
    settings.ALARM_WINDOW_SECONDS, settings.ALARM_CODES = 3600, 10
    settings.ALARM_CONVERSION_PERCENT, settings.ALARM_NEIGHBOURS = 30, 5


@pytest.fixture
def policy() -> Policy:
    return Policy.objects.create(name="EXS", cooldown_seconds=0)


def send(
    policy: Policy,
    *,
    numbers: int,
    typed: int = 0,
    tenant: str = "1",
    step: int = SCATTERED,
    channel: Channel = Channel.SMS,
    outcome: str = Message.Outcome.SENT,
    at: datetime = AT,
    first: int = 33612000000,
) -> None:
    """A code to each of so many numbers, `step` apart; the first `typed` of them come back."""
    for n in range(numbers):
        owner = f"order-{next(OWNERS)}"
        aim = Aim(tenant, channel, f"+{first + n * step}")
        issued = codes.issue(owner=owner, binding="b", policy=policy, at=at, aim=aim)
        Message.objects.create(
            owner=owner, kind="code", n=issued.n, channel=channel, outcome=outcome, due_at=at, created_at=at
        )
        if n < typed:
            codes.judge(
                owner=owner,
                binding="b",
                typed=issued.plain,
                try_id="t",
                policy=policy,
                at=at,
                record=lambda _judgement: None,
            )


def kinds(at: datetime) -> list[tuple[str, str, int, int | None]]:
    return [(each.tenant, each.kind, each.count, each.verified) for each in alarms.watch(at)]


@pytest.mark.parametrize(("typed", "raised"), [(0, True), (2, True), (3, False), (10, False)])
def test_too_few_of_enough_codes_come_back(policy: Policy, typed: int, *, raised: bool) -> None:
    """Three of ten are thirty percent."""
    send(policy, numbers=10, typed=typed)
    assert kinds(LATER) == ([("1", "CONVERSION", 10, typed)] if raised else [])


def test_a_few_codes_say_nothing(policy: Policy) -> None:
    send(policy, numbers=9)
    assert kinds(LATER) == []


def test_codes_that_may_still_be_typed_are_waited_for(policy: Policy) -> None:
    send(policy, numbers=10)
    assert kinds(AT + timedelta(minutes=9)) == []
    assert len(kinds(LATER)) == 1


@pytest.mark.parametrize(
    "changed", [{"channel": Channel.EMAIL}, {"outcome": Message.Outcome.BOUNCED}, {"outcome": Message.Outcome.DEAD}]
)
def test_mail_and_what_never_went_out_do_not_count(policy: Policy, changed: dict[str, object]) -> None:
    send(policy, numbers=12, step=1, **changed)  # type: ignore[arg-type]  # one of its keywords
    assert kinds(LATER) == []


def test_what_is_older_than_the_window_is_forgotten(policy: Policy) -> None:
    send(policy, numbers=10)
    assert kinds(AT + timedelta(hours=1, seconds=1)) == []


def test_each_client_is_looked_at_alone(policy: Policy) -> None:
    send(policy, numbers=9)
    send(policy, numbers=9, tenant="2", first=33712000000)
    assert kinds(LATER) == []
    send(policy, numbers=1, tenant="2", first=33790000000)
    assert kinds(LATER) == [("2", "CONVERSION", 10, 0)]


def test_a_code_that_serves_several_times_has_come_back_too() -> None:
    policy = Policy.objects.create(name="often", cooldown_seconds=0, single_use=False)
    send(policy, numbers=10, typed=10)
    assert kinds(LATER) == []


@pytest.mark.parametrize(("numbers", "raised"), [(4, False), (5, True)])
def test_numbers_of_one_block_stand_in_a_row(policy: Policy, numbers: int, *, raised: bool) -> None:
    """Also where every code is typed: those who pump may have the telephones."""
    send(policy, numbers=numbers, typed=numbers, step=1)
    assert kinds(AT) == ([("1", "SEQUENCE", numbers, None)] if raised else [])


def test_one_number_asked_for_often_is_no_sequence(policy: Policy) -> None:
    send(policy, numbers=9, typed=9, step=0)
    assert kinds(AT) == []


def test_a_block_ends_where_the_last_three_digits_do(policy: Policy) -> None:
    send(policy, numbers=8, typed=8, step=1, first=33612000996)  # four in each of two blocks
    assert kinds(AT) == []


def test_an_alarm_is_given_once_a_day_and_told_in_the_log(policy: Policy, caplog: pytest.LogCaptureFixture) -> None:
    send(policy, numbers=6, typed=6, step=1)
    with caplog.at_level(logging.ERROR, "paraphe.alarms"):
        assert len(alarms.watch(AT)) == 1
        assert alarms.watch(AT) == []
    (record,) = caplog.records
    assert (record.getMessage(), record.label, record.owner, record.count) == ("alarm", "SEQUENCE", "1", 6)  # type: ignore[attr-defined]  # extras
    send(policy, numbers=3, typed=3, step=1, first=33612000500)
    alarms.watch(AT)
    assert Alarm.objects.get().count == 9  # the row grows with what is seen
    tomorrow = AT + timedelta(days=1)
    send(policy, numbers=6, typed=6, step=1, at=tomorrow)
    assert len(alarms.watch(tomorrow)) == 1


def test_of_a_number_only_keyed_digests_are_kept(policy: Policy) -> None:
    send(policy, numbers=1, first=33612345678)
    row = Code.objects.get()
    assert "612345" not in f"{row.number}{row.block}"
    assert len(row.number) == len(row.block) == 64
    assert row.number != row.block


def test_digests_of_numbers_go_when_no_alarm_looks_at_them_any_more(policy: Policy) -> None:
    """Whoever has a number could try whether it is one of them, also after the erasure of its person."""
    send(policy, numbers=1, at=AT - timedelta(hours=1))
    send(policy, numbers=1)
    alarms.forget(AT)
    old, young = Code.objects.order_by("issued_at")
    assert (old.number, old.block) == ("", "")
    assert young.number
    assert young.block
