"""Handing messages over: mail through Django's e-mail backend, SMS through the carrier that settings.SMS_CARRIER names.

Both have the sandbox mailbox as an adapter.
"""

import smtplib
from dataclasses import dataclass
from email.header import Header
from email.utils import make_msgid
from typing import Any, Protocol

from django.conf import settings
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

FINAL = 500  # SMTP answers from here on are definitive (RFC 5321 section 4.2.1)


class _Letter(EmailMultiAlternatives):
    """A mail whose subject begins on the line of its name: folded there by Django, it would be read with a blank."""

    def message(self, **options: Any) -> Any:
        built = super().message(**options)
        subject = str(self.subject)
        if not subject.isascii():
            built.replace_header("Subject", Header(subject, "utf-8", header_name="Subject"))
        return built


@dataclass(frozen=True)
class Attachment:
    """A file that goes with a mail."""

    name: str
    content: bytes
    media_type: str


@dataclass(frozen=True)
class Mail:
    """One mail, ready to go: recipient as a bare address, plain text and HTML saying the same."""

    recipient: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    reference: str = ""


@dataclass(frozen=True)
class Sms:
    """One SMS, ready to go: number in E.164, text; `sender` as the telephone shows it, "" for the gateway's own.

    `reference`: the id of its row, which its reports name.
    """

    recipient: str
    text: str
    sender: str = ""
    reference: str = ""


@dataclass(frozen=True)
class Answer:
    """What the mail server or carrier said: the message's id there, its words (empty where nobody answered)."""

    message_id: str
    text: str


class Bounced(Exception):
    """The server refused the message for good."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("refused for good")
        self.answer = answer


class NotNow(Exception):
    """The message was not taken this time; try again later."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("not taken this time")
        self.answer = answer


class OutcomeUnknown(Exception):
    """The message was handed over and nobody answered: it may have gone out, so it is not sent again by itself."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("no answer")
        self.answer = answer


class SmsCarrier(Protocol):
    """Whoever takes SMS from us."""

    def send(self, sms: Sms) -> Answer:
        """Hand one SMS over. Raises `Bounced`, `NotNow` (surely not taken) and `OutcomeUnknown`."""
        ...


def new_message_id() -> str:
    """A fresh Message-ID: each attempt has its own."""
    return make_msgid(domain="paraphe.invalid")


def send(message: Mail | Sms) -> Answer:
    """Hand one message over. Raises `Bounced`, `NotNow`; for an SMS also `OutcomeUnknown`."""
    if isinstance(message, Sms):
        carrier: SmsCarrier = import_string(settings.SMS_CARRIER)()
        return carrier.send(message)
    return _send_mail(message)


def _send_mail(mail: Mail) -> Answer:
    """Hand one mail over: `Bounced` for an answer 5xx, `NotNow` for everything else that went wrong."""
    message_id = new_message_id()
    message = _Letter(
        subject=" ".join(mail.subject.split()),
        body=mail.text,
        from_email=settings.DEFAULT_FROM_EMAIL,
        to=[mail.recipient],
        headers={"Message-ID": message_id},
        connection=get_connection(),
    )
    message.attach_alternative(mail.html, "text/html")
    for attachment in mail.attachments:
        message.attach(attachment.name, attachment.content, attachment.media_type)
    try:
        message.send()
    except smtplib.SMTPRecipientsRefused as error:
        code, text = next(iter(error.recipients.values()))
        raise _refusal(code, _words(text), message_id) from error
    except smtplib.SMTPResponseException as error:
        raise _refusal(error.smtp_code, _words(error.smtp_error), message_id) from error
    except OSError as error:
        raise NotNow(Answer(message_id=message_id, text=type(error).__name__)) from error
    return Answer(message_id=message_id, text="")


def _refusal(code: int, text: str, message_id: str) -> Bounced | NotNow:
    answer = Answer(message_id=message_id, text=f"{code} {text}")
    return Bounced(answer) if code >= FINAL else NotNow(answer)


def _words(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
