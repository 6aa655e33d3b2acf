"""The application's log, a day at a time: sealed, deposited in the operator's section, destroyed after twelve months.

It holds no name, address, code or link (`config.logs`), but who did what to the service.
"""

import hashlib
import logging
import re
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings

from evidence import disk, keys, seal, timestamps
from evidence.archive import adapters, receipts
from evidence.archive.models import Deposit
from evidence.archive.package import Item, Package, Refused, Unavailable

logger = logging.getLogger("paraphe.archive")
SECTION = "operator"
NAME = re.compile(r"(\d{4}-\d{2}-\d{2})\.([A-Za-z0-9-]+)\.jsonl")
KEPT = timedelta(days=366)
STAYS = timedelta(days=7)
"""How long a segment stays on this disk once every archive has it."""


def keep(at: datetime) -> None:
    """Seal and queue the days that are over, clear those that are archived, destroy those that are old enough."""
    for path in sorted(Path(settings.LOGS_DIR).glob("*.jsonl")):
        found = NAME.fullmatch(path.name)
        if found and found[1] < at.date().isoformat():
            _keep(path, at)
    for row in Deposit.objects.filter(kind="log", state=Deposit.State.KEPT, kept_at__lte=at - KEPT):
        _destroy(row, at)


def _keep(path: Path, at: datetime) -> None:
    try:
        _queue(path, at)
    except (keys.KeyUnavailable, seal.StaleRevocationList, timestamps.TimestampRefused) as error:
        logger.warning("log not sealed", extra={"label": type(error).__name__})
    _clear(path, at)


def package(row: Deposit) -> Package:
    """The segment, what is said of it and the seal over that. Raises OSError where this host has it not."""
    path = Path(settings.LOGS_DIR) / row.subject
    statement, sealing = path.with_suffix(".json"), path.with_suffix(".p7s")
    items = (
        Item.of(path.name, "log", path),
        Item.of(statement.name, "log", statement),
        Item.of(sealing.name, "log", sealing),
    )
    day, host = row.subject.removesuffix(".jsonl").split(".", 1)
    return Package(str(row.pk), row.section, "log", {"reference": f"log-{day}", "day": day, "host": host}, items)


def _queue(path: Path, at: datetime) -> None:
    """Once for each archive; the seal is made once, so that a second try deposits the very same."""
    if not path.with_suffix(".p7s").exists():
        with path.open("rb") as stream:
            sha256 = hashlib.file_digest(stream, "sha256").hexdigest()
        said = {"form": "paraphe-log-1", "segment": path.name, "sha256": sha256, "bytes": path.stat().st_size}
        content, sealing = receipts.sealed(said, at=at)
        disk.write(path.with_suffix(".json"), content, mode=0o440)
        disk.write(path.with_suffix(".p7s"), sealing, mode=0o440)
        path.chmod(0o440)
    for each in adapters.archives():
        Deposit.objects.get_or_create(
            kind="log",
            subject=path.name,
            archive=each.name,
            defaults={"section": SECTION, "requested_at": at, "due_at": at},
        )


def _clear(path: Path, at: datetime) -> None:
    rows = Deposit.objects.filter(kind="log", subject=path.name)
    if rows.exists() and all(row.kept_at and row.kept_at <= at - STAYS for row in rows):
        for each in (path, path.with_suffix(".json"), path.with_suffix(".p7s")):
            each.unlink(missing_ok=True)


def _destroy(row: Deposit, at: datetime) -> None:
    try:
        adapters.named(row.archive).destroy(row.section, row.archive_id, reason="12 months", at=at)
    except (Refused, Unavailable, LookupError) as error:
        logger.warning("log not destroyed", extra={"row": str(row.pk), "label": type(error).__name__})
    else:
        Deposit.objects.filter(pk=row.pk).update(state=Deposit.State.DESTROYED)
