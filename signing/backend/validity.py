"""The ends of what signs: certificates of the CA, of time stamping and of the seal, none of which a worker renews."""

import logging
from datetime import datetime, timedelta

from django.conf import settings

from evidence import keys
from evidence.models import Heartbeat

logger = logging.getLogger("paraphe.keys")

TOLD_EVERY = timedelta(days=1)


def check(until: datetime) -> None:
    """Raise KeyUnavailable where a certificate that a signature leads to ends before, or is not there."""
    _check(_signing(), until)


def watch(at: datetime) -> None:
    """Tell of each that nears its end, once a day. Raises KeyUnavailable where one has ended, or is not there."""
    names = (*_signing(), "seal")
    _check(names, at)
    for name in names:
        found = keys.certificate(name)
        tell(f"{name}.crt", found.not_valid_before_utc, found.not_valid_after_utc, at=at, days=settings.RENEWAL_DAYS)


def tell(label: str, begins: datetime, ends: datetime, *, at: datetime, days: int) -> None:
    """An error in the log, once a day, in the last third of its time, so many days at most."""
    near = ends - min(timedelta(days=days), (ends - begins) / 3)
    if at >= near and Heartbeat.turn(f"end-{label}", every=TOLD_EVERY, at=at):
        logger.error("what signs nears its end", extra={"label": label, "count": (ends - at).days})


def _signing() -> tuple[str, ...]:
    return ("issuing", "root") if settings.TSA_URLS else ("issuing", "root", "tsa")


def _check(names: tuple[str, ...], until: datetime) -> None:
    for name in names:
        ends = keys.certificate(name).not_valid_after_utc
        if ends <= until:
            raise keys.KeyUnavailable(f"{name}.crt ends on {ends:%Y-%m-%d at %H:%M}")
