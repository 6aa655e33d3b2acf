"""The ends of what signs: certificates of the CA, of time stamping and of the seal, none of which a worker renews."""

import logging
from collections.abc import Iterator
from datetime import datetime, timedelta

from django.conf import settings

from evidence import keys
from evidence.models import Heartbeat

logger = logging.getLogger("paraphe.keys")

TOLD_EVERY = timedelta(days=1)


def check(until: datetime) -> None:
    """Raise KeyUnavailable where something of what a signature is made with, or stands above it, ends before."""
    _check(_signing(), until)


def watch(at: datetime) -> None:
    """Tell of each that nears its end, once a day. Raises KeyUnavailable where one has ended."""
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
    return ("issuing",) if settings.TSA_URLS else ("issuing", "tsa")


def _check(names: tuple[str, ...], until: datetime) -> None:
    for name, ends in _ends(names):
        if ends <= until:
            raise keys.KeyUnavailable(f"{name}, or what stands above it, ends on {ends:%Y-%m-%d}")


def _ends(names: tuple[str, ...]) -> Iterator[tuple[str, datetime]]:
    for name in names:
        identity = keys.open_identity(name)
        for each in (identity.certificate, *identity.chain):
            yield f"{name}.crt", each.not_valid_after_utc
