"""Addenda: what comes after a dossier was sealed, chained to it by digest, sealed and time-stamped by itself.

An archive's receipt, a complaint, a consultation, a new time stamp. Each is an entry of the trail, and a file in the
container (`addenda/NNN.json`, docs/container.md): the entry's exact line, its openings, the digest of the addendum
before it, or of dossier.xml. Its seal covers everything that is in the container before it.
"""

import hashlib
import logging
import unicodedata
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from uuid import UUID

import rfc8785
from django.conf import settings
from django.db import connection, transaction
from django.db.models import F, QuerySet

from evidence import background, files, jobs, keys, looks, meanwhile, timestamps, trail
from evidence.archive import requests
from evidence.bell import Next
from evidence.dossier.container import container
from evidence.events import Event
from evidence.models import Addendum, Dossier, Entry, Trail
from evidence.trail import Actor, Source
from evidence.verify import messages

logger = logging.getLogger("paraphe.addenda")
VERSION = 1
TASK = "evidence.tasks.seal_addenda"
LOOKED_AT = 500
SECONDS = 2.0
Clock = Callable[[], datetime]


@dataclass(frozen=True)
class Attached:
    """A file that goes with an addendum, already among the files; `name`: ASCII, without a folder."""

    name: str
    sha256: str


def record(
    dossier: Dossier,
    event: Event,
    *,
    actor: Actor,
    at: datetime,
    attached: Sequence[Attached] = (),
    source: Source = "server",
) -> Addendum:
    """Add an entry to the trail of a dossier and have it sealed as the dossier's next addendum.

    Inside the transaction of the change that is told; a worker seals it once the dossier is, seconds later. Raises
    `RuntimeError` outside a transaction, `ValueError` where a name could not stand in a container.
    """
    if not connection.in_atomic_block:
        raise RuntimeError("an addendum is recorded in the transaction of the change it tells")
    for each in attached:
        if not each.name.isascii() or not each.name.replace(".", "").replace("-", "").replace("_", "").isalnum():
            raise ValueError(f"not the name of a file: {each.name!r}")
    entry = trail.append(dossier.trail, event, actor=actor, at=at, source=source)
    kept = [{"name": each.name, "sha256": each.sha256} for each in attached]
    return Addendum.record(dossier, entry, at=at, files=kept)


def tell(
    journal: Trail, subject: str, event: Event, *, actor: Actor, at: datetime, source: Source = "server"
) -> list[Next]:
    """Record what may come before or after the end of a subject: an entry, once its dossier is sealed an addendum, too.

    Inside the transaction of the change that is told; gives what is to be rung. While the dossier is being sealed it
    is an entry, which `evidence.meanwhile` has sealed.
    """
    entry = trail.append(journal, event, actor=actor, at=at, source=source)
    sealed = Dossier.objects.filter(trail=journal, subject=subject, state=Dossier.State.SEALED).first()
    if sealed is None:
        return []
    Addendum.record(sealed, entry, at=at)
    return [Next(TASK, {"dossier_id": str(sealed.pk)})]


def sealings(dossier: Dossier) -> list[str]:
    """What the sealed addenda of a dossier add to its container, in order."""
    rows = Addendum.objects.filter(dossier=dossier, sealed_at__isnull=False).order_by("n")
    return list(rows.values_list("sealing_sha256", flat=True))


def sweep(at: datetime) -> list[Next]:
    """One of the dossiers with addenda to be sealed; who seals it goes on with the others (`seal_due`)."""
    return [Next(TASK, {"dossier_id": key}) for key in _dossiers_due(at)[:1]]


def seal_due(dossier_id: str, *, clock: Clock) -> None:
    """Seal the addenda of a dossier, then those of others that are due, for SECONDS: signatures wait behind this."""
    until = clock() + timedelta(seconds=SECONDS)
    seal(dossier_id, clock=clock)
    for each in _dossiers_due(clock()):
        if clock() >= until:
            return
        if each != dossier_id:
            seal(each, clock=clock)


def _dossiers_due(at: datetime) -> list[str]:
    keys_due = _due(at).order_by("dossier").values_list("dossier", flat=True).distinct()
    return [str(key) for key in keys_due[:LOOKED_AT]]


def seal(dossier_id: str, *, clock: Clock) -> None:
    """Seal the addenda of a dossier, one after the other; each is held by a lease while it is sealed.

    What it waits for is told, and it is tried again later. A failure is told by its type, and tried again later each
    time; after `MAX_ATTEMPTS`, those of workers that died included, the addendum is quarantined, and with it those that
    would follow it in the chain.
    """
    own = _due(clock()).filter(dossier_id=UUID(dossier_id)).order_by("n").values_list("pk", flat=True)
    for pk in list(own):
        row = _claim(pk, at=clock())
        if row is None or not _seal_one(row, clock):
            return


