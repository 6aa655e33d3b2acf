"""Eliminating what is kept of a trail: archives first, then names and openings with their entry, then the files.

The chain stays: entries hold salted commitments, whose salts and values go. Each step may be done again after a crash.
"""

import logging
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.db import transaction
from django.db.models import Count, F, Q

from evidence import events, files, keys, seal, timestamps, trail
from evidence.archive import adapters, certificate, tenants
from evidence.archive.models import Deposit, Elimination, LegalHold
from evidence.archive.package import Refused, Unavailable
from evidence.bell import Next
from evidence.models import Addendum, Dossier, Opening, Trail
from evidence.trail import Actor

logger = logging.getLogger("paraphe.elimination")
Clock = Callable[[], datetime]
OPERATOR_SECTION = "operator"
WAITS = (Unavailable, keys.KeyUnavailable, seal.StaleRevocationList, timestamps.TimestampRefused, LookupError, OSError)
LONGEST_WAIT = timedelta(hours=1)
BATCH = 20
FILES = {
    "document.frozen": ("sha256",),
    "signature.made": ("sha256",),
    "extrinsic.added": ("sha256",),
    "dossier.sealed": ("xml_sha256", "pdf_sha256", "sealing_sha256", "attestation_sha256"),
    "rollup.sealed": ("pdf_sha256",),
}
"""Entries that name files with something of a person in them."""


def years_before(at: datetime, years: int) -> datetime:
    """The same day and hour so many years earlier; the 28th of February where that year has no 29th."""
    try:
        return at.replace(year=at.year - years)
    except ValueError:
        return at.replace(year=at.year - years, day=28)


class Held(Exception):
    """A legal hold stands over the trail, or it is eliminated already."""


def place_hold(*, of: Trail, reason: str, actor: Actor, at: datetime) -> None:
    """Keep a trail from being eliminated; one that is held stays so. Raises `Held` where it is gone."""
    with transaction.atomic():
        row = Trail.objects.select_for_update().get(pk=of.pk)
        if Elimination.objects.filter(trail=row).exists():
            raise Held
        if not LegalHold.objects.filter(trail=row, lifted_at__isnull=True).exists():
            LegalHold.objects.create(trail=row, placed_at=at)
            trail.append(row, events.HoldPlaced(reason=reason or None), actor=actor, at=at)


def lift_hold(*, of: Trail, actor: Actor, at: datetime) -> None:
    """Let the rule of keeping apply again."""
    with transaction.atomic():
        if LegalHold.objects.filter(trail=of, lifted_at__isnull=True).update(lifted_at=at):
            trail.append(of, events.HoldLifted(), actor=actor, at=at)


def is_held(of: Trail) -> bool:
    """Whether a hold stands."""
    return LegalHold.objects.filter(trail=of, lifted_at__isnull=True).exists()


def is_begun(of: Trail) -> bool:
    """Whether what the trail told of is erased, or about to be."""
    return Elimination.objects.filter(trail=of).exists()


def queue(*, of: Trail, rule: str, at: datetime) -> Elimination:
    """Ask for the elimination of a trail by a rule of keeping. Raises `Held`."""
    with transaction.atomic():
        row = Trail.objects.select_for_update().get(pk=of.pk)
        if is_held(row):
            raise Held
        made, _new = Elimination.objects.get_or_create(
            trail=row, defaults={"rule": rule, "requested_at": at, "due_at": at}
        )
    return made


def request(*, of: Trail, reason: Elimination.Reason, rule: str, actor: Actor, at: datetime) -> None:
    """Ask for the elimination of a trail before its time, with an entry that says who did. Raises `Held`."""
    with transaction.atomic():
        row = Trail.objects.select_for_update().get(pk=of.pk)
        if is_held(row) or is_begun(row):
            raise Held
        Elimination.objects.create(trail=row, rule=rule, reason=reason, requested_at=at, due_at=at)
        asked = events.EliminationRequested(reason=reason.value)  # type: ignore[arg-type]  # one of the two
        trail.append(row, asked, actor=actor, at=at)


def sweep(at: datetime) -> list[Next]:
    """The eliminations that are due and held by nobody."""
    rows = Elimination.objects.filter(_free(at)).order_by("due_at").values_list("pk", flat=True)[:BATCH]
    return [Next("evidence.tasks.eliminate", {"elimination_id": str(pk)}) for pk in rows]


