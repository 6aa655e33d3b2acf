"""Mail over real SMTP: what servers answer, whose name it bears, and what stands in the trail of it."""

import email
import email.policy
import smtplib
from collections.abc import Iterator
from datetime import timedelta
from email.message import EmailMessage
from pathlib import Path
from typing import Any

import pytest
from django.utils.timezone import now
from pytest_django.fixtures import Settings

from evidence import trail
from otp.delivery import smtp as backend
from otp.models import Message
from signing.clients.models import Client
from signing.jobs import letters
from signing.models import Signer
from tests.gateways import smtp
from tests.gateways.smtp import Server
from tests.signing import walks
from tests.signing.admin.people import operator_browser
from tests.signing.views.browser import words_of


@pytest.fixture
def server(walk: Path, settings: Settings) -> Iterator[Server]:
    with smtp.running() as running:
        settings.EMAIL_BACKEND = "otp.delivery.smtp.SmtpBackend"
        settings.EMAIL_HOST, settings.EMAIL_PORT, settings.EMAIL_TIMEOUT = "127.0.0.1", running.port, 5
        settings.DEFAULT_FROM_EMAIL = "Paraphe <ne-pas-repondre@signature.exemple.fr>"
        yield running


def sent(walk: Path, server: Server, *, client: Client | None = None, minutes: int = 0) -> Message:
    """The letter with the link, tried once; `minutes` later, once more."""
    if not Message.objects.exists():
        walks.an_envelope(walk, client=client)
    letter = Message.objects.get(kind="link")
    moment = now() + timedelta(minutes=minutes)
    letters.send_message(str(letter.pk), owner=f"w{minutes}", clock=lambda: moment)
    letter.refresh_from_db()
    return letter


def entries(kind: str) -> list[Any]:
    signer = Signer.objects.select_related("envelope__trail").get()
    return [each for each in trail.entries(signer.envelope.trail) if each.kind == kind]


def of_letters() -> list[Any]:
    signer = Signer.objects.select_related("envelope__trail").get()
    return [each for each in trail.entries(signer.envelope.trail) if each.kind in {"link.delayed", "link.sent"}]


def answer(entry: Any) -> str:
    return str(dict(entry.openings)["answer"][1])


def opened(raw: bytes) -> EmailMessage:
    parsed = email.message_from_bytes(raw, policy=email.policy.default)
    assert isinstance(parsed, EmailMessage)
    return parsed


def test_what_the_server_answered_is_an_entry(server: Server, walk: Path) -> None:
    letter = sent(walk, server)
    assert letter.outcome == "SENT"
    assert server.recipients == ["camille@exemple.fr"]
    (entry,) = entries("link.sent")
    assert entry.members["data"]["message_id"] == letter.message_id
    assert opened(server.taken[0])["Message-ID"].strip() == letter.message_id
    values = [value for _, value in entry.openings.values()]
    assert "250 2.0.0 Ok: queued as 4FzX" in values


def test_a_mail_has_seven_bits_and_short_lines(server: Server, walk: Path) -> None:
    """RFC 5321, 2.4, RFC 6152: not every server takes eight. RFC 6376, 5.3: recoded, its DKIM signature is broken."""
    sent(walk, server)
    assert server.taken[0].isascii()
    assert max(map(len, server.taken[0].splitlines())) <= 998
    parts = [part for part in opened(server.taken[0]).walk() if not part.is_multipart()]
    assert {str(part["Content-Transfer-Encoding"]) for part in parts} == {"quoted-printable"}
    assert "Accéder aux documents" in parts[1].get_content()
    assert "/a/" in parts[0].get_content()


