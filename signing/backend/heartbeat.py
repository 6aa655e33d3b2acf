"""What the worker says of itself: its keys open, how old the revocation lists are, its clock."""

import logging
from datetime import datetime

from evidence import keys, outages, timestamps
from evidence.models import Heartbeat
from signing.backend import access_list, revocation, root_list, validity
from signing.engine import crls

logger = logging.getLogger("paraphe.keys")

RENEW_BEFORE_SECONDS = 25 * 60


def beat(at: datetime) -> Heartbeat:
    """Open every long-lived key, keep the published revocation lists fresh, and write the row the health page reads.

    Of external time-stamping authorities the lists are kept at hand, so that a signature need not fetch them; what
    another process found of them counts here too (`outages`). What keeps signatures from being made is an error in the
    log when it begins.
    """
    was_good = Heartbeat.objects.filter(name="worker", good=True).exists()
    facts: dict[str, object] = {"clock": at.isoformat()}
    try:
        for name in ("issuing", "seal"):
            keys.open_identity(name)
        stamper = timestamps.timestamper()
        outages.attend(stamper, at=at)
        stamper.lists()
        validity.watch(at)
        facts["root_crl_next_update"] = root_list.watch(at).isoformat()
        facts["crl_next_update"] = revocation.in_force(at, left_seconds=RENEW_BEFORE_SECONDS).next_update.isoformat()
        facts["access_crl_next_update"] = access_list.publish(at).isoformat()
        good = True
    except (keys.KeyUnavailable, timestamps.TimestampRefused, crls.StaleRevocationList) as error:
        facts["error"], good = str(error), False
        outages.noticed(error, at=at)
        if was_good:
            logger.error("nothing can be signed", extra={"label": type(error).__name__})  # noqa: TRY400 - its type says it all
    row, _ = Heartbeat.objects.update_or_create(name="worker", defaults={"at": at, "good": good, "facts": facts})
    return row
