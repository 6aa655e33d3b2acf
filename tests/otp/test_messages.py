import email
import email.policy
import smtplib
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend
from pytest_django.fixtures import Settings

from otp import messages
from otp.delivery import Attachment, Mail, Sms
from otp.models import Channel, Message

AT = datetime(2026, 11, 23, 14, 29, 3, tzinfo=UTC)


class Refusing(BaseEmailBackend):
    """A mail server that answers what `error` holds."""

    error: Exception

    def send_messages(self, _messages: Any) -> int:
        raise self.error


class Broken:
    """A carrier whose library raises what nobody expects."""

    def send(self, _sms: Sms) -> None:
        raise KeyError("answer")


def a_mail(**changes: Any) -> Mail:
    values: dict[str, Any] = {
        "recipient": "camille@exemple.fr",
        "subject": "Objet",
        "text": "Texte",
        "html": "<p>Texte</p>",
    }
    return Mail(**values | changes)


def queued() -> Message:
    return messages.queue(owner="o", kind="link", channel=Channel.EMAIL, at=AT)


def sent_once(at: datetime = AT) -> Message:
    """Claim, attempt, record; gives the row."""
    message = messages.claim(str(queued().pk), by="w", at=at)
    assert message is not None
    outcome = messages.attempt(a_mail)
    assert messages.record(message, outcome, at=at)
    message.refresh_from_db()
    return message


def answer(settings: Settings, error: Exception) -> None:
    Refusing.error = error
    settings.EMAIL_BACKEND = f"{__name__}.Refusing"


@pytest.fixture(autouse=True)
def mailbox(settings: Settings, tmp_path: Path) -> Path:
    settings.EMAIL_BACKEND = "otp.delivery.mailbox.MailboxBackend"
    settings.MAILBOX_DIR = tmp_path / "mailbox"
    return tmp_path / "mailbox"


@pytest.mark.django_db
def test_a_sent_message_is_one_file_and_is_not_sent_again(mailbox: Path) -> None:
    message = sent_once()
    assert message.outcome == Message.Outcome.SENT
    assert message.sent_at == AT
    (file,) = mailbox.glob("*.eml")
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert parsed["To"] == "camille@exemple.fr"
    assert parsed["Message-ID"]
    assert messages.claim(str(message.pk), by="other", at=AT + timedelta(days=1)) is None


@pytest.mark.django_db
def test_the_same_owner_kind_and_n_give_one_row() -> None:
    """DESIGN: side effects are rows, unique."""
    assert queued().pk == queued().pk


@pytest.mark.django_db
def test_a_claimed_message_is_left_alone_until_its_lease_is_over(settings: Settings) -> None:
    settings.LEASE_SECONDS = 90
    row = queued()
    assert messages.claim(str(row.pk), by="one", at=AT)
    assert messages.claim(str(row.pk), by="two", at=AT + timedelta(seconds=89)) is None
    assert messages.claim(str(row.pk), by="two", at=AT + timedelta(seconds=90))


@pytest.mark.django_db
def test_an_attempt_is_counted_before_it_is_made_and_a_wait_is_none() -> None:
    """A worker that dies of it cannot count any more; that a client's day is full is not held against a letter."""
    row = queued()

    def claimed(hours: int) -> Message:
        found = messages.claim(str(row.pk), by="w", at=AT + timedelta(hours=hours))
        assert found is not None
        return found

    for hours in range(messages.GIVE_UP_AFTER - 1):
        assert claimed(hours).attempts == hours + 1
    messages.put_off(claimed(50), until=AT)
    assert Message.objects.get().attempts == messages.GIVE_UP_AFTER - 1
    assert not messages.was_deadly(claimed(60))
    assert messages.was_deadly(claimed(70))


@pytest.mark.django_db
def test_an_outcome_of_a_lost_claim_is_dropped() -> None:
    row = queued()
    first = messages.claim(str(row.pk), by="one", at=AT)
    assert first
    second = messages.claim(str(row.pk), by="two", at=AT + timedelta(hours=1))
    assert second
    outcome = messages.attempt(a_mail)
    assert messages.record(second, outcome, at=AT)
    assert not messages.record(first, outcome, at=AT)


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"camille@exemple.fr": (550, b"no such user")}),
        smtplib.SMTPDataError(554, b"refused"),
        smtplib.SMTPSenderRefused(552, b"5.3.4 message too large", "x@y"),
    ],
)
def test_a_final_answer_bounces(settings: Settings, error: Exception) -> None:
    answer(settings, error)
    assert sent_once().outcome == Message.Outcome.BOUNCED