def _seal_one(row: Addendum, clock: Clock) -> bool:
    if row.attempt > settings.MAX_ATTEMPTS:
        _quarantine(row, clock())
        return False
    try:
        made = _sealed(row, at=clock())
    except jobs.WAITS as error:
        logger.warning("addendum waits", extra={"row": str(row.pk), "label": type(error).__name__})
        _put_back(row, at=clock(), counted=False)
        return False
    except Exception:  # what is among the files may be anything; the others go on
        logger.exception("addendum failed", extra={"row": str(row.pk), "attempt": row.attempt})
        _put_back(row, at=clock(), counted=True)
        return False
    return _commit(row, made, at=clock())


def _claim(pk: int, *, at: datetime) -> Addendum | None:
    """Take the row by one conditional update: it is due again when the lease is over."""
    lease = at + timedelta(seconds=settings.LEASE_SECONDS)
    taken = _due(at).filter(pk=pk).update(attempt=F("attempt") + 1, due_at=lease)
    return Addendum.objects.select_related("dossier__trail", "entry").get(pk=pk) if taken else None


def _put_back(row: Addendum, *, at: datetime, counted: bool) -> None:
    """Try again later, each time later; or quarantine it when its attempts are used up."""
    if counted and row.attempt >= settings.MAX_ATTEMPTS:
        _quarantine(row, at)
        return
    wait = min(timedelta(seconds=settings.SWEEP_SECONDS) * 2**row.attempt, jobs.LONGEST_WAIT)
    _mine(row).update(due_at=at + wait, attempt=row.attempt if counted else row.attempt - 1)


def _quarantine(row: Addendum, at: datetime) -> None:
    if _mine(row).update(quarantined_at=at):
        logger.error("addendum quarantined", extra={"row": str(row.pk), "attempt": row.attempt})


def _mine(row: Addendum) -> QuerySet[Addendum]:
    """The row, if this attempt still holds it."""
    return Addendum.objects.filter(pk=row.pk, sealed_at=None, quarantined_at=None, attempt=row.attempt)


def end_of(token: bytes) -> datetime:
    """When the certificate ends that made a time-stamp token (DER)."""
    return messages.read_token(token, "timestamp").message.certificate.not_valid_after_utc


def _due(at: datetime) -> QuerySet[Addendum]:
    """What may be sealed now: nothing of a dossier of which one waits, is held or quarantined, for they are a chain."""
    unsealed = Addendum.objects.filter(sealed_at=None)
    stopped = unsealed.exclude(quarantined_at=None, due_at__lte=at).values("dossier")
    due = unsealed.filter(dossier__state=Dossier.State.SEALED).exclude(dossier__in=stopped)
    return due.exclude(dossier__sealing_sha256="")  # of before there were containers


def _sealed(row: Addendum, *, at: datetime) -> container.Added:
    """Seal one, outside any transaction. Raises what the seal and the time stamper raise, `files.Missing`."""
    earlier = sealings(row.dossier)
    previous = container.content(earlier[-1], _name(row.n - 1)) if earlier else None
    begin = _name(row.n).removesuffix(".json")
    identity, stamper = keys.open_identity("seal"), timestamps.timestamper()
    lists = jobs.lists(stamper)
    added: dict[str, bytes | str] = {_name(row.n): rfc8785.dumps(_told(row, previous))}
    added |= {f"{begin}-{each['name']}": each["sha256"] for each in row.files}
    above = (identity.certificate, *identity.chain[:-1])
    added |= {f"{begin}.seal-{n}.pem": files.put_bytes(keys.pem(each)) for n, each in enumerate(above, start=1)}
    added |= {f"{begin}.seal-{n}.crl": files.put_bytes(der) for n, der in enumerate(lists, start=1)}
    whole = [row.dossier.sealing_sha256, *earlier]
    return background.gives_way(container.add, whole, added, identity=identity, stamper=stamper, crls=lists, at=at)


def _told(row: Addendum, previous: bytes | None) -> dict[str, Any]:
    """What an addendum says (docs/container.md)."""
    before = [_line(each) for each in (*looks.earlier(row), *meanwhile.earlier(row))]
    return {
        "v": VERSION,
        "dossier": str(row.dossier_id),
        "reference": row.dossier.trail.reference,
        "n": row.n,
        "previous": row.dossier.xml_sha256 if previous is None else hashlib.sha256(previous).hexdigest(),
        **_line(row.entry),
        **({"earlier": before} if before else {}),
        "files": row.files,
    }


def _line(entry: Entry) -> dict[str, Any]:
    opened = [
        {"field": each.field, "salt": bytes(each.salt).hex(), "value": unicodedata.normalize("NFC", each.value)}
        for each in entry.openings.order_by("field")
    ]
    return {"line": bytes(entry.canonical).decode(), "digest": entry.digest, "openings": opened}


def _commit(row: Addendum, made: container.Added, *, at: datetime) -> bool:
    end = end_of(messages.timestamp_of(messages.parse(made.signature, "signature")))
    with transaction.atomic():
        mine = _mine(row).update(sealing_sha256=made.sealing_sha256, sealed_at=at)
        if mine:
            Dossier.objects.filter(pk=row.dossier_id).update(proven_until=end)
            requests.queue_addendum(row, at=at)
    return bool(mine)


def _name(n: int) -> str:
    return f"addenda/{n:03d}.json"
