"""Alarms on SMS that somebody has sent for their price: few codes come back, or the numbers stand one beside the other.

Whoever pumps SMS gets a share of what they cost, and reads none of them. Nothing is stopped by an alarm (`otp.caps`
does that): it is an error in the log and a row that the administration shows, one a day for each client and kind. What
is seen elsewhere of a client (access that ends, `signing.clients.expiry`) is `raised` here too: the list of alarms is
one, and this is the lowest house that all who fill it know.
"""

import hashlib
import hmac
import logging
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta

from django.conf import settings
from django.db.models import Count, Exists, OuterRef, Q, QuerySet

from otp.models import Alarm, Channel, Code, Message, Try

logger = logging.getLogger("paraphe.alarms")
BLOCK_DIGITS = 3  # numbers that differ in these last digits alone are neighbours: a block of a thousand
Kind = Alarm.Kind


@dataclass(frozen=True)
class Aim:
    """For whom a code goes out, and where to: what alarms are counted by. `tenant`: opaque id of the client."""

    tenant: str
    channel: str
    contact: str

    def columns(self) -> dict[str, str]:
        """What a code keeps of it: of the contact keyed digests alone."""
        by_sms = self.channel == Channel.SMS
        return {
            "tenant": self.tenant,
            "channel": self.channel,
            "number": _digest(self.contact) if by_sms else "",
            "block": _digest(self.contact[:-BLOCK_DIGITS]) if by_sms else "",
        }


def watch(at: datetime) -> list[Alarm]:
    """Look at the SMS codes of the last while; gives the alarms that are new, each told in the log."""
    return [*_few_come_back(at), *_in_a_row(at)]


def forget(at: datetime) -> None:
    """Take the digests of numbers out of codes that no alarm looks at any more: whoever has a number could try it."""
    before = at - timedelta(seconds=settings.ALARM_WINDOW_SECONDS)
    Code.objects.filter(channel=Channel.SMS, issued_at__lte=before).exclude(number="").update(number="", block="")


def _sent(at: datetime) -> QuerySet[Code]:
    """The codes that went out by SMS since the beginning of the window."""
    since = at - timedelta(seconds=settings.ALARM_WINDOW_SECONDS)
    went = Message.objects.filter(owner=OuterRef("owner"), kind="code", n=OuterRef("n"), outcome=Message.Outcome.SENT)
    elsewhere = Q(digest="")  # another service sent it (`otp.elsewhere`): it is there because it went out
    return Code.objects.filter(Exists(went) | elsewhere, channel=Channel.SMS, issued_at__gt=since, issued_at__lte=at)


def _few_come_back(at: datetime) -> list[Alarm]:
    """Clients of whose codes too few were typed; those that may still be typed do not count."""
    typed = Exists(Try.objects.filter(owner=OuterRef("owner"), n=OuterRef("n"), verdict="accepted"))
    judged = (
        _sent(at)
        .annotate(typed=typed | Q(digest="", state=Code.State.ACCEPTED))
        .filter(Q(typed=True) | Q(valid_until__lte=at))
    )
    rows = judged.values("tenant").annotate(sent=Count("pk"), back=Count("pk", filter=Q(typed=True)))
    return [
        alarm
        for row in rows.filter(sent__gte=settings.ALARM_CODES).order_by("tenant")
        if row["back"] * 100 < row["sent"] * settings.ALARM_CONVERSION_PERCENT
        and (alarm := raised(row["tenant"], Kind.CONVERSION, at, count=row["sent"], verified=row["back"]))
    ]


def _in_a_row(at: datetime) -> list[Alarm]:
    """Clients who have codes sent to many numbers of one block."""
    blocks = _sent(at).values("tenant", "block").annotate(numbers=Count("number", distinct=True))
    rows = blocks.filter(numbers__gte=settings.ALARM_NEIGHBOURS).order_by("tenant", "-numbers")
    return [
        alarm
        for row in rows
        if (alarm := raised(row["tenant"], Kind.SEQUENCE, at, count=row["numbers"], verified=None))
    ]


def raised(tenant: str, kind: Alarm.Kind, at: datetime, *, count: int, verified: int | None) -> Alarm | None:
    """The alarm of this day (UTC), where it is new; one that is there grows silently."""
    row, new = Alarm.objects.get_or_create(
        tenant=tenant,
        kind=kind,
        day=at.astimezone(UTC).date(),
        defaults={"raised_at": at, "count": count, "verified": verified},
    )
    if not new:
        Alarm.objects.filter(pk=row.pk, count__lt=count).update(count=count, verified=verified)
        return None
    logger.error("alarm", extra={"label": kind.value, "owner": tenant, "count": count})
    return row


def _digest(text: str) -> str:
    key = hashlib.sha256(b"paraphe alarms\x00" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(key, text.encode(), hashlib.sha256).hexdigest()