@pytest.mark.django_db
@pytest.mark.parametrize(
    "error",
    [
        smtplib.SMTPRecipientsRefused({"camille@exemple.fr": (450, b"greylisted")}),
        smtplib.SMTPDataError(451, b"later"),
        smtplib.SMTPConnectError(554, b"we know you not"),
        smtplib.SMTPHeloError(550, b"no such name"),
        smtplib.SMTPAuthenticationError(535, b"5.7.8 password"),
        smtplib.SMTPSenderRefused(530, b"5.7.0 log in first", "x@y"),
        smtplib.SMTPSenderRefused(553, b"bad sender", "x@y"),
        smtplib.SMTPServerDisconnected("gone"),
        ConnectionRefusedError(111),
        TimeoutError(),
    ],
)
def test_everything_else_is_tried_again_later(settings: Settings, error: Exception) -> None:
    """reliability.md: SMTP down, 4xx, hanging: outbox back-off; so what a server has against us, not the recipient."""
    answer(settings, error)
    message = sent_once()
    assert message.outcome == Message.Outcome.WAITING
    assert message.due_at == AT + timedelta(seconds=messages.BACK_OFF[0])
    assert messages.due(AT, kinds=("link",)) == []
    assert messages.due(message.due_at, kinds=("link",)) == [str(message.pk)]


@pytest.mark.django_db
def test_a_message_that_never_gets_through_is_given_up(settings: Settings) -> None:
    answer(settings, TimeoutError())
    at = AT
    for _ in range(messages.GIVE_UP_AFTER):
        message = sent_once(at)
        at = message.due_at
    assert message.outcome == Message.Outcome.DEAD


@pytest.mark.django_db
def test_a_subject_with_a_line_break_injects_no_header(mailbox: Path) -> None:
    messages.attempt(lambda: a_mail(subject="Objet\nBcc: victim@exemple.fr"))
    (file,) = mailbox.glob("*.eml")
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    assert parsed["Bcc"] is None
    assert parsed["Subject"] == "Objet Bcc: victim@exemple.fr"


@pytest.mark.django_db
@pytest.mark.parametrize(
    "subject", ["Vous avez signé un document pour Exemple SA, dossier EXS-2026-000001", "é" * 70, "Objet"]
)
def test_a_subject_is_read_as_it_was_written(mailbox: Path, subject: str) -> None:
    """RFC 5322, 2.2.3: what is folded is joined again with its blank; so none stands before the first word."""
    messages.attempt(lambda: a_mail(subject=subject))
    (file,) = mailbox.glob("*.eml")
    assert email.message_from_bytes(file.read_bytes(), policy=email.policy.default)["Subject"] == subject
    assert max(map(len, file.read_bytes().splitlines())) <= 998


@pytest.mark.django_db
def test_attachments_go_along(mailbox: Path) -> None:
    messages.attempt(lambda: a_mail(attachments=(Attachment("contrat.pdf", b"%PDF-1.7", "application/pdf"),)))
    (file,) = mailbox.glob("*.eml")
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    (attached,) = parsed.iter_attachments()
    assert attached.get_filename() == "contrat.pdf"
    assert attached.get_content() == b"%PDF-1.7"


def test_the_mailbox_leaves_no_half_file(mailbox: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(*_arguments: object) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(Path, "rename", fail)
    with pytest.raises(OSError, match="disk full"):
        EmailMessage("s", "b", "a@exemple.fr", ["b@exemple.fr"]).send()
    assert not list(mailbox.glob("*.eml"))


@pytest.mark.django_db
def test_an_address_that_is_none_is_a_bounce(settings: Settings) -> None:
    """Of a row that is older than the judge at the door: told, not raised at its worker for ever."""
    settings.EMAIL_BACKEND = "otp.delivery.smtp.SmtpBackend"
    outcome = messages.attempt(lambda: a_mail(recipient="a1@x.fr,b1@y.fr"))
    assert (outcome.state, outcome.answer.text) == (Message.Outcome.BOUNCED, "no e-mail address")


@pytest.mark.django_db
def test_what_a_library_raises_is_an_attempt(settings: Settings, caplog: pytest.LogCaptureFixture) -> None:
    """Whatever it is: the row goes on to its next try, with an error in the log."""
    answer(settings, TypeError("not JSON"))
    message = sent_once()
    assert (message.outcome, message.attempts, message.claimed_by) == (Message.Outcome.WAITING, 1, "")
    assert [each.levelname for each in caplog.records] == ["ERROR"]


def test_what_a_carrier_raises_leaves_an_sms_that_may_have_gone_out(settings: Settings) -> None:
    settings.SMS_CARRIER = f"{__name__}.Broken"
    outcome = messages.attempt(lambda: Sms("+33611111142", "042117"))
    assert (outcome.state, outcome.certain) == (Message.Outcome.SENT, False)
