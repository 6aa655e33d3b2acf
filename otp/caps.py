"""How many messages go out a day: to one contact, in the name of one client, and as SMS, which cost.

Against whoever has codes sent for money, and against a mistake in a loop. Counted in the database by conditional
updates, together with what is sent: where that is rolled back, so is the count. What a server or carrier surely did not
take is given back, so that one that is down for minutes uses up nobody's day.
"""

import hashlib
import hmac
import logging
from datetime import UTC, datetime, time, timedelta

from django.conf import settings
from django.db.models import F

from otp import addresses, numbers
from otp.codes import Capped
from otp.models import Channel, Policy, Spent

logger = logging.getLogger("paraphe.caps")


class NotAllowed(ValueError):
    """The client's policy lets no code go there."""


def check(*, policy: Policy, channel: str, contact: str) -> None:
    """Raise `NotAllowed` for a way, a kind of number or a country that the policy does not allow."""
    if policy.way not in {Policy.Way.EITHER, channel}:
        raise NotAllowed("way")
    if channel != Channel.SMS:
        return
    if not numbers.takes_sms(contact):
        raise NotAllowed("kind")
    allowed = numbers.countries(policy.countries)
    if allowed and numbers.country_of(contact) not in allowed:
        raise NotAllowed("country")


def spend(*, tenant: str, policy: Policy, channel: str, contact: str, at: datetime, parts: int = 1) -> None:
    """Count one message, of `parts` SMS; call it inside a transaction. Raises `Capped` where that is one too many.

    `contact` has its cap whoever writes to it; "" for what counts for none. What has no limit (0) counts as well:
    others who write to the same contact may have one. The next day begins at midnight, UTC.
    """
    for scope, whose, limit, count in _scopes(tenant, policy, channel, contact, parts):
        if not _counted(_key(scope, whose), limit, count, at):
            logger.error("cap reached", extra={"label": scope, "owner": tenant, "count": limit})
            raise Capped(tomorrow(at))


def give_back(*, tenant: str, policy: Policy, channel: str, contact: str, at: datetime, parts: int = 1) -> None:
    """Take back what `spend` counted at this instant, for a message that surely nobody took."""
    for scope, whose, _limit, count in _scopes(tenant, policy, channel, contact, parts):
        row = Spent.objects.filter(key=_key(scope, whose), day=at.astimezone(UTC).date(), count__gte=count)
        row.update(count=F("count") - count)


def _scopes(tenant: str, policy: Policy, channel: str, contact: str, parts: int) -> list[tuple[str, str, int, int]]:
    """What a message counts for: scope, whose, limit, how many. In one order for all: no deadlock."""
    scopes = [("client", tenant, policy.client_a_day, 1)]
    if contact:
        scopes.insert(0, ("contact", addresses.canonical(contact), policy.contact_a_day, 1))
    if channel == Channel.SMS:
        scopes.append(("sms", tenant, policy.sms_a_day, parts))
    return scopes


def forget(at: datetime) -> None:
    """Delete the counts of days that are over: of one a late `give_back` may still come, of an older one none."""
    Spent.objects.filter(day__lt=at.astimezone(UTC).date() - timedelta(days=1)).delete()


def tomorrow(at: datetime) -> datetime:
    """When the counts begin anew."""
    return datetime.combine(at.astimezone(UTC).date() + timedelta(days=1), time(), UTC)


def _counted(key: str, limit: int, count: int, at: datetime) -> bool:
    row, _ = Spent.objects.get_or_create(key=key, day=at.astimezone(UTC).date())
    rows = Spent.objects.filter(pk=row.pk, count__lte=limit - count) if limit else Spent.objects.filter(pk=row.pk)
    return rows.update(count=F("count") + count) == 1


def _key(scope: str, whose: str) -> str:
    secret = hashlib.sha256(b"paraphe caps\x00" + settings.SECRET_KEY.encode()).digest()
    return hmac.new(secret, f"{scope}\x00{whose}".encode(), hashlib.sha256).hexdigest()