def eliminate(elimination_id: str, *, owner: str, clock: Clock) -> list[Next]:
    """Do what is left of one elimination; what it waits for is told, and it is tried again."""
    row = _claim(elimination_id, owner=owner, at=clock())
    if row is None:
        return []
    try:
        if row.state == Elimination.State.QUEUED:
            _erase(row, clock)
        _clear(row)
    except Refused as error:
        logger.error("archive keeps", extra={"row": str(row.pk), "label": str(error)[:60]})  # noqa: TRY400 - its words say it all
        _put_back(row, clock())
    except WAITS as error:
        logger.warning("elimination waits", extra={"row": str(row.pk), "label": type(error).__name__})
        _put_back(row, clock())
    return []


def _erase(row: Elimination, clock: Clock) -> None:
    """Out of the archives; then the certificate; then names, openings and the entry that tells it, at once."""
    row.released = sorted({name for entry in trail.entries(row.trail) for name in _files(entry)} | _added(row))
    deposits = list(Deposit.objects.filter(trail=row.trail).exclude(state=Deposit.State.DESTROYED))
    for each in deposits:
        if each.state == Deposit.State.KEPT:
            adapters.named(each.archive).destroy(each.section, each.archive_id, reason=str(row.pk), at=clock())
    at = clock()
    openings = Opening.objects.filter(entry__trail=row.trail)
    paper = certificate.made(row, deposits, values=openings.count(), at=at)
    with transaction.atomic():
        changed = _mine(row).update(
            state=Elimination.State.ERASED,
            released=row.released,
            erased_at=at,
            certificate_sha256=paper.content,
            seal_sha256=paper.seal,
            pdf_sha256=paper.pdf,
        )
        if not changed:
            return
        Deposit.objects.filter(trail=row.trail).update(state=Deposit.State.DESTROYED, words="")
        Dossier.objects.filter(trail=row.trail).update(state=Dossier.State.DESTROYED, proven_until=None)
        tenants.erase(row.trail, at)
        fields = dict(openings.order_by("field").values_list("field").annotate(n=Count("pk")))
        openings.delete()
        told = events.PersonalDataErased(
            fields=fields,
            reason=row.reason,  # type: ignore[arg-type]  # one of them, by its choices
            rule=row.rule,
            released=row.released,
            certificate_sha256=paper.content,
        )
        trail.append(row.trail, told, actor=trail.SYSTEM, at=at)
        _deposit_certificate(row, at)
    row.state = Elimination.State.ERASED


def _clear(row: Elimination) -> None:
    """The files, but for those that something else needs."""
    if row.state != Elimination.State.ERASED:
        return
    mine = set(row.released)
    kept = tenants.needed(row.trail, mine)
    for sha256 in mine - kept:
        files.discard(sha256)
    _mine(row).update(state=Elimination.State.DONE, lease_until=None)


def _files(entry: trail.Read) -> list[str]:
    return [entry.data[name] for name in FILES.get(entry.kind, ()) if name in entry.data]


def _added(row: Elimination) -> set[str]:
    """What addenda of its dossiers hold: openings stand in them."""
    rows = Addendum.objects.filter(dossier__trail=row.trail)
    return {each.sealing_sha256 for each in rows if each.sealing_sha256}


def _deposit_certificate(row: Elimination, at: datetime) -> None:
    """The certificate is kept in the operator's section: it names nobody."""
    Deposit.objects.bulk_create(
        Deposit(
            section=OPERATOR_SECTION,
            archive=each.name,
            kind="elimination",
            subject=str(row.pk),
            requested_at=at,
            due_at=at,
        )
        for each in adapters.archives()
    )


def _free(at: datetime) -> Q:
    held = Q(lease_until__isnull=False, lease_until__gt=at)
    return Q(due_at__lte=at) & ~Q(state=Elimination.State.DONE) & ~held


def _claim(elimination_id: str, *, owner: str, at: datetime) -> Elimination | None:
    lease = at + timedelta(seconds=settings.LEASE_SECONDS)
    taken = Elimination.objects.filter(_free(at), pk=elimination_id).update(
        owner=owner, attempt=F("attempt") + 1, lease_until=lease
    )
    return Elimination.objects.select_related("trail").get(pk=elimination_id) if taken else None


def _mine(row: Elimination) -> Any:
    return Elimination.objects.filter(pk=row.pk, owner=row.owner, attempt=row.attempt)


def _put_back(row: Elimination, at: datetime) -> None:
    wait = min(timedelta(seconds=settings.SWEEP_SECONDS) * 2 ** min(row.attempt, 16), LONGEST_WAIT)
    _mine(row).update(due_at=at + wait, lease_until=None)
