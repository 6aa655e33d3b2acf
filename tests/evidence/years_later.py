"""What `test_renewal` has run under libfaketime, whose clock this moves: years pass in one process, and nothing of the
product is told another hour than the system's.
"""

import json
import os
import time
from datetime import datetime, timedelta
from pathlib import Path

import pytest
from django.conf import settings
from django.core.management import call_command
from django.utils import timezone

from evidence import addenda, tasks
from evidence.dossier.container import container
from evidence.models import Addendum, Dossier
from signing.backend import revocation
from tests.evidence import trails
from tests.evidence.dossiers import queued, seal

pytestmark = pytest.mark.django_db


def move(to: datetime) -> None:
    """Set the clock of the system, as this process sees it; it goes on from there. The file says local time."""
    Path(os.environ["FAKETIME_TIMESTAMP_FILE"]).write_text(f"@{to.astimezone():%Y-%m-%d %H:%M:%S}")
    assert abs(datetime.now(tz=to.tzinfo) - to) < timedelta(minutes=5)


def renewed_by_beat() -> int:
    """One turn of beat; gives how many new time stamps are asked for."""
    tasks.renew()
    return Addendum.objects.filter(entry__kind="dossier.stamped").count()


def test_beat_stamps_again_what_nears_the_end_of_its_authority(caplog: pytest.LogCaptureFixture) -> None:
    out = Path(os.environ["YEARS_LATER_OUT"])
    row = seal(queued(trails.refused()))
    assert renewed_by_beat() == 0
    row.refresh_from_db()
    first = row.proven_until
    assert first is not None
    move(first - timedelta(days=settings.RENEWAL_DAYS + 1))
    assert renewed_by_beat() == 0
    move(first - timedelta(days=settings.RENEWAL_DAYS - 1))
    assert renewed_by_beat() == 0
    assert "no later authority" in caplog.text
    for name in ("tsa", "seal"):  # what an operator does: docs/keys.md
        (Path(settings.PKI_DIR) / f"{name}.crt").unlink()
    with Path(os.devnull).open("w") as nowhere:
        call_command("ceremony", stdout=nowhere)
    move(timezone.now() + timedelta(seconds=settings.RENEWAL_SECONDS / 2, hours=1))
    assert renewed_by_beat() == 1
    revocation.renew(timezone.now())  # as the signing worker has it
    addenda.seal(str(row.pk), clock=timezone.now)
    row.refresh_from_db()
    assert row.proven_until is not None
    assert row.proven_until > first + timedelta(days=365)
    move(first + timedelta(days=365))
    assert renewed_by_beat() == 1
    with (out / "dossier.asice").open("wb") as whole:
        container.write(row.sealing_sha256, whole, addenda=addenda.sealings(Dossier.objects.get(pk=row.pk)))
    (out / "told.json").write_text(json.dumps({"first": first.isoformat(), "now": time.strftime("%Y-%m-%d")}))
    with (out / "verdict.json").open("w") as said:
        call_command("verify", str(out / "dossier.asice"), stdout=said)
