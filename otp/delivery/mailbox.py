"""The sandbox mailbox: every mail becomes a file `*.eml` in STATE_DIR/mailbox, every SMS a file `*.sms.txt`.

Files are written whole or not at all; their names begin with the time.
"""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend

from otp.delivery import Answer, Bounced, Sms

NO_CARRIER = "no carrier of SMS is named (SMS_CARRIER)"


class MailboxBackend(BaseEmailBackend):
    """Django e-mail backend of the sandbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message to a file named by its time; gives how many were written."""
        for message in email_messages:
            _keep(message.message().as_bytes(), ".eml")
        return len(email_messages)


class MailboxCarrier:
    """SMS carrier of the sandbox: first line the number, then the text. In production it takes nothing."""

    def send(self, sms: Sms) -> Answer:
        """Write one SMS to a file named by its time; its id is that name. Raises Bounced outside the sandbox."""
        if not settings.SANDBOX:
            raise Bounced(Answer(message_id="", text=NO_CARRIER))
        return Answer(message_id=_keep(f"{sms.recipient}\n{sms.text}\n".encode(), ".sms.txt"), text="")


def _keep(content: bytes, ending: str) -> str:
    """Write one file into the mailbox; gives its name without the ending."""
    folder = Path(settings.MAILBOX_DIR)
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
    name = f"{stamp}-{os.getpid()}-{os.urandom(3).hex()}"
    part = folder / f"{name}.part"
    part.write_bytes(content)
    part.rename(folder / f"{name}{ending}")
    return name
