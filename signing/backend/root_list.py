"""The root's revocation list, which no worker makes: read for each signature, and told of before it ends.

The ceremony renews that of our own root, the operator brings that of a given one (`install_authority`).
"""

from datetime import datetime
from pathlib import Path

from django.conf import settings

from evidence import keys
from signing.backend import validity
from signing.engine import crls

TOLD_BEFORE_DAYS = 60


def current(at: datetime) -> bytes:
    """The list, DER, in force at `at` and silent about the issuing CA.

    Raises StaleRevocationList where it is not, or not there; KeyUnavailable where a certificate is not.
    """
    return _current(at)[0]


def watch(at: datetime) -> datetime:
    """When the list ends; told in the log before it does. Raises what `current` raises."""
    _, begins, ends = _current(at)
    validity.tell("root.crl", begins, ends, at=at, days=TOLD_BEFORE_DAYS)
    return ends


def _current(at: datetime) -> tuple[bytes, datetime, datetime]:
    issuing, root = keys.certificate("issuing"), keys.certificate("root")
    try:
        der = (Path(settings.PKI_DIR) / "root.crl").read_bytes()
        (found,) = crls.check_listed([issuing], [root], [der], at=at)
    except (OSError, ValueError) as error:
        raise crls.StaleRevocationList(f"root.crl: {type(error).__name__}") from error
    ends = found.next_update_utc
    assert ends is not None  # noqa: S101 - what has no end is not in force
    return der, found.last_update_utc, ends
