"""What the worker says of itself: its keys open, how old the revocation lists are, its clock."""

from datetime import datetime

from evidence import keys, timestamps
from evidence.models import Heartbeat
from signing.backend import access_list, revocation

RENEW_BEFORE_SECONDS = 25 * 60


def beat(at: datetime) -> Heartbeat:
    """Open every long-lived key, keep the published revocation lists fresh, and write the row the health page reads.

    Of external time-stamping authorities the lists are kept at hand, so that a signature need not fetch them.
    """
    facts: dict[str, object] = {"clock": at.isoformat()}
    try:
        for name in ("issuing", "seal"):
            keys.open_identity(name)
        timestamps.timestamper().lists()
        facts["crl_next_update"] = revocation.in_force(at, left_seconds=RENEW_BEFORE_SECONDS).next_update.isoformat()
        facts["access_crl_next_update"] = access_list.publish(at).isoformat()
        good = True
    except (keys.KeyUnavailable, timestamps.TimestampRefused) as error:
        facts["error"], good = str(error), False
    row, _ = Heartbeat.objects.update_or_create(name="worker", defaults={"at": at, "good": good, "facts": facts})
    return row
