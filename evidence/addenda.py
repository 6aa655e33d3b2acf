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
from django.db.models import QuerySet

from evidence import background, chain, events, files, jobs, keys, timestamps, trail
from evidence.archive import requests
from evidence.bell import Next
from evidence.dossier.container import container
from evidence.events import Event
from evidence.models import Addendum, Dossier
from evidence.trail import Actor, Source
from evidence.verify import messages

logger = logging.getLogger("paraphe.addenda")
VERSION = 1
TASK = "evidence.tasks.seal_addenda"
_LOOKED_AT = 500
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
    entry = trail.append(dossier.trail, event, actor=actor, at=at, source=source)  # under the lock of the trail
    return Addendum.objects.create(
        dossier=dossier,
        n=Addendum.objects.filter(dossier=dossier).count() + 1,
        entry=entry,
        files=[{"name": each.name, "sha256": each.sha256} for each in attached],
        recorded_at=at,
    )


def sealings(dossier: Dossier) -> list[str]:
    """What the sealed addenda of a dossier add to its container, in order."""
    rows = Addendum.objects.filter(dossier=dossier, sealed_at__isnull=False).order_by("n")
    return list(rows.values_list("sealing_sha256", flat=True))


def sweep() -> list[Next]:
    """One of the dossiers with addenda to be sealed; who seals it goes on with the others (`seal_due`)."""
    return [Next(TASK, {"dossier_id": key}) for key in _dossiers_due()[:1]]


def seal_due(dossier_id: str, *, clock: Clock) -> None:
    """Seal the addenda of a dossier, then those of others that are due, for SECONDS: signatures wait behind this."""
    until = clock() + timedelta(seconds=SECONDS)
    seal(dossier_id, clock=clock)
    for each in _dossiers_due():
        if clock() >= until:
            return
        if each != dossier_id:
            seal(each, clock=clock)


def _dossiers_due() -> list[str]:
    keys_due = _due().order_by("dossier").values_list("dossier", flat=True).distinct()
    return [str(key) for key in keys_due[:_LOOKED_AT]]


def seal(dossier_id: str, *, clock: Clock) -> None:
    """Seal the addenda of a dossier, one after the other. What it waits for is told; the sweeper asks again.

    Two workers at once may seal the same one: the first that commits has sealed it.
    """
    for row in _due().filter(dossier_id=UUID(dossier_id)).order_by("n").select_related("dossier__trail", "entry"):
        try:
            made = _sealed(row, at=clock())
        except jobs.WAITS as error:
            logger.warning("addendum waits", extra={"row": str(row.pk), "label": type(error).__name__})
            return
        if not _commit(row, made, at=clock()):
            return


def renew(*, clock: Clock) -> None:
    """Have dossiers stamped again whose last authority's certificate ends within RENEWAL_DAYS.

    Nothing is done, with an alarm, while the authority of now does not last longer than the former.
    """
    _look_up_ends()
    near = clock() + timedelta(days=settings.RENEWAL_DAYS)
    rows = Dossier.objects.filter(proven_until__lte=near).exclude(addenda__sealed_at=None, addenda__isnull=False)
    due = list(rows.select_related("trail").order_by("proven_until")[:_LOOKED_AT])
    if not due:
        return
    try:
        lasts = _end_of(timestamps.timestamper().stamp(hashlib.sha256(b"").digest()))
    except jobs.WAITS as error:
        logger.error("no renewal", extra={"label": type(error).__name__})  # noqa: TRY400 - its type says it all
        return
    for row in due:
        if row.proven_until is None or lasts <= row.proven_until:
            logger.error("no later authority", extra={"row": str(row.pk)})
            continue
        event = events.DossierStamped(signer=row.subject, proven_until=chain.instant(row.proven_until))
        with transaction.atomic():
            record(row, event, actor=trail.SYSTEM, at=clock())


def _due() -> QuerySet[Addendum]:
    sealed = Addendum.objects.filter(sealed_at=None, dossier__state=Dossier.State.SEALED)
    return sealed.exclude(dossier__sealing_sha256="")  # of before there were containers


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
    opened = [
        {"field": each.field, "salt": bytes(each.salt).hex(), "value": unicodedata.normalize("NFC", each.value)}
        for each in row.entry.openings.order_by("field")
    ]
    return {
        "v": VERSION,
        "dossier": str(row.dossier_id),
        "reference": row.dossier.trail.reference,
        "n": row.n,
        "previous": row.dossier.xml_sha256 if previous is None else hashlib.sha256(previous).hexdigest(),
        "line": bytes(row.entry.canonical).decode(),
        "digest": row.entry.digest,
        "openings": opened,
        "files": row.files,
    }


def _commit(row: Addendum, made: container.Added, *, at: datetime) -> bool:
    end = _end_of(messages.timestamp_of(messages.parse(made.signature, "signature")))
    with transaction.atomic():
        mine = Addendum.objects.filter(pk=row.pk, sealed_at=None).update(
            sealing_sha256=made.sealing_sha256, sealed_at=at
        )
        if mine:
            Dossier.objects.filter(pk=row.dossier_id).update(proven_until=end)
            requests.queue_addendum(row, at=at)
    return bool(mine)


def _look_up_ends() -> None:
    """Dossiers say by themselves until when their last time stamp holds; here the row learns it."""
    rows = Dossier.objects.filter(proven_until=None, state=Dossier.State.SEALED).exclude(sealing_sha256="")
    for row in rows[:_LOOKED_AT]:
        end = _end_of(container.content(row.sealing_sha256, container.TOKEN))
        Dossier.objects.filter(pk=row.pk, proven_until=None).update(proven_until=end)


def _end_of(token: bytes) -> datetime:
    """When the certificate ends that made a time-stamp token (DER)."""
    return messages.read_token(token, "timestamp").message.certificate.not_valid_after_utc


def _name(n: int) -> str:
    return f"addenda/{n:03d}.json"
