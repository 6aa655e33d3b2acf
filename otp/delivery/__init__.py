"""Handing messages over: mail through Django's e-mail backend, SMS through the carrier that settings.SMS_CARRIER names.

Both have the sandbox mailbox as an adapter.
"""

import smtplib
from dataclasses import dataclass
from email import charset
from email.header import Header
from email.utils import formataddr, make_msgid, parseaddr
from typing import Any, Protocol

from anymail.exceptions import AnymailError, AnymailRecipientsRefused
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.mail import EmailMultiAlternatives, get_connection
from django.utils.module_loading import import_string

from otp import addresses, bounces
from otp.lines import one_line

NO_ADDRESS = "no e-mail address"
REFUSED = "the provider writes to no such recipient"
FINAL = 500  # SMTP answers from here on are definitive (RFC 5321 section 4.2.1)
BY_A_PROGRAM = {"Auto-Submitted": "auto-generated"}  # RFC 3834, section 5: absences and other programs do not answer
TOO_LARGE = 552  # to MAIL FROM, which names the size (RFC 1870, section 6.1)
QUOTED = charset.Charset("utf-8")
QUOTED.body_encoding = charset.QP


class _Letter(EmailMultiAlternatives):
    """A mail of seven bits, whose subject begins on the line of its name.

    Django's would have eight without asking whether the server takes them (RFC 6152, section 3), and who recodes them
    on the way breaks the signature over them (RFC 6376, section 5.3). A subject folded by Django is read with a blank.
    """

    encoding = QUOTED

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
    """One mail, ready to go: recipient as a bare address, plain text and HTML saying the same.

    `sender`: the name that is shown, "" for the installation's own; `reply_to`: where answers go. `reference`: the id
    of its row, which bounces name. `unsubscribe`: the address at which a mail program ends such mails for its user by
    one POST (RFC 8058), "" for none.
    """

    recipient: str
    subject: str
    text: str
    html: str
    attachments: tuple[Attachment, ...] = ()
    reference: str = ""
    sender: str = ""
    reply_to: str = ""
    unsubscribe: str = ""


@dataclass(frozen=True)
class Sms:
    """One SMS, ready to go: number in E.164, text; `sender` as the telephone shows it, "" for the gateway's own.

    `reference`: the id of its row, which its reports name. `lasts`: seconds after which it is of no use to anybody, so
    that nobody need deliver it.
    """

    recipient: str
    text: str
    sender: str = ""
    reference: str = ""
    lasts: int = 600


@dataclass(frozen=True)
class Answer:
    """What the mail server or carrier said: the message's id there, its words (empty where nobody answered).

    Both as one line, whatever came over the wire: an answer that no table takes would have the message sent again.
    """

    message_id: str
    text: str

    def __post_init__(self) -> None:
        for name in ("message_id", "text"):
            object.__setattr__(self, name, one_line(getattr(self, name)))


class Bounced(Exception):
    """The server refused the message for good."""

    def __init__(self, answer: Answer) -> None:
        super().__init__("refused for good")
        self.answer = answer


class NotNow(Exception):
    """The message was not taken this time; try again later.

    `certain` False: a server that had it in hand fell silent. A mail is tried again all the same, under the same id.
    """

    def __init__(self, answer: Answer, *, certain: bool = True) -> None:
        super().__init__("not taken this time")
        self.answer, self.certain = answer, certain


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


def send(message: Mail | Sms) -> Answer:
    """Hand one message over. Raises `Bounced`, `NotNow`; for an SMS also `OutcomeUnknown`."""
    if isinstance(message, Sms):
        carrier: SmsCarrier = import_string(settings.SMS_CARRIER)()
        return carrier.send(message)
    return _send_mail(message)


def _send_mail(mail: Mail) -> Answer:
    """Hand one mail over: `Bounced` for an answer 5xx to recipient or content and for an address that no mail can have,
    `NotNow` for everything else that goes wrong on the way.

    A server that refuses our greeting, our password or our sender blames no recipient, whatever its number says: the
    mail goes out once the operator has mended it.
    """
    message_id = _message_id(mail.reference)
    try:
        addresses.check(mail.recipient)
    except ValidationError as error:  # of a row that is older than the judge at the door
        raise Bounced(Answer(message_id=message_id, text=NO_ADDRESS)) from error
    connection = get_connection()
    message = _Letter(
        subject=one_line(mail.subject),
        body=mail.text,
        from_email=_from(mail.sender),
        to=[mail.recipient],
        reply_to=[one_line(mail.reply_to)] if mail.reply_to else [],
        headers={"Message-ID": message_id, **BY_A_PROGRAM, **_unsubscribing(mail.unsubscribe)},
        connection=connection,
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
        said = _refusal(error.smtp_code, _words(error.smtp_error), message_id)
        too_large = isinstance(error, smtplib.SMTPSenderRefused) and error.smtp_code == TOO_LARGE
        raise (said if isinstance(error, smtplib.SMTPDataError) or too_large else NotNow(said.answer)) from error
    except AnymailRecipientsRefused as error:
        raise Bounced(Answer(message_id=message_id, text=REFUSED)) from error
    except OSError as error:
        certain = not isinstance(error, smtplib.SMTPServerDisconnected | AnymailError)  # those come after the mail, too
        raise NotNow(Answer(message_id=message_id, text=type(error).__name__), certain=certain) from error
    provider = getattr(message, "anymail_status", None)  # a provider gives its own id
    known_as = provider.message_id if provider and isinstance(provider.message_id, str) else message_id
    return Answer(message_id=known_as, text=getattr(connection, "answer", ""))


def _unsubscribing(address: str) -> dict[str, str]:
    """The headers of RFC 8058, section 3.1; whoever signs mails (DKIM) has to sign these two."""
    if not address:
        return {}
    return {"List-Unsubscribe": f"<{address}>", "List-Unsubscribe-Post": "List-Unsubscribe=One-Click"}


def _message_id(reference: str) -> str:
    """The same for every attempt: a server that took one and did not say so is not believed to have taken two."""
    domain = parseaddr(settings.DEFAULT_FROM_EMAIL)[1].rpartition("@")[2]
    return bounces.message_id(reference, domain) if reference else make_msgid(domain=domain)


def _from(name: str) -> str:
    """The installation's address, under a client's name where it has one."""
    own, address = parseaddr(settings.DEFAULT_FROM_EMAIL)
    return formataddr((one_line(name) or own, address))


def _refusal(code: int, text: str, message_id: str) -> Bounced | NotNow:
    answer = Answer(message_id=message_id, text=f"{code} {text}")
    return Bounced(answer) if code >= FINAL else NotNow(answer)


def _words(text: bytes | str) -> str:
    return text.decode(errors="replace") if isinstance(text, bytes) else text
