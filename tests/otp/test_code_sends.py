"""When a code is issued, and what it is for: not too often, one at a time, tied to its documents."""

from datetime import timedelta

import pytest

from otp import codes, messages
from otp.judging import Verdict
from otp.models import Channel, Code, Message
from tests.otp.issued import AT, BINDING, OWNER, a_policy, issue, judge, wrong


@pytest.mark.django_db
def test_a_new_code_voids_the_old_one_and_does_not_reset_the_failures() -> None:
    """reliability.md, code brute force: a new code does not reset the count, lock after 10 failures."""
    policy = a_policy(tries=2, failures_to_lock=3, cooldown_seconds=0)
    first = issue(policy)
    with pytest.raises(codes.Wrong):
        judge(policy, wrong(first))
    second = issue(policy, AT + timedelta(seconds=1))
    old = first.plain if first.plain != second.plain else wrong(second)
    with pytest.raises(codes.Wrong):
        judge(policy, old, at=AT + timedelta(seconds=1))
    with pytest.raises(codes.Locked):
        judge(policy, wrong(second), at=AT + timedelta(seconds=1))
    with pytest.raises(codes.Locked):
        judge(policy, second.plain, at=AT + timedelta(seconds=1))
    with pytest.raises(codes.Locked):
        issue(policy, AT + timedelta(hours=2))


@pytest.mark.django_db
def test_codes_are_not_sent_faster_than_the_cool_down_nor_more_than_five_an_hour() -> None:
    """reliability.md: 5 sends an hour, cool-down."""
    policy = a_policy(cooldown_seconds=30, sends_per_hour=2)
    issue(policy)
    with pytest.raises(codes.TooSoon) as error:
        issue(policy, AT + timedelta(seconds=29))
    assert error.value.retry_at == AT + timedelta(seconds=30)
    issue(policy, AT + timedelta(seconds=30))
    with pytest.raises(codes.TooSoon) as error:
        issue(policy, AT + timedelta(minutes=10))
    assert error.value.retry_at == AT + timedelta(hours=1)
    issue(policy, AT + timedelta(hours=1))


@pytest.mark.django_db
def test_a_code_that_nobody_took_counts_for_the_cool_down_only() -> None:
    """A mail server that is down for minutes does not use up the hour's codes."""
    policy = a_policy(cooldown_seconds=30, sends_per_hour=1)
    first = issue(policy)
    message = messages.queue(owner=OWNER, kind="code", channel=Channel.EMAIL, at=AT, n=first.n)
    Message.objects.filter(pk=message.pk).update(outcome=Message.Outcome.DEAD)
    with pytest.raises(codes.TooSoon) as error:
        issue(policy, AT + timedelta(seconds=29))
    assert error.value.retry_at == AT + timedelta(seconds=30)
    issue(policy, AT + timedelta(seconds=30))
    with pytest.raises(codes.TooSoon) as error:
        issue(policy, AT + timedelta(seconds=61))
    assert error.value.retry_at == AT + timedelta(seconds=30, hours=1)


@pytest.mark.django_db
@pytest.mark.parametrize("sends", [1, 5])
def test_a_clock_that_was_put_back_by_an_hour_keeps_nobody_from_a_code(sends: int) -> None:
    """reliability.md, Faults: clock ±1 h. Codes of an hour yet to come count for no wait."""
    policy = a_policy(cooldown_seconds=30, sends_per_hour=sends)
    for n in range(sends):
        issue(policy, AT + timedelta(seconds=30 * n))
    back = AT - timedelta(hours=1)
    again = issue(policy, back)
    for wait in (timedelta(seconds=29), timedelta(minutes=59)):
        if wait.total_seconds() < 30 or sends == 1:
            with pytest.raises(codes.TooSoon):
                issue(policy, back + wait)
    assert judge(policy, again.plain, at=back + timedelta(minutes=1)).verdict == Verdict.ACCEPTED


@pytest.mark.django_db
def test_clocks_of_two_hosts_that_differ_by_seconds_shorten_no_wait() -> None:
    policy = a_policy(cooldown_seconds=30)
    issue(policy)
    with pytest.raises(codes.TooSoon):
        issue(policy, AT - timedelta(seconds=59))


@pytest.mark.django_db
def test_a_code_before_its_documents_is_tied_once() -> None:
    """certsign-api.md: a code asked for before the documents is tied by the first add; a later change voids it."""
    policy = a_policy()
    issued = codes.issue(owner=OWNER, binding="", policy=policy, at=AT)
    with pytest.raises(codes.Gone):
        judge(policy, issued.plain, binding="")
    assert codes.tie(owner=OWNER, binding=BINDING) == 1
    assert codes.tie(owner=OWNER, binding=BINDING) is None
    assert judge(policy, issued.plain).verdict == Verdict.ACCEPTED


@pytest.mark.django_db
def test_a_code_tied_to_what_has_changed_is_void() -> None:
    policy = a_policy()
    issued = codes.issue(owner=OWNER, binding="", policy=policy, at=AT)
    codes.tie(owner=OWNER, binding=BINDING)
    assert codes.tie(owner=OWNER, binding="cd" * 32) is None
    with pytest.raises(codes.Gone):
        judge(policy, issued.plain, binding="cd" * 32)


@pytest.mark.django_db
def test_whether_a_code_would_be_issued_is_told_without_one() -> None:
    policy = a_policy(cooldown_seconds=30)
    codes.check_send(owner=OWNER, policy=policy, at=AT)
    issue(policy)
    with pytest.raises(codes.TooSoon):
        codes.check_send(owner=OWNER, policy=policy, at=AT + timedelta(seconds=29))
    codes.check_send(owner=OWNER, policy=policy, at=AT + timedelta(seconds=30))
    assert Code.objects.count() == 1
