"""Consultations after a dossier was sealed: each an entry at once; those of a day are sealed together as an addendum.

Somebody reads the dossier, or takes it; its signer takes a document. What is no consultation of either (a visit, a page
served again) is an entry alone: decision 29.
"""

from collections.abc import Iterable
from datetime import datetime, timedelta

from django.db import transaction
from django.db.models import Max

from evidence import chain, meanwhile, sweeps, trail
from evidence.events import DocumentDownloaded, DossierDownloaded, SheetConsulted
from evidence.models import Addendum, Dossier, Entry, Trail
from evidence.trail import Actor

EVERY = timedelta(days=1)
"""So long after the first look the addendum is made that holds it and those since."""
MOST = 500
Look = SheetConsulted | DossierDownloaded | DocumentDownloaded
KINDS = (SheetConsulted.kind, DossierDownloaded.kind, DocumentDownloaded.kind)


def look(journal: Trail, event: Look, *, actor: Actor, at: datetime) -> None:
    """An entry, and once the dossier of `event.signer` is sealed part of an addendum of it within a day."""
    with transaction.atomic():
        trail.append(journal, event, actor=actor, at=at)
        looked(journal, [event.signer or ""], at=at)


def looked(journal: Trail, subjects: Iterable[str], *, at: datetime) -> None:
    """Have the looks just entered gathered, inside the transaction that enters them."""
    sealed = Dossier.objects.filter(trail=journal, subject__in=list(subjects), state=Dossier.State.SEALED)
    sealed.filter(looked_at=None).update(looked_at=at)


def gather(at: datetime) -> None:
    """Record the addendum of each dossier whose first look since the last one is a day old."""
    due = Dossier.objects.filter(state=Dossier.State.SEALED, looked_at__lte=at - EVERY).order_by("looked_at")
    sweeps.each(due[:MOST], lambda row: _gathered(row, at), job="gather looks")


def _gathered(row: Dossier, at: datetime) -> None:
    Trail.objects.select_for_update().get(pk=row.trail_id)  # as whoever appends an addendum's entry
    mine = Dossier.objects.filter(pk=row.pk, looked_at=row.looked_at).update(looked_at=None)
    newest = _looks(row)[-1:] if mine else []
    for entry in newest:
        Addendum.record(row, entry, at=at)


def earlier(row: Addendum) -> list[Entry]:
    """The looks that an addendum holds beside its own entry, in order; none where it is about something else."""
    if row.entry.kind not in KINDS:
        return []
    return [each for each in _looks(row.dossier, until=row.n) if each.seq < row.entry.seq]


def _looks(dossier: Dossier, *, until: int | None = None) -> list[Entry]:
    """The looks since a dossier's sealing or the last addendum of looks (the one before the addendum `until`)."""
    told = Addendum.objects.filter(dossier=dossier, entry__kind__in=KINDS)
    if until is not None:
        told = told.filter(n__lt=until)
    sealing = meanwhile.sealing_of(dossier)
    last = max(told.aggregate(seq=Max("entry__seq"))["seq"] or 0, sealing.seq if sealing else 0)
    rows = Entry.objects.filter(trail=dossier.trail, kind__in=KINDS, seq__gt=last).order_by("seq")
    return [each for each in rows if _is_of(each, dossier.subject)]


def _is_of(entry: Entry, subject: str) -> bool:
    data = chain.members(bytes(entry.canonical))["data"]
    return (data.get("signer"), data.get("page", "dossier")) == (subject, "dossier")
