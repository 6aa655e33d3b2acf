"""Codes that another CertSign sends count as ours: the client's own limits, caps and alarms hold for them.

What they cost is paid by whoever runs this house; how often the other service sends, it does not tell.
"""

from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.timezone import now

from otp import caps, codes, elsewhere
from otp.alarms import Aim
from otp.models import Policy
from signing.clients.models import Client
from signing.gateway.contract import CodeTooSoon, CodeUndelivered
from signing.models import RemoteOrder


def check(order: RemoteOrder) -> None:
    """Raise `CodeUndelivered` where the policy lets no code go there, `CodeTooSoon` by its cool-down or its hour."""
    policy = _policy(order)
    try:
        caps.check(policy=policy, channel=order.channel, contact=order.contact)
        elsewhere.check_send(owner=_owner(order), policy=policy, at=now())
    except caps.NotAllowed as error:
        raise CodeUndelivered from error
    except codes.TooSoon as error:
        raise CodeTooSoon(error.retry_at) from error


def spend(order: RemoteOrder, at: datetime) -> None:
    """Count one message against the caps of contact and client, inside a transaction. Raises `codes.Capped`.

    Of how many parts an SMS is, nobody tells: it counts as one.
    """
    caps.spend(**_counted(order), at=at)


def give_back(order: RemoteOrder, at: datetime) -> None:
    """Take back what was counted at this instant: surely nothing was sent."""
    caps.give_back(**_counted(order), at=at)


def went_out(order: RemoteOrder, at: datetime) -> None:
    """Count a code as sent, inside the transaction that tells of it."""
    aim = Aim(order.trail.tenant, order.channel, order.contact)
    elsewhere.count(owner=_owner(order), policy=_policy(order), at=at, aim=aim)


def undelivered(order: RemoteOrder, at: datetime) -> None:
    """Count a code that was refused on its way: it costs nobody its alarm, but is one of the hour."""
    elsewhere.count(owner=_owner(order), policy=_policy(order), at=at, aim=None)


def next_at(order: RemoteOrder, at: datetime) -> datetime:
    """From when another may be asked for: by the policy here, and by what the other service demands."""
    there = at + timedelta(seconds=settings.CERTSIGN["resend_seconds"])
    return max(there, codes.next_send_at(owner=_owner(order), policy=_policy(order), at=at))


def accepted(order: RemoteOrder) -> None:
    """Count the newest code as typed by who had it."""
    elsewhere.accepted(owner=_owner(order))


def _counted(order: RemoteOrder) -> dict[str, Any]:
    return {
        "tenant": order.trail.tenant,
        "policy": _policy(order),
        "channel": order.channel,
        "contact": order.contact,
    }


def _policy(order: RemoteOrder) -> Policy:
    return Client.objects.select_related("policy").get(pk=int(order.trail.tenant)).policy


def _owner(order: RemoteOrder) -> str:
    return f"remote:{order.pk}"
