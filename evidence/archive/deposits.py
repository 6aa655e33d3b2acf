"""Depositing: a row for each package and archive, claimed by a lease; nothing is open while an archive is asked."""

import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Q

from evidence import addenda, events, files, keys, seal, sweeps, timestamps, trail
from evidence.archive import adapters, contents
from evidence.archive.models import Deposit
from evidence.archive.package import NotKept, Package, Receipt, Refused, Unavailable
from evidence.bell import Next
from evidence.models import Dossier

logger = logging.getLogger("paraphe.archive")
LONGEST_WAIT = timedelta(hours=1)
DOUBLINGS = 16  # enough to come to the longest wait, and no number grows beyond it
WAITS = (keys.KeyUnavailable, seal.StaleRevocationList, timestamps.TimestampRefused)
AT_ONCE = 2  # the other workers sign meanwhile, however many packages wait
Clock = Callable[[], datetime]


def sweep(at: datetime, *, most: int = AT_ONCE) -> list[Next]:
    """The deposits that are due and held by nobody, the longest waiting first; as many as may be made now."""
    room = max(min(most, AT_ONCE - _being_made(at)), 0)
    due = Deposit.objects.filter(_free(at)).order_by("due_at").values_list("pk", flat=True)[:room]
    return [Next("evidence.tasks.deposit", {"deposit_id": str(pk)}) for pk in due]


def deposit(deposit_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Deposit one package; a row that is not due, held by another, unknown or done is left alone.

    An archive that is away is asked again, later each time and at least once an hour, for as long as it takes. Whoever
    ends one gives the next that is due.
    """
    row = _claim(deposit_id, owner=owner, at=clock())
    if row is None:
        return []
    try:
        with contents.package(row) as package:
            receipt = adapters.named(row.archive).deposit(package, at=clock())
            _kept(row, package, receipt, at=clock())
    except Refused as error:
        logger.error("archive refuses", extra={"row": str(row.pk), "label": str(error)[:60]})  # noqa: TRY400 - its words say it all
        _failed(row, "refused", at=clock(), final=True)
    except (Unavailable, NotKept, LookupError, files.Missing, OSError, *WAITS) as error:
        label = error.reason if isinstance(error, Unavailable) else type(error).__name__
        logger.warning("archive waits", extra={"row": str(row.pk), "label": label, "attempt": row.attempt})
        _failed(row, label, at=clock(), final=False)
    except sweeps.NOBODYS_FAULT:
        raise
    except Exception as error:  # whatever it is, the others are to have their turn
        logger.exception("deposit failed", extra={"row": str(row.pk), "attempt": row.attempt})
        _failed(row, type(error).__name__, at=clock(), final=False)
    return sweep(clock(), most=1)


def words(metadata: Mapping[str, Any]) -> str:
    """All that people may look for, in one line."""
    told = [str(metadata.get(name, "")) for name in ("reference", "external_reference", "signer", "client_code", "day")]
    titles = [str(each.get("title", "")) for each in metadata.get("documents", ())]
    return " ".join(filter(None, [*told, *titles, *metadata.get("keywords", ())])).casefold()


def _free(at: datetime) -> Q:
    return Q(state=Deposit.State.QUEUED, due_at__lte=at) & (Q(lease_until__isnull=True) | Q(lease_until__lte=at))


def _being_made(at: datetime) -> int:
    return Deposit.objects.filter(state=Deposit.State.QUEUED, lease_until__gt=at).count()


def _claim(deposit_id: str, *, owner: str, at: datetime) -> Deposit | None:
    """Take the row by one conditional update, or leave it: two that look at the same time may both take one.

    When it is due again is said at once: one that ends its worker each time takes others with it ever less often.
    """
    if _being_made(at) >= AT_ONCE:
        return None
    row = Deposit.objects.filter(_free(at), pk=deposit_id).first()
    if row is None:
        return None
    taken = Deposit.objects.filter(_free(at), pk=deposit_id, attempt=row.attempt).update(
        owner=owner,
        attempt=row.attempt + 1,
        lease_until=at + timedelta(seconds=settings.LEASE_SECONDS),
        due_at=at + _wait(row.attempt + 1),
    )
    if taken and row.owner:
        logger.error("deposit ended with its worker", extra={"row": str(row.pk), "attempt": row.attempt})
    return Deposit.objects.select_related("trail").get(pk=deposit_id) if taken else None


def _wait(attempt: int) -> timedelta:
    """How long after an attempt the next one comes, at the earliest."""
    return min(timedelta(seconds=settings.SWEEP_SECONDS * 2 ** min(attempt, DOUBLINGS)), LONGEST_WAIT)


def _mine(row: Deposit) -> Any:
    return Deposit.objects.filter(pk=row.pk, state=Deposit.State.QUEUED, owner=row.owner, attempt=row.attempt)


def _kept(row: Deposit, package: Package, receipt: Receipt, *, at: datetime) -> None:
    """The receipt among the files, then one transaction: the row and its entries. A lost claim changes nothing."""
    receipt_sha256 = files.put_bytes(receipt.content)
    seal_sha256 = files.put_bytes(receipt.seal) if receipt.seal else ""
    with transaction.atomic():
        mine = _mine(row).update(
            state=Deposit.State.KEPT,
            kept_at=at,
            archive_id=receipt.archive_id,
            manifest_sha256=package.sha256,
            words=words(package.metadata),
            receipt_sha256=receipt_sha256,
            seal_sha256=seal_sha256,
            lease_until=None,
            reason="",
        )
        if mine and row.trail is not None:
            told = events.ArchiveDeposited(
                archive=row.archive,
                deposit=str(row.pk),
                content=row.kind,
                subject=row.subject,
                manifest_sha256=package.sha256,
                files=len(package.items),
            )
            received = events.ArchiveReceipt(
                archive=row.archive,
                deposit=str(row.pk),
                archive_id=receipt.archive_id,
                sha256=receipt_sha256,
                seal_sha256=seal_sha256 or None,
            )
            trail.append(row.trail, told, actor=trail.SYSTEM, at=at)
            _received(row, received, at)


def _received(row: Deposit, event: events.ArchiveReceipt, at: datetime) -> None:
    """A dossier's receipt is its addendum; that of an addendum only an entry, or there would be no end."""
    if row.trail is None:
        return
    if row.kind != "dossier":
        trail.append(row.trail, event, actor=trail.SYSTEM, at=at)
        return
    attached = [addenda.Attached(f"receipt-{row.archive}.json", event.sha256)]
    if event.seal_sha256:
        attached.append(addenda.Attached(f"receipt-{row.archive}.p7s", event.seal_sha256))
    addenda.record(Dossier.objects.get(pk=row.subject), event, actor=trail.SYSTEM, at=at, attached=attached)


def _failed(row: Deposit, label: str, *, at: datetime, final: bool) -> None:
    """Say why in the row and in the trail; ask again later, or never where the archive refuses."""
    state = Deposit.State.REFUSED if final else Deposit.State.QUEUED
    with transaction.atomic():
        mine = _mine(row).update(
            state=state, due_at=at + _wait(row.attempt), lease_until=None, owner="", reason=label[:120]
        )
        if mine and row.trail is not None:
            event = events.ArchiveFailed(archive=row.archive, deposit=str(row.pk), reason=label[:120], final=final)
            trail.append(row.trail, event, actor=trail.SYSTEM, at=at)
