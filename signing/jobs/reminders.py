"""Reminders before the last day, on the days that a client has chosen, and at no hour at which people sleep.

A reminder is the letter with the link once more, with a token of its own: message `link`, n from 2 on.
"""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings
from django.db.models import QuerySet

from evidence import sweeps
from evidence.bell import Next
from otp import messages
from otp.models import Channel, Message
from signing.clients import schedule
from signing.clients.models import Client
from signing.models import Signer
from signing.states import ASKED, EnvelopeState

LONGEST = timedelta(days=schedule.MOST_DAYS + 1)


def remind(at: datetime) -> list[Next]:
    """Queue the reminders whose day has come; of several that were missed, the last."""
    queued = sweeps.each(_waiting(at), lambda signer: _queued(signer, at), job="remind")
    return [Next("signing.tasks.send_message", {"message_id": str(each.pk)}) for each in queued if each is not None]


def _queued(signer: Signer, at: datetime) -> Message | None:
    n = _number(signer, at)
    if n is None:
        return None
    return messages.queue(owner=str(signer.public_id), kind="link", channel=Channel.EMAIL, at=at, n=n)


def _waiting(at: datetime) -> QuerySet[Signer]:
    rows = Signer.objects.filter(state__in=ASKED, envelope__state=EnvelopeState.OPEN, stopped_at=None)
    near = rows.filter(envelope__expires_at__gt=at, envelope__expires_at__lte=at + LONGEST)
    return near.exclude(envelope__client__reminder_days="").select_related("envelope__client")


def _number(signer: Signer, at: datetime) -> int | None:
    """The number of the letter that is due and was not queued; None where there is none."""
    client = signer.envelope.client
    letters = Message.objects.filter(owner=str(signer.public_id), kind="link")
    first = letters.filter(n=1).values_list("created_at", flat=True).first()
    if first is None:
        return None
    days = schedule.days(client.reminder_days)
    instants = [awake(client, signer.envelope.expires_at - timedelta(days=each)) for each in days]
    due = [n for n, instant in enumerate(instants, start=2) if first < instant <= at < signer.envelope.expires_at]
    return due[-1] if due and not letters.filter(n__gte=due[-1]).exists() else None


def awake(client: Client, instant: datetime) -> datetime:
    """The same instant, or where it is in the client's quiet hours, when these end."""
    local = instant.astimezone(ZoneInfo(settings.TIME_ZONE_SHOWN))
    opens = local.replace(hour=client.writes_from, minute=0, second=0, microsecond=0)
    if local < opens:
        return opens
    return instant if local.hour < client.writes_until else opens + timedelta(days=1)
