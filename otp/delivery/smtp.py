"""Mail over SMTP, keeping what the server answered when it took the message (RFC 5321, section 4.2)."""

import smtplib
from contextlib import suppress
from typing import Any

from django.core.mail import EmailMessage
from django.core.mail.backends.smtp import EmailBackend

ANSWER_CHARACTERS = 200


class _Keeping:
    """A session that remembers the answer to DATA, which smtplib drops."""

    answer = ""

    def data(self, msg: Any) -> tuple[int, bytes]:
        """As smtplib's."""
        code, text = super().data(msg)  # type: ignore[misc]  # beside a session of smtplib
        self.answer = f"{code} {text.decode(errors='replace')}"[:ANSWER_CHARACTERS]
        return code, text


class _Session(_Keeping, smtplib.SMTP):
    pass


class _TlsSession(_Keeping, smtplib.SMTP_SSL):
    pass


class SmtpBackend(EmailBackend):
    """Django's, with `answer`: what the server said of the last message that it took."""

    answer = ""

    def open(self) -> bool | None:
        """As Django's; a session that was refused on the way (TLS, password) is ended, its socket closed."""
        try:
            return super().open()
        except OSError:
            with suppress(OSError):
                self.close()
            raise

    @property
    def connection_class(self) -> type[smtplib.SMTP]:
        return _TlsSession if self.use_ssl else _Session

    def _send(self, email_message: EmailMessage) -> bool:
        sent: bool = super()._send(email_message)  # type: ignore[misc]  # not in its stubs
        self.answer = getattr(self.connection, "answer", "")
        return sent
