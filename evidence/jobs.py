"""Sealing dossiers: claim the row, build everything outside any transaction, commit under a fence."""

import logging
import tempfile
from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import F, Q, QuerySet
from django.utils import translation
from django.utils.translation import gettext

from evidence import (
    background,
    checkpoints,
    events,
    files,
    keys,
    meanwhile,
    outages,
    precedence,
    rollups,
    seal,
    timestamps,
    trail,
)
from evidence.archive import requests
from evidence.bell import Next
from evidence.dossier import attestation, facts, parts, pdf, xml
from evidence.dossier.container import container, members
from evidence.models import Dossier, Trail

logger = logging.getLogger("paraphe.dossier")

Clock = Callable[[], datetime]
LISTS = ("issuing.crl", "root.crl")
LONGEST_WAIT = timedelta(minutes=5)
LONG_TRAIL = 100  # entries: more than an envelope of a few signers and documents has
# Nothing is wrong with the dossier: it waits for what it is sealed with, and no attempt is counted.
WAITS = (keys.KeyUnavailable, seal.StaleRevocationList, timestamps.TimestampRefused, checkpoints.LogMoved)


@dataclass(frozen=True)
class Built:
    """A sealed dossier among the files, not yet committed."""

    xml_sha256: str
    pdf_sha256: str
    sealing_sha256: str
    attestation_sha256: str
    last_seq: int


