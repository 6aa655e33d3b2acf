"""That no external time-stamping authority answers is known to all processes: a row of the heartbeats says so.

Each process has the lists of the authorities at hand for an hour, and they do not say that anybody stamps. Who finds
nobody writes the row. While it stands, one process at a time asks again, for all of them; who is answered ends it.
"""

import os
from datetime import datetime, timedelta

from django.conf import settings

from evidence.models import Heartbeat
from evidence.time_tokens import Stamper, TimestampRefused

NAME, ASKED = "stamps", "stamps-asked"


def noticed(error: BaseException, *, at: datetime) -> None:
    """Write down that nobody stamps, and what each said, where that is what was raised."""
    if isinstance(error, TimestampRefused) and settings.TSA_URLS:
        Heartbeat.objects.update_or_create(
            name=NAME, defaults={"at": at, "good": False, "facts": {"error": str(error)}}
        )


def attend(stamper: Stamper, *, at: datetime) -> None:
    """Where nobody stamped when it was last tried, see whether anybody does now.

    Raises TimestampRefused where nobody does, and where that was asked less long ago than asking all of them may take:
    authorities that hang would else hold every process, and codes with them. No transaction is open.
    """
    known = Heartbeat.objects.filter(name=NAME, good=False).first() if stamper.external else None
    if known is None:
        return
    if not Heartbeat.turn(ASKED, every=timedelta(seconds=len(settings.TSA_URLS) * settings.TSA_SECONDS), at=at):
        raise TimestampRefused(known.facts["error"])
    stamper.stamp(os.urandom(32))
    Heartbeat.objects.filter(name=NAME).update(at=at, good=True, facts={})
