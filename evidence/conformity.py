"""What the operator states of certificates of conformity, as it goes into the first entry of a trail.

It is told when the envelope is opened and stands in the chain from then on: nobody can state one afterwards.
"""

from datetime import date, datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.conf import settings

from evidence import chain
from evidence.events import Conformity


def stated() -> list[Conformity] | None:
    """The certificates of the settings, their days as instants of the time zone that people are shown; None: none."""
    return [
        Conformity(
            policy=each.policy,
            reference=each.reference,
            valid_from=chain.instant(_begin(each.first_day)),
            valid_to=chain.instant(_begin(each.last_day + timedelta(days=1)) - timedelta(milliseconds=1)),
        )
        for each in settings.CONFORMITY
    ] or None


def _begin(day: date) -> datetime:
    return datetime.combine(day, time(), ZoneInfo(settings.TIME_ZONE_SHOWN))
