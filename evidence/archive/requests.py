"""Asking for deposits: a row for each archive, inside the transaction of what is to be kept."""

from datetime import datetime

from evidence import chain, events
from evidence.archive import adapters
from evidence.archive.models import Deposit
from evidence.archive.package import Archive
from evidence.models import Addendum, Dossier, Entry, RollUp, Trail


def section_of(row: Trail) -> str:
    """The section of a client, named by its opaque id: a code may be changed."""
    return f"client-{row.tenant}".lower()


def queue_dossier(dossier: Dossier, *, at: datetime) -> None:
    """Ask each archive to keep a sealed dossier, inside the transaction that says it is sealed."""
    _queue(dossier.trail, "dossier", str(dossier.pk), at)


def queue_addendum(addendum: Addendum, *, at: datetime) -> None:
    """Ask each archive to keep a sealed addendum, as a package of its own beside the dossier's."""
    _queue(addendum.dossier.trail, "addendum", str(addendum.pk), at)


def queue_roll_up(made: RollUp, *, at: datetime) -> None:
    """Ask each archive to keep the roll-up of an envelope, beside the dossiers that it is about."""
    _queue(made.trail, "roll_up", str(made.pk), at)


def _queue(trail: Trail, kind: str, subject: str, at: datetime) -> None:
    Deposit.objects.bulk_create(
        Deposit(
            trail=trail,
            section=section_of(trail),
            archive=each.name,
            kind=kind,
            subject=subject,
            requested_at=at,
            due_at=at,
        )
        for each in _chosen(trail)
    )


def _chosen(trail: Trail) -> list[Archive]:
    """The archives that the client named with its documents; all, where it named none that is ours.

    Names of other archives, as integrators bring them along from where they deposited before, choose nothing.
    """
    every = adapters.archives()
    rows = Entry.objects.filter(trail=trail, kind=events.DocumentAdded.kind)
    asked = [
        chain.members(bytes(each))["data"].get("archives") or [] for each in rows.values_list("canonical", flat=True)
    ]
    named = {name.casefold() for names in asked for name in names}
    return [each for each in every if each.name in named] or every
