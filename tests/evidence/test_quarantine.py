"""Sealing that stopped is put back to work by the operator, with an entry, and is then done."""

import pytest
from django.utils import timezone

from evidence import addenda, chain, jobs, quarantine, trail
from evidence.models import Addendum, Dossier, Entry
from evidence.trail import Actor
from tests.evidence import trails
from tests.evidence.dossiers import queued, seal
from tests.evidence.test_addenda import complaint

pytestmark = pytest.mark.django_db
OPERATOR = Actor(role="operator")


def release(row: Dossier) -> dict[str, object]:
    """Release it; gives the last entry of its trail."""
    quarantine.release(dossier=row, actor=OPERATOR, at=timezone.now())
    entry = Entry.objects.filter(trail=row.trail).order_by("seq").last()
    assert entry is not None
    return chain.members(bytes(entry.canonical))


def test_a_dossier_that_stopped_is_sealed_and_says_that_it_had() -> None:
    row = queued(trails.refused(), state=Dossier.State.QUARANTINED, attempt=7, owner="gone")
    assert jobs.sweep(timezone.now()) == []
    said = release(row)
    assert (said["kind"], said["actor"]) == ("sealing.resumed", {"role": "operator"})
    assert said["data"] == {"signer": row.subject, "dossier": True}
    row = seal(row)
    assert (row.state, row.attempt) == (Dossier.State.SEALED, 1)
    assert trail.check(row.trail) > 0
    assert not quarantine.stopped().exists()


def test_an_addendum_that_stopped_is_sealed_and_those_after_it_too() -> None:
    row = seal(queued(trails.refused()))
    first, second = complaint(row, 1), complaint(row, 2)
    Addendum.objects.filter(pk=first.pk).update(quarantined_at=timezone.now(), attempt=7)
    addenda.seal(str(row.pk), clock=timezone.now)
    assert addenda.sealings(row) == []
    assert list(quarantine.stopped()) == [row]
    assert release(row)["data"] == {"signer": row.subject, "dossier": False, "addenda": [1]}
    addenda.seal(str(row.pk), clock=timezone.now)
    assert len(addenda.sealings(row)) == 2
    second.refresh_from_db()
    assert second.sealed_at is not None


def test_what_has_not_stopped_is_left_alone_without_an_entry() -> None:
    row = seal(queued(trails.refused()))
    complaint(row, 1)
    before = Entry.objects.count()
    with pytest.raises(quarantine.NotStopped):
        release(row)
    assert Entry.objects.count() == before