def test_a_password_that_the_server_does_not_know_leaves_no_session_open(
    server: Server, walk: Path, settings: Settings, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Tried again for hours: each session that stays open would count against the server's limit, and ours."""
    settings.EMAIL_HOST_USER, settings.EMAIL_HOST_PASSWORD = "paraphe", "no longer"
    sessions: list[smtplib.SMTP] = []

    class Session(smtplib.SMTP):
        def __init__(self, *arguments: Any, **named: Any) -> None:
            super().__init__(*arguments, **named)
            sessions.append(self)

    monkeypatch.setattr(backend, "_Session", Session)
    assert sent(walk, server).outcome == "WAITING"
    assert [each.sock for each in sessions] == [None]


def test_greylisting_is_waited_for(server: Server, walk: Path) -> None:
    server.says = [("RCPT", "450 4.2.0 Greylisted, come back")]
    assert sent(walk, server).outcome == "WAITING"
    assert not entries("link.sent")
    assert sent(walk, server, minutes=5).outcome == "SENT"
    assert len(server.taken) == 1


def test_each_attempt_is_an_entry_with_the_answer_it_got(server: Server, walk: Path) -> None:
    """reliability.md, Signing job 4; what the operator sees of the letter in the administration is the same."""
    server.says = [("RCPT", "450 4.2.0 Greylisted, come back"), ("DATA", "452 4.3.1 Disk full")]
    for minutes in (0, 5, 10):
        letter = sent(walk, server, minutes=minutes)
    said = [(each.kind, each.members["data"].get("attempt"), answer(each)) for each in of_letters()]
    assert said == [
        ("link.delayed", 1, "450 4.2.0 Greylisted, come back"),
        ("link.delayed", 2, "452 4.3.1 Disk full"),
        ("link.sent", None, "250 2.0.0 Ok: queued as 4FzX"),
    ]
    page = words_of(operator_browser().get(f"/admin/otp/message/{letter.pk}/change/"))
    assert "450 4.2.0 Greylisted, come back" in page
    assert "452 4.3.1 Disk full" in page


@pytest.mark.parametrize("step", ["RCPT", "DATA"])
def test_a_refusal_for_good_is_a_bounce(server: Server, walk: Path, step: str) -> None:
    """No such mailbox, or a full one that says 5xx (552): told, and not tried again."""
    server.says = [(step, "552 5.2.2 Mailbox full")]
    assert sent(walk, server).outcome == "BOUNCED"
    (entry,) = entries("link.bounced")
    assert "552 5.2.2 Mailbox full" in [value for _, value in entry.openings.values()]


def test_a_server_that_hangs_may_have_kept_it_so_both_have_one_id(
    server: Server, walk: Path, settings: Settings
) -> None:
    """The second is known as the same message by its Message-ID."""
    settings.EMAIL_TIMEOUT, server.hang = 0.3, 1.0
    assert sent(walk, server).outcome == "WAITING"
    server.hang = 0.0
    assert sent(walk, server, minutes=5).outcome == "SENT"
    first, second = (opened(raw)["Message-ID"] for raw in server.taken)
    assert first == second


def test_a_server_that_is_down_uses_up_nobodys_day(server: Server, walk: Path) -> None:
    """What it surely did not take counts against no cap; what it may have kept does."""
    client = walks.a_client("EXS", contact_a_day=1, client_a_day=1)
    server.says = [("RCPT", "450 4.2.0 Greylisted, come back")] * 3
    for n in range(3):
        assert sent(walk, server, client=client, minutes=10 * n).attempts == n + 1
    assert sent(walk, server, minutes=30).outcome == "SENT"


def test_what_a_silent_server_may_have_kept_counts(server: Server, walk: Path, settings: Settings) -> None:
    client = walks.a_client("EXS", contact_a_day=1)
    settings.EMAIL_TIMEOUT, server.hang = 0.3, 1.0
    assert sent(walk, server, client=client).outcome == "WAITING"
    server.hang = 0.0
    letter = sent(walk, server, minutes=5)
    assert (letter.outcome, letter.attempts, len(server.taken)) == ("WAITING", 1, 1)


def test_a_server_that_refuses_our_sender_blames_no_recipient(server: Server, walk: Path) -> None:
    """No entry says that the signer's mailbox refused it."""
    server.says = [("MAIL", "553 5.7.1 sender not allowed")]
    assert sent(walk, server).outcome == "WAITING"
    assert not entries("link.bounced")
    assert sent(walk, server, minutes=5).outcome == "SENT"


def test_nobody_listens(server: Server, walk: Path, settings: Settings) -> None:
    settings.EMAIL_PORT = 9
    assert sent(walk, server).outcome == "WAITING"


def test_a_client_writes_under_its_name_and_no_name_begins_a_header(server: Server, walk: Path) -> None:
    client = walks.a_client("MLN")
    client.mail_name, client.reply_to = "Café\r\nBcc: x@y.fr\x07 <img>", "contact@exemple.fr"
    client.save()
    sent(walk, server, client=client)
    message = opened(server.taken[0])
    assert message["From"].addresses[0].addr_spec == "ne-pas-repondre@signature.exemple.fr"
    assert message["From"].addresses[0].display_name == "Café Bcc: x@y.fr <img>"
    assert message["Reply-To"] == "contact@exemple.fr"
    assert message["Auto-Submitted"] == "auto-generated"  # RFC 3834: or absences are answered to that address
    assert message["Bcc"] is None
    assert server.recipients == ["camille@exemple.fr"]
