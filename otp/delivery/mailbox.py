"""The sandbox mailbox: every mail becomes a file `*.eml` in STATE_DIR/mailbox, written whole or not at all."""

import os
from collections.abc import Sequence
from datetime import UTC, datetime
from pathlib import Path

from django.conf import settings
from django.core.mail import EmailMessage
from django.core.mail.backends.base import BaseEmailBackend


class MailboxBackend(BaseEmailBackend):
    """Django e-mail backend of the sandbox."""

    def send_messages(self, email_messages: Sequence[EmailMessage]) -> int:
        """Write each message to a file named by its time; gives how many were written."""
        folder = Path(settings.MAILBOX_DIR)
        folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        for message in email_messages:
            stamp = datetime.now(UTC).strftime("%Y%m%dT%H%M%S%f")
            name = folder / f"{stamp}-{os.getpid()}-{os.urandom(3).hex()}.eml"
            part = name.with_suffix(".part")
            part.write_bytes(message.message().as_bytes())
            part.rename(name)
        return len(email_messages)
