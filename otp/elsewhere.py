"""Codes that another service makes, sends and judges: counted here as our own, so that limits and alarms hold for them.

Of such a code nothing is known but that it was asked for and, later, that it was found right. It has no digest: nothing
that anybody types is accepted by it here.
"""

from datetime import datetime, timedelta

from otp import codes, judging
from otp.alarms import Aim
from otp.models import Code, Policy


def check_send(*, owner: str, policy: Policy, at: datetime) -> None:
    """Raise `codes.TooSoon` where the policy's cool-down or hourly limit lets none be asked for now."""
    retry_at = codes.next_send_at(owner=owner, policy=policy, at=at)
    if retry_at > at:
        raise codes.TooSoon(retry_at)


def count(*, owner: str, policy: Policy, at: datetime, aim: Aim | None) -> None:
    """Count one more code, inside the transaction that tells of it; `aim` None: refused, so no alarm looks at it."""
    Code.objects.filter(owner=owner, state=Code.State.LIVE).update(state=Code.State.SUPERSEDED)
    last = judging.newest(owner)
    Code.objects.create(
        owner=owner,
        n=last.n + 1 if last else 1,
        digest="",
        tries_left=0,
        issued_at=at,
        valid_until=at + timedelta(seconds=policy.validity_seconds),
        **(aim.columns() if aim else {}),
    )


def accepted(*, owner: str) -> None:
    """Count the newest code as typed by who had it."""
    Code.objects.filter(owner=owner, state=Code.State.LIVE).update(state=Code.State.ACCEPTED)
