"""A running Paraphe whose SMS go through a real Kannel, and whose mail goes over SMTP, as in production."""

import email
import email.policy
import re
import secrets
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from email.message import EmailMessage
from typing import TypeVar

import pytest

from tests.canary import places
from tests.gateways import kannel, smtp
from tests.gateways.kannel import Kannel
from tests.gateways.smpp import Plan
from tests.stack import ROOT, Stack

SENDER = "Paraphe <ne-pas-repondre@signature.exemple.fr>"
PATIENCE = 60.0
LINK = re.compile(r"(?m)^(https://\S+/a/\S+)$")
CODE_OF_SMS = re.compile(r"@localhost #(\d{6})\s*$")
CODE = re.compile(r"(?m)^\s*(\d{3})\s?(\d{3})\s*$")
SMS = re.compile(rb"['\t]sms['\t]")  # of a row as SQLite or pg_dump writes it
T = TypeVar("T")


@dataclass
class Wired:
    """What a test sees: the running Paraphe, the gateway behind it, the mail server that took its letters."""

    stack: Stack
    gateway: Kannel
    mail: smtp.Server

    def letters(self, address: str) -> list[EmailMessage]:
        """The mails to this address, oldest first."""
        parsed = [email.message_from_bytes(raw, policy=email.policy.default) for raw in list(self.mail.taken)]
        return [each for each in parsed if isinstance(each, EmailMessage) and address in str(each["To"])]

    def letter(self, address: str, holds: re.Pattern[str]) -> tuple[EmailMessage, re.Match[str]]:
        """Wait for the newest mail to this address whose text holds a pattern."""
        return until(lambda: self._letters(address, holds))[-1]

    def _letters(self, address: str, holds: re.Pattern[str]) -> list[tuple[EmailMessage, re.Match[str]]]:
        return [(each, found) for each in self.letters(address) if (found := holds.search(text_of(each)))]

    def telephone(self) -> str:
        """A number that nobody else has, of a telephone that tells its centre what it got."""
        number = f"+337{secrets.randbelow(10**8):08}"
        self.gateway.plans[number.removeprefix("+")] = Plan(("DELIVRD",))
        return number

    def sms(self, number: str) -> tuple[str, str]:
        """Wait for the whole SMS to a number that the tests' centre serves (`telephone`); gives its text and the code.

        Parts come one after the other; the last ends with the line for browsers.
        """
        found = until(lambda: CODE_OF_SMS.search(self._parts(number)))
        return found.string, found[1]

    def _parts(self, number: str) -> str:
        taken = list(self.gateway.centre.taken)
        return "".join(each.text for each in taken if each.number == number.removeprefix("+"))

    def arrived(self) -> None:
        """Wait until Kannel has reported that every SMS arrived."""
        until(lambda: (rows := self._rows_of_sms()) and all(b"DELIVERED" in row for row in rows))

    def _rows_of_sms(self) -> list[bytes]:
        return [row for row in places.database(self.stack)["otp_message"].splitlines() if SMS.search(row)]

    def come_back(self, letter: EmailMessage, *, action: str, words: str) -> None:
        """What the recipient's server tells of a letter later, into `manage.py take_bounce` (RFC 3464)."""
        notification = (
            "From: MAILER-DAEMON@mx.exemple.fr\r\nTo: ne-pas-repondre@signature.exemple.fr\r\nMIME-Version: 1.0\r\n"
            'Content-Type: multipart/report; report-type=delivery-status; boundary="b"\r\n\r\n'
            "--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx.exemple.fr\r\n\r\n"
            f"Final-Recipient: rfc822; {letter['To']}\r\nAction: {action}\r\nStatus: 2.0.0\r\n"
            f"Diagnostic-Code: smtp; {words}\r\n\r\n"
            f"--b\r\nContent-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter['Message-ID']}\r\n\r\n--b--\r\n"
        )
        done = subprocess.run(
            [sys.executable, "manage.py", "take_bounce"],
            cwd=ROOT,
            env=self.stack.environment,
            input=notification.encode(),
            capture_output=True,
            check=False,
            timeout=60,
        )
        assert done.returncode == 0, done.stderr.decode()


def text_of(letter: EmailMessage) -> str:
    """The plain text of a mail, its lines ended as in Python."""
    body = letter.get_body(("plain",))
    return "\n".join(str(body.get_content()).splitlines()) if body else ""


def until(given: Callable[[], T | None]) -> T:
    """Wait until something is there, and give it."""
    end = time.monotonic() + PATIENCE
    while not (found := given()):
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.02)
    return found


@pytest.fixture(scope="session")
def wired(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wired]:
    """Shared by the tests of this process: make an envelope of your own, with addresses and numbers of its own."""
    with kannel.running() as gateway, smtp.running() as mail:
        stack = Stack(
            tmp_path_factory.mktemp("wired") / "state",
            SMS_CARRIER="otp.delivery.kannel.KannelCarrier",
            SMS_GATEWAY_URL=gateway.url,
            SMS_GATEWAY_USERNAME=gateway.settings["username"],
            SMS_GATEWAY_PASSWORD=gateway.settings["password"],
            EMAIL_BACKEND="otp.delivery.smtp.SmtpBackend",
            EMAIL_HOST="127.0.0.1",
            EMAIL_PORT=str(mail.port),
            DEFAULT_FROM_EMAIL=SENDER,
        )
        stack.environment["SMS_REPORT_URL"] = f"http://127.0.0.1:{stack.http_port}"
        stack.start()
        yield Wired(stack, gateway, mail)
        assert stack.stop() == 0, "\n".join(stack.said)
