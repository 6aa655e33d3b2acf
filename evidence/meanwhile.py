"""What is entered of a signer while a dossier is being sealed: too late for it, too early for an addendum by itself.

It is recorded with the sealing, as one addendum: the newest of these entries, and those before it as `earlier`.
"""

from datetime import datetime
from typing import Any

from evidence import chain
from evidence.events import DossierSealed
from evidence.models import Addendum, Dossier, Entry


def record(dossier: Dossier, *, last_seq: int, at: datetime) -> None:
    """Have what was entered of the dossier's subject after `last_seq`, its last entry, sealed as its addendum.

    Inside the transaction that writes the dossier down, under the lock of the trail and before the entry of the
    sealing: whatever is entered later sees that the dossier is sealed.
    """
    for entry in _entered(dossier, last_seq)[-1:]:
        Addendum.record(dossier, entry, at=at)


def earlier(row: Addendum) -> list[Entry]:
    """The entries that such an addendum holds beside its own, in order; none where it is another."""
    sealing = sealing_of(row.dossier)
    if sealing is None or sealing.seq < row.entry.seq:
        return []
    return [each for each in _entered(row.dossier, _data(sealing)["last_seq"]) if each.seq < row.entry.seq]


def sealing_of(dossier: Dossier) -> Entry | None:
    """The entry of a dossier's sealing; None where there is none yet."""
    rows = Entry.objects.filter(trail=dossier.trail, kind=DossierSealed.kind).order_by("-seq")
    return next((each for each in rows if _data(each)["signer"] == dossier.subject), None)


def _entered(dossier: Dossier, last_seq: int) -> list[Entry]:
    """The entries of the subject after this one, those left out that are an addendum."""
    rows = Entry.objects.filter(trail=dossier.trail, seq__gt=last_seq, addendum=None).order_by("seq")
    return [each for each in rows if _data(each).get("signer") == dossier.subject]


def _data(entry: Entry) -> dict[str, Any]:
    said: dict[str, Any] = chain.members(bytes(entry.canonical))["data"]
    return said
