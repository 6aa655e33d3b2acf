"""Several codes alone to one contact: whose message is whose, what is tried again, what counts over midnight."""

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now

from otp import codes, messages
from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown
from otp.models import Message
from signing.backend import alone, jobs, letters
from signing.backend.challenges import Challenge
from signing.clients.models import Client
from tests.backend.bare_orders import SERVICE
from tests.backend.test_alone import MAIL, SMS, code
from tests.signing import walks

NAMED = alone.Wanted("sms", "+33611111142", "", "LOGIN-1")
FAILED, SENT, WAITING = Challenge.State.FAILED, Challenge.State.SENT, Challenge.State.WAITING


def asked(client: Client, wanted: alone.Wanted = SMS) -> Challenge:
    return alone.ask(client=client, wanted=wanted, at=now())


def worked(row: Challenge) -> Challenge:
    walks.work(kinds=SERVICE)
    row.refresh_from_db()
    return row


def answering(monkeypatch: pytest.MonkeyPatch, answer: Callable[[], Any]) -> list[Any]:
    """A gateway that answers so; gives the messages that it was handed."""
    handed: list[Any] = []

    def send(message: Any) -> Any:
        handed.append(message)
        return answer()

    monkeypatch.setattr(messages, "send", send)
    return handed


@pytest.mark.parametrize("cooldown", [30, 0])
@pytest.mark.parametrize("error", [None, Bounced(Answer("", "no"))], ids=["taken", "refused"])
def test_an_sms_in_hand_is_not_taken_over_by_another_code_to_the_same_phone(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any, cooldown: int, error: Exception | None
) -> None:
    """reliability.md: an SMS is never resent by itself. Each row tells what became of its own message."""
    client = walks.a_client(cooldown_seconds=cooldown)
    first, second = asked(client), asked(client)

    def slow() -> Answer:
        if len(handed) == 1:  # the gateway takes its time; meanwhile another worker takes the other row
            alone.send(str(second.pk), clock=now)
            if error:
                raise error
        return Answer("", "")

    handed = answering(monkeypatch, slow)
    alone.send(str(first.pk), clock=now)
    later = now() + timedelta(seconds=settings.LEASE_SECONDS + 35)
    assert jobs.due_alone(later) == []
    for each in (first, second):
        alone.send(str(each.pk), clock=walks.standing(later))
        each.refresh_from_db()
    assert (first.state, first.trouble) == ((FAILED, "BOUNCED") if error else (SENT, ""))
    assert (second.state, second.trouble) == ((FAILED, "TOO_SOON") if cooldown else (SENT, ""))
    assert len(handed) == (1 if cooldown else 2)


