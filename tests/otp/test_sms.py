from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from otp import messages
from otp.delivery import Answer, Bounced, NotNow, OutcomeUnknown, Sms
from otp.models import Channel, Message

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)
SMS = Sms("+33612345642", "123456 est votre code.\n\n@sign.example #123456")


class Refusing:
    """An SMS carrier that answers what `error` holds."""

    error: Exception

    def send(self, _sms: Sms) -> Answer:
        raise self.error


def queued() -> Message:
    return messages.queue(owner="order-1", kind="code", channel=Channel.SMS, at=AT)


def attempted() -> tuple[Message, messages.Outcome]:
    claimed = messages.claim(str(queued().pk), by="w", at=AT)
    assert claimed
    outcome = messages.attempt(lambda: SMS)
    assert messages.record(claimed, outcome, at=AT)
    claimed.refresh_from_db()
    return claimed, outcome


@pytest.mark.django_db
def test_in_production_the_sandboxs_mailbox_takes_no_sms(settings: Settings, tmp_path: Path) -> None:
    """Nobody reads it there: a code that lay in it would be told as sent."""
    settings.MAILBOX_DIR, settings.SANDBOX = tmp_path / "mailbox", False
    message, outcome = attempted()
    assert message.outcome == Message.Outcome.BOUNCED
    assert "SMS_CARRIER" in outcome.answer.text
    assert not settings.MAILBOX_DIR.exists()


@pytest.mark.django_db
def test_an_sms_is_one_file_whose_first_line_is_the_number(settings: Settings, tmp_path: Path) -> None:
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    message, outcome = attempted()
    assert message.outcome == Message.Outcome.SENT
    (file,) = (tmp_path / "mailbox").iterdir()
    assert file.name == f"{outcome.answer.message_id}.sms.txt"
    assert file.read_text() == f"{SMS.recipient}\n{SMS.text}\n"


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("error", "state", "certain"),
    [
        (Bounced(Answer("", "unknown number")), Message.Outcome.BOUNCED, True),
        (NotNow(Answer("", "busy")), Message.Outcome.WAITING, True),
        (OutcomeUnknown(Answer("", "timeout")), Message.Outcome.SENT, False),
    ],
)
def test_what_a_carrier_answers(
    settings: Settings, monkeypatch: pytest.MonkeyPatch, error: Exception, state: str, *, certain: bool
) -> None:
    """reliability.md, Signing job 4: an SMS whose send timed out is never resent by itself."""
    settings.SMS_CARRIER = "tests.otp.test_sms.Refusing"
    monkeypatch.setattr(Refusing, "error", error, raising=False)
    message, outcome = attempted()
    assert (message.outcome, outcome.certain) == (state, certain)
    due = messages.due(AT + timedelta(days=1), kinds=("code",))
    assert due == ([str(message.pk)] if state == Message.Outcome.WAITING else [])


@pytest.mark.django_db
def test_an_sms_in_the_hand_of_a_dead_worker_is_found() -> None:
    """kill -9 between the carrier's answer and ours: whether it went out is not known."""
    assert messages.left_in_hand(owner="order-1", kind="code") is None
    row = queued()
    assert messages.left_in_hand(owner="order-1", kind="code") is None
    messages.claim(str(row.pk), by="dead", at=AT)
    left = messages.left_in_hand(owner="order-1", kind="code")
    assert left == row
    assert messages.record(left, messages.Outcome(Message.Outcome.SENT, "", certain=False), at=AT)
    assert messages.left_in_hand(owner="order-1", kind="code") is None
