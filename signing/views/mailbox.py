"""The sandbox's mailbox: what would have been sent, to be read in a browser. Not there outside the sandbox."""

import email
import email.policy
import re
from dataclasses import dataclass
from datetime import datetime
from email.message import EmailMessage
from pathlib import Path

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils.timezone import get_current_timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

NAME = re.compile(r"^[0-9A-Za-z-]+\.(eml|sms\.txt)$")
SMS = ".sms.txt"
SHOWN = 50


@dataclass(frozen=True)
class Received:
    """One message of the mailbox."""

    file: str
    at: datetime
    to: str
    subject: str
    text: str
    attachments: tuple[str, ...]
    kind: str = "email"


@never_cache
@require_safe
def mailbox(request: HttpRequest) -> HttpResponse:
    """The newest messages, newest first."""
    files = sorted((file for file in _folder().glob("*") if NAME.fullmatch(file.name)), reverse=True)[:SHOWN]
    return render(request, "sandbox/mailbox.html", {"messages": [_received(file) for file in files]})


@never_cache
@require_safe
def message(request: HttpRequest, name: str) -> HttpResponse:
    """One message: plain text, and the names of what is attached."""
    place = _folder() / name
    if not NAME.fullmatch(name) or not place.is_file():
        raise Http404
    return render(request, "sandbox/message.html", {"message": _received(place)})


def _folder() -> Path:
    if not settings.SANDBOX:
        raise Http404
    return Path(settings.MAILBOX_DIR)


def _received(file: Path) -> Received:
    return _sms(file) if file.name.endswith(SMS) else _mail(file)


def _sms(file: Path) -> Received:
    """First line the number, then the text, whose own first line stands for a subject."""
    to, _, text = file.read_text().partition("\n")
    return Received(
        file=file.name, at=_time(file), to=to, subject=text.partition("\n")[0], text=text, attachments=(), kind="sms"
    )


def _time(file: Path) -> datetime:
    return datetime.fromtimestamp(file.stat().st_mtime, get_current_timezone())


def _mail(file: Path) -> Received:
    parsed = email.message_from_bytes(file.read_bytes(), policy=email.policy.default)
    body = parsed.get_body(("plain",)) if isinstance(parsed, EmailMessage) else None
    return Received(
        file=file.name,
        at=_time(file),
        to=str(parsed["To"]),
        subject=str(parsed["Subject"]),
        text=body.get_content() if body else "",
        attachments=tuple(part.get_filename("") for part in parsed.iter_attachments()),
    )
