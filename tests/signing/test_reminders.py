"""Reminders before the last day: when they go, to whom, and what they say."""

from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import ValidationError
from django.utils.timezone import now
from hypothesis import given
from hypothesis import strategies as st

from otp.models import Message
from signing.clients import schedule
from signing.clients.models import Client
from signing.jobs import letters, reminders
from signing.models import Envelope
from tests.signing import walks

PARIS = ZoneInfo("Europe/Paris")


def an_envelope(walk: Path, *, days: str = "7 3 1", last: datetime | None = None) -> tuple[Envelope, datetime]:
    """An envelope whose last day ends at noon, far enough ahead."""
    client = walks.a_client("RAP")
    client.reminder_days = days
    client.save()
    envelope = walks.an_envelope(walk, client=client).envelope
    expires = last or (now().astimezone(PARIS) + timedelta(days=12)).replace(hour=12, minute=0)
    Envelope.objects.filter(pk=envelope.pk).update(expires_at=expires)
    walks.work()
    return envelope, expires


def sent(at: datetime) -> list[int]:
    """The numbers of the reminders that are queued at an instant, and sent."""
    numbers = []
    for each in reminders.remind(at):
        letters.send_message(each.ids["message_id"], owner="w", clock=lambda: at)
        numbers.append(Message.objects.get(pk=each.ids["message_id"]).n)
    return numbers


def test_each_goes_once_on_its_day(walk: Path) -> None:
    envelope, expires = an_envelope(walk)
    went = [sent(expires - timedelta(days=each)) for each in (8, 7, 7, 4, 3, 2, 1, 0)]
    assert went == [[], [2], [], [], [3], [], [4], []]
    signer = envelope.signers.get()
    assert walks.entries(signer).count("link.sent") == 4


def test_a_reminder_says_so_and_has_a_link_of_its_own(walk: Path) -> None:
    _, expires = an_envelope(walk)
    assert sent(expires - timedelta(days=3)) == [3]
    first, second = sorted((walk / "mailbox").glob("*.eml"))
    assert walks.subject_of(second) == f"Rappel : {walks.subject_of(first)}"
    links = [line for file in (first, second) for line in walks.text_of(file).splitlines() if "/a/" in line]
    assert len(set(links)) == 2


def test_of_several_that_were_missed_the_last_goes(walk: Path) -> None:
    _, expires = an_envelope(walk)
    assert sent(expires - timedelta(hours=20)) == [4]
    assert sent(expires - timedelta(hours=19)) == []


@pytest.mark.parametrize("hour", [0, 7, 20, 23])
def test_one_that_was_missed_or_kept_waits_for_the_morning(walk: Path, hour: int) -> None:
    """The worker stood still in the evening, or a cap put it off to midnight: nobody is woken for it."""
    _, expires = an_envelope(walk)
    night = (expires - timedelta(days=2)).replace(hour=hour, minute=30)
    assert sent(night) == [3]
    letter = Message.objects.get(kind="link", n=3)
    assert (letter.outcome, letter.attempts) == (Message.Outcome.WAITING, 0)
    assert letter.due_at.astimezone(PARIS).hour == 8
    letters.send_message(str(letter.pk), owner="w", clock=lambda: letter.due_at)
    letter.refresh_from_db()
    assert letter.outcome == Message.Outcome.SENT


def test_nobody_is_reminded_who_has_ended_or_whose_client_wants_none(walk: Path) -> None:
    envelope, expires = an_envelope(walk, days="")
    assert sent(expires - timedelta(days=1)) == []
    Client.objects.update(reminder_days="1")
    envelope.signers.update(state="REFUSED", ended_at=now())
    assert sent(expires - timedelta(days=1)) == []


def test_no_reminder_before_the_letter_it_reminds_of(walk: Path) -> None:
    """An envelope that is open for two days has no reminder of three days before."""
    _, expires = an_envelope(walk, last=now() + timedelta(days=2, hours=12))
    assert sent(now() + timedelta(minutes=1)) == []
    assert sent(expires - timedelta(minutes=1)) == [4]


@given(st.datetimes(datetime(2026, 1, 1), datetime(2027, 1, 1)), st.integers(0, 22), st.integers(1, 12))  # noqa: DTZ001 - made aware below
def test_it_is_never_sent_while_people_sleep(moment: datetime, opens: int, hours: int) -> None:
    client = Client(writes_from=opens, writes_until=min(opens + hours, 24))
    instant = moment.replace(tzinfo=ZoneInfo("UTC"))
    awake = reminders.awake(client, instant)
    assert instant <= awake <= instant + timedelta(hours=25)
    assert client.writes_from <= awake.astimezone(PARIS).hour < client.writes_until


@pytest.mark.parametrize("written", ["0", "31", "x", "-1", "1;2", "٣"])
def test_what_are_no_days(written: str) -> None:
    with pytest.raises(ValidationError):
        schedule.check(written)


def test_days_in_any_order() -> None:
    schedule.check("1, 7 3")
    assert schedule.days("1, 7 3 3") == [7, 3, 1]
    assert schedule.days("") == []