def seal_dossier(dossier_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Seal one dossier; a row that is not due, held by another, unknown or done is left alone.

    Sealing costs a processor for a second or more, and signatures come first: no more than DOSSIERS_AT_ONCE are sealed
    at the same time, and while somebody waits for a signature only what has waited for DOSSIER_PATIENCE_SECONDS.
    Whoever ends one gives the next that is due.

    What is not made in its time (`_more_seconds`) is ended, and has failed: nothing of it is left at work.
    A failure leaves the row queued with a later due date; the house's log tells its type and place, not its words,
    which may quote names. After `MAX_ATTEMPTS` counted failures, crashed workers included, the row is quarantined.
    """
    row = _claim(dossier_id, owner=owner, at=clock())
    if row is None:
        return []
    if row.attempt > settings.MAX_ATTEMPTS:
        _quarantine(row)
        return []
    try:
        built = build(row, clock)
    except WAITS as error:
        logger.warning("dossier waits", extra={"row": str(row.pk), "label": type(error).__name__})
        outages.noticed(error, at=clock())
        _put_back(row, at=clock(), counted=False)
    except Exception:  # the renderer raises anything; the row must not stay claimed
        logger.exception("dossier failed", extra={"row": str(row.pk), "attempt": row.attempt})
        _put_back(row, at=clock(), counted=True)
    else:
        _commit(row, built, at=clock())
    return sweep(clock(), most=1)


def checkpoint() -> None:
    """Make a checkpoint of the log, where entries have come; what it waits for is told, and it is tried again."""
    try:
        checkpoints.make(timestamps.timestamper())
    except WAITS as error:
        logger.error("no checkpoint", extra={"label": type(error).__name__})  # noqa: TRY400 - its type says it all


def sweep(at: datetime, *, most: int | None = None) -> list[Next]:
    """The dossiers that are due and not held, the longest waiting first; as many as may be sealed now."""
    room = settings.DOSSIERS_AT_ONCE - _being_sealed(at) if most is None else most
    due = Dossier.objects.filter(_free(at)).order_by("due_at").values_list("pk", flat=True)[: max(room, 0)]
    return [Next("evidence.tasks.seal_dossier", {"dossier_id": str(pk)}) for pk in due]


def build(row: Dossier, clock: Clock) -> Built:
    """Facts, XML, seal, PDF, seal; both files stored. No transaction is open. Raises what the parts raise."""
    identity, timestamper = keys.open_identity("seal"), timestamps.timestamper()
    crls = lists(timestamper)
    at = clock()
    software = f"Paraphe {settings.SOFTWARE_VERSION}"
    told = facts.collect(row.trail, row.subject, dossier_id=str(row.pk), at=at, software=software)
    told = facts.logged(told, checkpoints.make(timestamper))
    seconds = settings.DOSSIER_SECONDS + _more_seconds(row.trail.head_seq)
    return background.gives_way_within(
        seconds, _sealed_in, told.language, told, identity, timestamper, crls=crls, at=at
    )


def _sealed_in(language: str, *arguments: Any, **keywords: Any) -> Built:
    with translation.override(language):
        return sealed(*arguments, **keywords)


def lists(timestamper: timestamps.Stamper) -> list[bytes]:
    """The revocation lists that belong into a seal, DER. Raises what the time stamper raises."""
    return [*((Path(settings.PKI_DIR) / name).read_bytes() for name in LISTS), *timestamper.lists()]


def sealed(
    told: facts.DossierFacts,
    identity: keys.Identity,
    timestamper: timestamps.Stamper,
    *,
    crls: list[bytes],
    at: datetime,
) -> Built:
    """Seal XML, PDF, attestation and container; what they say of themselves is in the language that is active."""
    told = replace(told, attestation=attestation.stated(told, at=at))
    document = seal.seal_xml(xml.build(told), identity, timestamper, crls=crls, at=at)
    work = Path(settings.WORK_DIR)
    work.mkdir(mode=0o700, parents=True, exist_ok=True)
    with tempfile.TemporaryDirectory(dir=work, prefix="dossier-") as folder:
        plain, target = Path(folder) / "plain.pdf", Path(folder) / "dossier.pdf"
        plain.write_bytes(pdf.render(document, zone=settings.TIME_ZONE_SHOWN))
        reason = gettext("Cachet du dossier de preuve {reference}").format(reference=told.transaction.reference)
        seal.seal_pdf(plain, target, identity, timestamper, crls=crls, reason=reason, at=at)
        xml_sha256, pdf_sha256 = files.put_bytes(document), files.take(target)
    sheet = attestation.sealed(told, xml_sha256=xml_sha256, at=at)
    sealing = container.close(
        told,
        members.Sealed(xml_sha256, pdf_sha256, sheet),
        identity=identity,
        stamper=timestamper,
        crls=crls,
        at=at,
    )
    return Built(xml_sha256, pdf_sha256, sealing, sheet, told.journal.last_seq)


def task_seconds(usual: int) -> int:
    """How long the task may last that seals any dossier; `usual`: how long another task may. Each has its own time."""
    return int(usual + settings.DOSSIER_LONGEST_SECONDS - settings.DOSSIER_SECONDS)


def _more_seconds(entries: int) -> int:
    """What a trail of so many entries is given beyond the usual time: it grows with its documents and signers."""
    return min(max(0, entries - LONG_TRAIL), int(settings.DOSSIER_LONGEST_SECONDS - settings.DOSSIER_SECONDS))


def _free(at: datetime) -> Q:
    held = Q(lease_until__isnull=False, lease_until__gt=at)
    free = Q(state=Dossier.State.QUEUED, due_at__lte=at) & ~held
    patient = at - timedelta(seconds=settings.DOSSIER_PATIENCE_SECONDS)
    return free & Q(requested_at__lte=patient) if precedence.somebody_waits(at) else free


def _being_sealed(at: datetime) -> int:
    return Dossier.objects.filter(state=Dossier.State.QUEUED, lease_until__gt=at).count()


def _claim(dossier_id: str, *, owner: str, at: datetime) -> Dossier | None:
    """Take the row by one conditional update, or leave it: two that look at the same time may both take one."""
    if _being_sealed(at) >= settings.DOSSIERS_AT_ONCE:
        return None
    entries = Dossier.objects.filter(pk=dossier_id).values_list("trail__head_seq", flat=True).first() or 0
    lease = at + timedelta(seconds=settings.LEASE_SECONDS + _more_seconds(entries))
    claimed = Dossier.objects.filter(_free(at), pk=dossier_id).update(
        owner=owner, attempt=F("attempt") + 1, lease_until=lease
    )
    return Dossier.objects.select_related("trail").get(pk=dossier_id) if claimed else None


def _commit(row: Dossier, built: Built, *, at: datetime) -> None:
    """One transaction fenced by owner and attempt: the row and its entry; a lost fence discards what was built.

    What was entered since the dossier was cut becomes its first addendum. The trail is locked first, as by whoever
    enters something: they see the dossier sealed, or are seen here.
    """
    with transaction.atomic():
        Trail.objects.select_for_update().get(pk=row.trail_id)
        mine = _mine(row).update(
            state=Dossier.State.SEALED,
            xml_sha256=built.xml_sha256,
            pdf_sha256=built.pdf_sha256,
            sealing_sha256=built.sealing_sha256,
            attestation_sha256=built.attestation_sha256,
            sealed_at=at,
            lease_until=None,
        )
        if mine:
            meanwhile.record(row, last_seq=built.last_seq, at=at)
            event = events.DossierSealed(
                signer=row.subject,
                version=parts.VERSION,
                last_seq=built.last_seq,
                xml_sha256=built.xml_sha256,
                pdf_sha256=built.pdf_sha256,
                sealing_sha256=built.sealing_sha256,
                attestation_sha256=built.attestation_sha256,
            )
            trail.append(row.trail, event, actor=trail.SYSTEM, at=at)
            rollups.queue(row.trail, at=at)
            requests.queue_dossier(row, at=at)
    if not mine:
        logger.warning("dossier fence lost", extra={"row": str(row.pk)})


def _put_back(row: Dossier, *, at: datetime, counted: bool) -> None:
    """Queue the row again, later each time; or quarantine it when its attempts are used up."""
    if counted and row.attempt >= settings.MAX_ATTEMPTS:
        _quarantine(row)
        return
    wait = min(timedelta(seconds=settings.SWEEP_SECONDS) * 2**row.attempt, LONGEST_WAIT)
    attempt = row.attempt if counted else row.attempt - 1
    _mine(row).update(owner="", lease_until=None, due_at=at + wait, attempt=attempt)


def _quarantine(row: Dossier) -> None:
    if _mine(row).update(state=Dossier.State.QUARANTINED, lease_until=None):
        logger.error("dossier quarantined", extra={"row": str(row.pk), "attempt": row.attempt})


def _mine(row: Dossier) -> QuerySet[Dossier]:
    """The row, if it is still held by this owner in this attempt."""
    return Dossier.objects.filter(pk=row.pk, state=Dossier.State.QUEUED, owner=row.owner, attempt=row.attempt)