def test_an_sms_that_a_dead_worker_had_in_hand_is_its_own_rows(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Also where another code went to the same phone meanwhile: its own is told as sent, and is not sent again."""
    client = walks.a_client(cooldown_seconds=0)
    dead, other = asked(client), asked(client)
    handed = answering(monkeypatch, lambda: Answer("", ""))
    with pytest.MonkeyPatch.context() as patched:
        patched.setattr("otp.messages.record", lambda *_a, **_k: False)
        alone.send(str(dead.pk), clock=now)
    alone.send(str(other.pk), clock=now)
    later = now() + timedelta(seconds=settings.LEASE_SECONDS + 1)
    alone.send(str(dead.pk), clock=walks.standing(later))
    for each, n in ((dead, 1), (other, 2)):
        each.refresh_from_db()
        assert (each.state, each.n) == (SENT, n)
    assert len(handed) == 2
    assert set(Message.objects.values_list("outcome", flat=True)) == {Message.Outcome.SENT}


def test_a_worker_that_was_slower_than_its_lease_sends_nothing(
    walk: Path, monkeypatch: pytest.MonkeyPatch, settings: Any
) -> None:
    """Whoever took the row over sends its code; the slow one's is taken back before it has gone out."""
    row = asked(walks.a_client(cooldown_seconds=0))
    handed = answering(monkeypatch, lambda: Answer("", ""))
    late = now() + timedelta(seconds=settings.LEASE_SECONDS + 1)
    composed = letters.alone_message

    def slow(*given: Any) -> Any:
        monkeypatch.setattr(alone, "alone_message", composed)
        Challenge.objects.filter(pk=row.pk).update(due_at=late)  # another worker's lease by now
        return composed(*given)

    monkeypatch.setattr(alone, "alone_message", slow)
    alone.send(str(row.pk), clock=now)
    assert handed == []
    alone.send(str(row.pk), clock=walks.standing(late))
    row.refresh_from_db()
    assert (row.state, row.n, len(handed)) == (SENT, 1, 1)


@pytest.mark.parametrize(
    ("trouble", "error"), [("BOUNCED", Bounced(Answer("", ""))), ("NOT_SENT", NotNow(Answer("", "")))]
)
def test_an_id_whose_message_nobody_took_may_be_tried_again(
    walk: Path, monkeypatch: pytest.MonkeyPatch, trouble: str, error: Exception
) -> None:
    client = walks.a_client(cooldown_seconds=0)

    def no() -> Answer:
        raise error

    answering(monkeypatch, no)
    row = worked(asked(client, NAMED))
    assert (row.state, row.trouble) == (FAILED, trouble)
    handed = answering(monkeypatch, lambda: Answer("", ""))
    again = worked(asked(client, NAMED))
    assert (again.pk, again.state, again.trouble, len(handed)) == (row.pk, SENT, "", 1)
    assert worked(asked(client, NAMED)).state == SENT
    assert len(handed) == 1


def test_an_id_that_was_too_soon_is_told_the_truth_and_then_tried(walk: Path) -> None:
    client = walks.a_client()
    first, row = asked(client), asked(client, NAMED)
    for each in (first, row):  # in this order, and not side by side as a worker's threads have them
        alone.send(str(each.pk), clock=now)
    row.refresh_from_db()
    assert (row.state, row.trouble) == (FAILED, "TOO_SOON")
    with pytest.raises(codes.TooSoon) as told:
        asked(client, NAMED)
    assert timedelta(seconds=25) < told.value.retry_at - now() < timedelta(seconds=30)
    assert alone.ask(client=client, wanted=NAMED, at=told.value.retry_at).state == WAITING


def test_an_id_that_was_capped_is_tried_the_next_day(walk: Path) -> None:
    client = walks.a_client(cooldown_seconds=0, contact_a_day=1)
    worked(asked(client))
    row = worked(asked(client, NAMED))
    assert (row.state, row.trouble) == (FAILED, "CAPPED")
    tomorrow = now() + timedelta(days=1)
    again = alone.ask(client=client, wanted=NAMED, at=tomorrow)
    alone.send(str(again.pk), clock=walks.standing(tomorrow))
    row.refresh_from_db()
    assert (row.state, row.trouble) == (SENT, "")


def test_a_code_that_nobody_took_counts_against_no_cap(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def busy() -> Answer:
        raise NotNow(Answer("", "503"))

    client = walks.a_client(cooldown_seconds=0, contact_a_day=1)
    with monkeypatch.context() as patched:
        answering(patched, busy)
        for _ in range(2):
            assert worked(asked(client, NAMED)).trouble == "NOT_SENT"
    assert worked(asked(client, NAMED)).state == SENT


def test_an_id_whose_sms_may_have_gone_out_is_not_tried_again(walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md: an SMS whose send timed out is never resent by itself."""

    def nothing() -> Answer:
        raise OutcomeUnknown(Answer("", ""))

    client = walks.a_client(cooldown_seconds=0)
    handed = answering(monkeypatch, nothing)
    row = worked(asked(client, NAMED))
    assert (row.state, worked(asked(client, NAMED)).pk, len(handed)) == (SENT, row.pk, 1)


def test_sends_of_an_hour_and_the_newest_code_count_over_midnight(walk: Path) -> None:
    """reliability.md: five sends an hour, cool-down; docs/service.md: the newer code voids the older."""
    client = walks.a_client(sends_per_hour=2)
    late = (now() + timedelta(days=1)).replace(hour=23, minute=59, second=40)
    first = alone.ask(client=client, wanted=MAIL, at=late)
    alone.send(str(first.pk), clock=walks.standing(late))
    old = code(walk)
    early = late + timedelta(seconds=25)  # the next day
    with pytest.raises(codes.TooSoon) as soon:
        alone.ask(client=client, wanted=MAIL, at=early)
    assert soon.value.retry_at == late + timedelta(seconds=30)
    then = late + timedelta(seconds=31)
    second = alone.ask(client=client, wanted=MAIL, at=then)
    alone.send(str(second.pk), clock=walks.standing(then))
    first.refresh_from_db()
    with pytest.raises(codes.Gone):
        alone.judge(challenge=first, typed=old, at=then)
    with pytest.raises(codes.TooSoon) as full:
        alone.ask(client=client, wanted=MAIL, at=late + timedelta(minutes=59))
    assert full.value.retry_at == late + timedelta(hours=1)


def test_failures_of_a_contact_count_for_a_day(walk: Path) -> None:
    """Over midnight as well; and the lock holds a day from its wrong code, whatever the hour."""
    client = walks.a_client(cooldown_seconds=0, failures_to_lock=3, validity_seconds=200_000)
    row = worked(asked(client, MAIL))
    right = code(walk)
    wrong = f"{(int(right) + 1) % 1_000_000:06d}"
    start, hours = now(), timedelta(hours=1)
    for at, ends in [(0, codes.Wrong), (20, codes.Wrong), (25, codes.Wrong), (30, codes.Locked), (53, codes.Locked)]:
        with pytest.raises(ends):
            alone.judge(challenge=row, typed=wrong, at=start + at * hours)
    with pytest.raises(codes.Locked):
        alone.ask(client=client, wanted=MAIL, at=start + 53 * hours)
    alone.judge(challenge=row, typed=right, at=start + 54 * hours)
    assert row.state == Challenge.State.VERIFIED


def test_the_last_try_is_told_however_often_it_is_asked(walk: Path) -> None:
    """certsign-api.md: ERROR_NBR_ESSAI is "no tries left"; of a code, then of the contact."""
    row = worked(asked(walks.a_client(cooldown_seconds=0, tries=1, failures_to_lock=2), MAIL))
    wrong = f"{(int(code(walk)) + 1) % 1_000_000:06d}"
    for typed in (wrong, wrong, code(walk)):
        with pytest.raises(codes.NoTriesLeft):
            alone.judge(challenge=row, typed=typed, at=now())
    second = worked(asked(row.client, MAIL))
    for each in (second, second, row):
        with pytest.raises(codes.Locked):
            alone.judge(challenge=each, typed="no code", at=now())
