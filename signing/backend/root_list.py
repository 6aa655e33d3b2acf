"""The root's revocation list, which no worker makes: read for each signature, and told of before it ends.

The ceremony renews that of our own root, the operator brings that of a given one (`install_authority`).
"""

import logging
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from evidence import keys
from evidence.models import Heartbeat
from signing.engine import crls

logger = logging.getLogger("paraphe.keys")

TOLD_BEFORE = timedelta(days=60)
TOLD_EVERY = timedelta(days=1)


def current(at: datetime) -> bytes:
    """The list, DER, in force at `at` and silent about the issuing CA.

    Raises StaleRevocationList where it is not, or not there; KeyUnavailable where the issuing CA is not.
    """
    return _current(at)[0]


def watch(at: datetime) -> datetime:
    """When the list ends. In the last third of its time, sixty days at most, an error in the log tells it once a day.

    Raises what `current` raises.
    """
    _, begins, ends = _current(at)
    if at >= ends - min(TOLD_BEFORE, (ends - begins) / 3) and Heartbeat.turn("root-list", every=TOLD_EVERY, at=at):
        logger.error("the root's revocation list ends", extra={"label": "root.crl", "count": (ends - at).days})
    return ends


def _current(at: datetime) -> tuple[bytes, datetime, datetime]:
    issuing = keys.open_identity("issuing")
    above = issuing.chain
    try:
        der = (Path(settings.PKI_DIR) / "root.crl").read_bytes()
        (found,) = crls.check_listed((issuing.certificate, *above), above, [der], at=at)
    except (OSError, ValueError) as error:
        raise crls.StaleRevocationList(f"root.crl: {type(error).__name__}") from error
    ends = found.next_update_utc
    assert ends is not None  # noqa: S101 - what has no end is not in force
    return der, found.last_update_utc, ends
