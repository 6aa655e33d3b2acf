"""Asking for deposits: a row for each archive, inside the transaction of what is to be kept."""

from collections.abc import Iterable, Sequence
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


def named(archives: Sequence[str], names: Iterable[str]) -> list[str]:
    """Those of `archives` that a document names; all, where it names none of them.

    Names of other archives, as integrators bring them along from where they deposited before, choose nothing.
    """
    wanted = {each.casefold() for each in names}
    return [each for each in archives if each in wanted] or list(archives)


def _chosen(trail: Trail) -> list[Archive]:
    """Each archive that a document of the trail is to be in; all, where no document asks for a deposit.

    What is deposited is the dossier with all signed files: it goes wherever one of them is to be (decision 28).
    """
    every = adapters.archives()
    rows = Entry.objects.filter(trail=trail, kind=events.DocumentAdded.kind)
    asked = [chain.members(bytes(each))["data"].get("archives") for each in rows.values_list("canonical", flat=True)]
    ours = [each.name for each in every]
    chosen = {name for names in asked if names is not None for name in named(ours, names)}
    return [each for each in every if each.name in chosen] or every
