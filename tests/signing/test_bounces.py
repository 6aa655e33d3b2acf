"""What comes back of a mail after the server took it: notifications that are read from a pipe, reports of providers."""

import base64
import io
import quopri
import sys
from pathlib import Path
from types import SimpleNamespace

import pytest
from anymail.signals import tracking
from django.core.management import CommandError, call_command

from otp import reports
from tests.gateways.smtp import Server
from tests.signing.test_mail import entries, sent, server

__all__ = ["server"]


def notification(message_id: str, *, action: str = "failed") -> bytes:
    """As Postfix writes one (RFC 3464)."""
    return (
        "From: MAILER-DAEMON@mx.exemple.fr\r\nTo: ne-pas-repondre@signature.exemple.fr\r\n"
        'MIME-Version: 1.0\r\nContent-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
        "--b\r\nContent-Type: text/plain\r\n\r\nSorry.\r\n"
        "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n"
        f"Final-Recipient: rfc822; camille@exemple.fr\r\nAction: {action}\r\nStatus: 5.1.1\r\n"
        "Diagnostic-Code: smtp; 550 5.1.1 User unknown\r\n\r\n"
        f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    ).encode()


def take(raw: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys, "stdin", SimpleNamespace(buffer=io.BytesIO(raw)))
    call_command("take_bounce", stdout=io.StringIO())


def test_what_comes_back_later_is_an_entry_once(server: Server, walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    letter = sent(walk, server)
    for _ in range(2):
        take(notification(letter.message_id), monkeypatch)
    (entry,) = entries("link.bounced")
    assert "5.1.1 smtp; 550 5.1.1 User unknown" in [value for _, value in entry.openings.values()]
    letter.refresh_from_db()
    assert letter.report == "FAILED"


def test_a_link_that_came_to_its_recipient_is_an_entry_once(
    server: Server, walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """evidence.md, Kinds: `link.accepted` (message id, answer), where a server reports that it delivered."""
    letter = sent(walk, server)
    for _ in range(2):
        take(notification(letter.message_id, action="delivered"), monkeypatch)
    (entry,) = entries("link.accepted")
    assert (entry.data["message_id"], entry.data["n"], entry.value("recipient")) == (
        letter.message_id,
        1,
        "camille@exemple.fr",
    )
    assert not entries("link.bounced")


def test_a_letter_that_comes_back_after_a_server_took_it_for_its_recipient_is_told(
    server: Server, walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A relay delivered it, the next one did not: what is told last of a mail that failed is that it failed."""
    letter = sent(walk, server)
    for action in ("delivered", "failed", "delivered", "failed"):
        take(notification(letter.message_id, action=action), monkeypatch)
    assert (len(entries("link.accepted")), len(entries("link.bounced"))) == (1, 1)
    letter.refresh_from_db()
    assert letter.report == "FAILED"


@pytest.mark.parametrize("coded", ["quoted-printable", "base64"])
def test_returned_headers_may_be_coded(server: Server, walk: Path, monkeypatch: pytest.MonkeyPatch, coded: str) -> None:
    """Lines are broken at 76 characters there, in the middle of our id."""
    letter = sent(walk, server)
    plain = f"Message-ID: {letter.message_id}\r\n".encode()
    written = quopri.encodestring(plain) if coded == "quoted-printable" else base64.encodebytes(plain)
    assert letter.message_id.encode() not in written
    raw = notification(letter.message_id).replace(
        b"rfc822-headers\r\n\r\n" + plain,
        b"".join(
            [
                b"rfc822-headers\r\nContent-Transfer-Encoding: ",
                coded.encode(),
                b"\r\n\r\n",
                written,
            ]
        ),
    )
    take(raw, monkeypatch)
    assert len(entries("link.bounced")) == 1


def test_an_id_that_is_forged_hides_none_that_is_ours(
    server: Server, walk: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    letter = sent(walk, server)
    forged = letter.message_id.replace(reports.code_of(str(letter.pk)), "0" * 32)
    take(f"References: {forged}\r\n".encode() + notification(letter.message_id), monkeypatch)
    assert len(entries("link.bounced")) == 1


def test_parts_within_parts_without_end_are_refused_with_a_sentence(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(CommandError, match="parts within parts"):
        take(b"Content-Type: message/rfc822\r\n\r\n" * 5000, monkeypatch)


def test_what_is_no_bounce_of_ours(server: Server, walk: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    """A delay, a letter of somebody, a forged id, a random file."""
    letter = sent(walk, server)
    forged = letter.message_id.replace(reports.code_of(str(letter.pk)), "0" * 32)
    delayed = notification(letter.message_id, action="delayed")
    for raw in (delayed, notification(forged), b"Subject: x\r\n\r\nHi", b"\xff\0"):
        with pytest.raises(CommandError):
            take(raw, monkeypatch)
    assert not entries("link.bounced")


def test_what_a_provider_reports(server: Server, walk: Path) -> None:
    """anymail's webhooks, whatever the provider: by its own id."""
    letter = sent(walk, server)
    for message_id in ("unknown", None, letter.message_id, letter.message_id):
        event = SimpleNamespace(
            event_type="bounced", message_id=message_id, mta_response="550 unknown", description=None
        )
        tracking.send(sender=None, event=event, esp_name="x")
    assert len(entries("link.bounced")) == 1
