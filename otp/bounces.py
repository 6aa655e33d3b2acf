"""Mail that comes back: delivery status notifications (RFC 3464), found to their message by its Message-ID."""

import email
import email.policy
import re
import uuid
from dataclasses import dataclass
from email.message import EmailMessage
from typing import cast

from otp import reports

_OURS = re.compile(r"<([0-9a-f-]{36})\.([0-9a-f]{32})@")
LONGEST = 1_000_000  # octets that are read of a notification


@dataclass(frozen=True)
class Bounce:
    """What a notification says of one of our messages: failed for good or delivered, in whose words."""

    message: uuid.UUID
    report: reports.Report
    answer: str


class NoBounce(ValueError):
    """This is no notification, or of no message of ours, or of a delay only."""


def message_id(reference: str, domain: str) -> str:
    """The Message-ID of a message: the id of its row, with a code of ours, so that nobody can forge a bounce."""
    return f"<{reference}.{reports.code_of(reference)}@{domain}>"


def read(raw: bytes) -> Bounce:
    """Read a notification. Raises `NoBounce`."""
    try:
        parsed = email.message_from_bytes(raw[:LONGEST], policy=email.policy.default)
        texts = [raw[:LONGEST], *_texts(parsed)]
        action, answer = _status(parsed)
    except RecursionError as error:
        raise NoBounce("parts within parts without end") from error
    named = (each for text in texts for each in _OURS.finditer(text.decode(errors="replace")))
    found = next((each for each in named if reports.is_ours(each[1], each[2])), None)
    if found is None:
        raise NoBounce("it names no message of ours")
    told = {"failed": reports.Report.FAILED, "delivered": reports.Report.DELIVERED}.get(action)
    if told is None:
        raise NoBounce(f"nothing final: {action or 'no delivery status'}")
    return Bounce(uuid.UUID(found[1]), told, answer)


def _texts(parsed: EmailMessage) -> list[bytes]:
    """What stands coded in parts of text, the returned headers maybe: their long lines are broken there."""
    parts = (each for each in parsed.walk() if each.get_content_maintype() == "text")
    return [cast("bytes", part.get_payload(decode=True) or b"") for part in parts]


def _status(parsed: EmailMessage) -> tuple[str, str]:
    """Action, and status with diagnostic, of the first recipient (RFC 3464, section 2.3)."""
    for part in parsed.walk():
        if part.get_content_type() == "message/delivery-status":
            for group in cast("list[EmailMessage]", part.get_payload()):
                if group["Action"]:
                    said = f"{group['Status'] or ''} {group['Diagnostic-Code'] or ''}"
                    return str(group["Action"]).strip().lower(), " ".join(said.split())
    return "", ""
