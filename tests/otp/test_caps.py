from datetime import UTC, datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.db import transaction
from hypothesis import given
from hypothesis import strategies as st

from otp import caps
from otp.codes import Capped
from otp.models import Policy, Spent

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)
MOBILE, LAND, BELGIAN = "+33612345642", "+33142345642", "+32470123456"


def spend(policy: Policy, *, at: datetime = AT, contact: str = MOBILE, tenant: str = "1", parts: int = 1) -> bool:
    """Whether one more was allowed."""
    try:
        with transaction.atomic():
            caps.spend(tenant=tenant, policy=policy, channel="sms", contact=contact, at=at, parts=parts)
    except Capped:
        return False
    return True


@pytest.mark.django_db
@pytest.mark.parametrize("cap", ["contact_a_day", "client_a_day", "sms_a_day"])
def test_no_more_than_the_cap_and_again_the_next_day(cap: str) -> None:
    policy = Policy(**{cap: 3})
    assert [spend(policy) for _ in range(5)] == [True, True, True, False, False]
    assert spend(policy, at=AT + timedelta(days=1))


@pytest.mark.django_db
def test_it_says_when_the_next_may_go() -> None:
    policy = Policy(contact_a_day=1)
    assert spend(policy)
    with pytest.raises(Capped) as told, transaction.atomic():
        caps.spend(tenant="1", policy=policy, channel="sms", contact=MOBILE, at=AT)
    assert told.value.retry_at == datetime(2026, 11, 24, tzinfo=UTC)


@pytest.mark.django_db
def test_a_contact_has_its_cap_whoever_writes_to_it_and_a_client_its_own() -> None:
    policy = Policy(contact_a_day=2, client_a_day=3)
    assert [spend(policy, tenant=tenant) for tenant in ("1", "2", "3")] == [True, True, False]
    others = [spend(policy, contact=f"+3361234560{n}", tenant="1") for n in range(4)]
    assert others == [True, True, False, False]


@pytest.mark.django_db
def test_what_one_client_sends_without_limit_counts_for_the_cap_of_another() -> None:
    """A cap of 0 is no limit of one's own: the contact has had these messages all the same."""
    without, capped = Policy(contact_a_day=0, client_a_day=0, sms_a_day=0), Policy(contact_a_day=2)
    assert [spend(without, tenant="1") for _ in range(2)] == [True, True]
    assert not spend(capped, tenant="2")
    assert spend(without, tenant="1")
    with transaction.atomic():
        for _ in range(2):
            caps.give_back(tenant="1", policy=without, channel="sms", contact=MOBILE, at=AT)
    assert [spend(capped, tenant="2"), spend(capped, tenant="2")] == [True, False]


@pytest.mark.django_db
def test_a_mailbox_has_one_cap_however_its_domain_is_written() -> None:
    policy = Policy(contact_a_day=2)
    written = ("camille@société.fr", "Camille@xn--socit-esab.fr", "camille@Société.FR")
    assert [spend(policy, contact=each) for each in written] == [True, True, False]


@pytest.mark.django_db
def test_a_long_sms_costs_its_parts_of_the_budget_and_zero_is_no_limit() -> None:
    policy = Policy(sms_a_day=5, contact_a_day=0, client_a_day=0)
    assert [spend(policy, parts=3), spend(policy, parts=3), spend(policy, parts=2)] == [True, False, True]


@pytest.mark.django_db
def test_what_is_not_sent_is_not_counted_and_no_address_is_kept() -> None:
    """Refused by the last of three caps: the first two have not counted it."""
    assert not spend(Policy(sms_a_day=1), parts=2)
    assert not Spent.objects.exists()
    assert spend(Policy())
    assert MOBILE not in str(list(Spent.objects.values()))


@pytest.mark.django_db
def test_counts_of_days_that_are_over_are_forgotten() -> None:
    """They are keyed by contact: pseudonyms are not kept for nothing. Of yesterday's one may still be given back."""
    for days in range(3):
        assert spend(Policy(), at=AT - timedelta(days=days))
    caps.forget(AT)
    assert set(Spent.objects.values_list("day", flat=True)) == {AT.date(), AT.date() - timedelta(days=1)}


@pytest.mark.django_db
def test_what_nobody_took_is_given_back_to_the_day_it_was_counted_on() -> None:
    policy = Policy(contact_a_day=1, client_a_day=1, sms_a_day=2)
    assert spend(policy, parts=2)
    back: dict[str, Any] = {"tenant": "1", "policy": policy, "channel": "sms", "contact": MOBILE, "parts": 2}
    caps.give_back(**back, at=AT + timedelta(days=1))
    assert not spend(policy, parts=2)
    for _ in range(2):
        caps.give_back(**back, at=AT)
    assert [spend(policy, parts=2), spend(policy, parts=2)] == [True, False]


@pytest.mark.parametrize(
    ("policy", "channel", "contact"),
    [
        (Policy(way="sms"), "email", "camille@exemple.fr"),
        (Policy(way="email"), "sms", MOBILE),
        (Policy(countries="FR, CH"), "sms", BELGIAN),
        (Policy(), "sms", LAND),
        (Policy(), "sms", "+33899123456"),
    ],
    ids=["way", "other way", "country", "land line", "number that costs"],
)
def test_where_no_code_goes(policy: Policy, channel: str, contact: str) -> None:
    with pytest.raises(caps.NotAllowed):
        caps.check(policy=policy, channel=channel, contact=contact)


@given(st.sampled_from([MOBILE, BELGIAN]), st.sampled_from(["", "be fr", "FR,BE"]), st.sampled_from(["", "sms"]))
def test_where_codes_go(contact: str, countries: str, way: str) -> None:
    caps.check(policy=Policy(countries=countries, way=way), channel="sms", contact=contact)


def test_fifty_clicks_are_three_messages_at_most(transactional_db: None) -> None:
    """Issue, Abuse: cool-down and hourly limit hold whoever presses, however often."""
    from otp import codes  # noqa: PLC0415 - the house of codes

    policy = Policy.objects.create(name=uuid4().hex)
    sent = 0
    for click in range(50):
        try:
            codes.issue(owner="order-50", binding="b", policy=policy, at=AT + timedelta(seconds=click))
            sent += 1
        except codes.TooSoon:
            continue
    assert 1 <= sent <= 3
