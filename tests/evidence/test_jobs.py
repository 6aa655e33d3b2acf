"""Sealing a dossier: claim, build outside any transaction, commit under a fence; nothing lost, nothing twice."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.db import connection
from django.utils import timezone

from evidence import chain, files, holdings, jobs, precedence, tasks, trail
from evidence.bell import Next
from evidence.dossier import xml
from evidence.dossier.container import container
from evidence.models import Dossier, Trail
from tests.evidence import trails
from tests.evidence.dossiers import queued, seal

pytestmark = pytest.mark.django_db


def test_a_due_dossier_is_sealed_with_its_entry() -> None:
    """DESIGN: no journal entry, no state change."""
    walk = trails.refused()

    row = seal(queued(walk))

    assert row.state == Dossier.State.SEALED
    assert row.sealed_at is not None
    told = xml.read(files.read(row.xml_sha256))
    assert told.id == str(row.pk)
    assert told.summary.outcome == "REFUSED"
    assert files.read(row.pdf_sha256).startswith(b"%PDF-1.7")
    last = walk.read()[-1]
    assert last.kind == "dossier.sealed"
    assert last.data["xml_sha256"] == row.xml_sha256
    assert last.data["last_seq"] == last.seq - 1
    assert last.data["sealing_sha256"] == row.sealing_sha256
    assert container.held(row.sealing_sha256)[2:4] == [row.pdf_sha256, row.xml_sha256]
    holdings.check(walk.trail, known=set())
    assert trail.check(walk.trail) == last.seq


def test_a_container_that_has_lost_a_file_is_named() -> None:
    """`verify_journal --files`: what a container is put together from is kept as long as the trail."""
    walk = trails.refused()
    row = seal(queued(walk))
    files.path_of(container.held(row.sealing_sha256)[1]).unlink()  # the verifier
    with pytest.raises(chain.Broken, match="is not kept"):
        holdings.check(walk.trail, known=set())
    files.path_of(row.sealing_sha256).unlink()
    with pytest.raises(chain.Broken, match="a container cannot be put together"):
        holdings.check(walk.trail, known=set())


def test_a_sealed_dossier_is_left_alone() -> None:
    walk = trails.refused()
    row = seal(queued(walk))
    entries = len(walk.read())

    again = seal(row, owner="worker-2")

    assert again.owner == "worker-1"
    assert len(walk.read()) == entries


@pytest.mark.parametrize(
    "given",
    [
        {"due_at": timezone.now() + timedelta(hours=1)},
        {"owner": "other", "attempt": 1, "lease_until": timezone.now() + timedelta(hours=1)},
        {"state": Dossier.State.QUARANTINED},
    ],
)
def test_a_row_that_is_not_free_is_left_alone(given: dict[str, Any]) -> None:
    row = seal(queued(trails.refused(), **given))

    assert row.state != Dossier.State.SEALED
    assert row.owner == given.get("owner", "")


def test_an_unknown_id_does_nothing() -> None:
    assert jobs.seal_dossier("00000000-0000-7000-8000-000000000000", owner="w", clock=timezone.now) == []


def test_a_lease_that_is_over_is_taken_again() -> None:
    """reliability.md: another worker finishes within lease + 10 s."""
    over = timezone.now() - timedelta(seconds=1)

    row = seal(queued(trails.refused(), owner="dead", attempt=1, lease_until=over))

    assert (row.state, row.owner, row.attempt) == (Dossier.State.SEALED, "worker-1", 2)


def test_a_lost_fence_discards(monkeypatch: pytest.MonkeyPatch) -> None:
    """reliability.md, Signing job 2: one transaction fenced by owner and attempt; a lost fence discards."""
    walk = trails.refused()
    row = queued(walk)
    entries = len(walk.read())

    def steal(claimed: Dossier, clock: Callable[[], datetime]) -> jobs.Built:
        Dossier.objects.filter(pk=claimed.pk).update(owner="thief", attempt=2)
        return jobs.Built("a" * 64, "b" * 64, "c" * 64, "d" * 64, clock().year)

    monkeypatch.setattr(jobs, "build", steal)

    assert seal(row).state == Dossier.State.QUEUED
    assert row.owner == "thief"
    assert len(walk.read()) == entries


def test_nothing_is_built_inside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    """DESIGN: no transaction is open across crypto, disk or network."""
    depths: list[int] = []
    outside = len(connection.savepoint_ids)

    def watch(_claimed: Dossier, _clock: Callable[[], datetime]) -> jobs.Built:
        depths.append(len(connection.savepoint_ids))
        return jobs.Built("a" * 64, "b" * 64, "c" * 64, "d" * 64, 1)

    monkeypatch.setattr(jobs, "build", watch)
    seal(queued(trails.refused()))

    assert depths == [outside]


def test_the_sweeper_finds_what_is_due_and_free(settings: Any) -> None:
    settings.DOSSIERS_AT_ONCE = 5
    now = timezone.now()
    late = queued(trails.refused(), due_at=now - timedelta(minutes=2))
    dead = queued(trails.refused(), owner="dead", lease_until=now - timedelta(seconds=1))
    queued(trails.refused(), due_at=now + timedelta(hours=1))
    queued(trails.refused(), owner="alive", lease_until=now + timedelta(hours=1))
    queued(trails.refused(), state=Dossier.State.QUARANTINED)

    found = jobs.sweep(timezone.now())

    names = [Next("evidence.tasks.seal_dossier", {"dossier_id": str(row.pk)}) for row in (late, dead)]
    assert found == names


def test_one_is_sealed_at_a_time_and_the_next_follows() -> None:
    """reliability.md, Load: dossiers queue below signatures."""
    now = timezone.now()
    held = queued(trails.refused(), owner="alive", lease_until=now + timedelta(hours=1))
    first, second = (queued(trails.refused(), due_at=now - timedelta(minutes=n)) for n in (2, 1))
    assert jobs.sweep(timezone.now()) == []
    assert seal(first).state == Dossier.State.QUEUED
    Dossier.objects.filter(pk=held.pk).update(state=Dossier.State.QUARANTINED)
    following = jobs.seal_dossier(str(first.pk), owner="w", clock=timezone.now)
    assert following == [Next("evidence.tasks.seal_dossier", {"dossier_id": str(second.pk)})]
    first.refresh_from_db()
    assert first.state == Dossier.State.SEALED


def test_a_dossier_waits_for_signatures_and_not_for_ever(monkeypatch: pytest.MonkeyPatch, settings: Any) -> None:
    """While somebody waits for a signature, only what has waited for long itself is sealed."""
    settings.DOSSIER_PATIENCE_SECONDS = 60
    at = timezone.now()
    asked = [at - timedelta(seconds=waited) for waited in (61, 59)]
    late, new = (queued(trails.refused(), requested_at=each, due_at=each) for each in asked)
    waiting = [True]
    monkeypatch.setattr(precedence, "_known", [lambda _at: waiting[0]])

    def due() -> list[str]:
        return [each.ids["dossier_id"] for each in jobs.sweep(at, most=9)]

    assert due() == [str(late.pk)]
    assert jobs.seal_dossier(str(new.pk), owner="w", clock=lambda: at) == []
    new.refresh_from_db()
    assert (new.state, new.attempt) == (Dossier.State.QUEUED, 0)
    waiting[0] = False
    assert sorted(due()) == sorted([str(late.pk), str(new.pk)])


def test_a_dossier_has_time_by_its_size_and_its_lease_lasts_longer(settings: Any) -> None:
    """A dossier of a hundred documents is not given up for its size, nor taken by another while it is made."""
    settings.LEASE_SECONDS, settings.DOSSIER_SECONDS, settings.DOSSIER_LONGEST_SECONDS = 90, 80, 900
    small, large, vast = (queued(trails.refused()) for _ in range(3))
    for row, entries in ((large, 400), (vast, 5000)):
        Trail.objects.filter(pk=row.trail_id).update(head_seq=entries)
    at = timezone.now()
    given = {}
    for row, more in ((small, 0), (large, 300), (vast, 820)):
        claimed = jobs._claim(str(row.pk), owner="w", at=at)
        assert claimed is not None
        assert claimed.lease_until == at + timedelta(seconds=90 + more)
        given[row.pk] = settings.DOSSIER_SECONDS + jobs._more_seconds(claimed.trail.head_seq)
        Dossier.objects.filter(pk=row.pk).update(lease_until=None, state=Dossier.State.QUARANTINED)
    assert list(given.values()) == [80, 380, 900]
    soft, hard = tasks.seal_dossier.soft_time_limit, tasks.seal_dossier.time_limit
    assert soft is not None
    assert hard is not None
    assert max(given.values()) < soft < hard


def test_a_dossier_that_is_not_made_in_its_time_fails_alone(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Nothing of it goes on: the next one is sealed at once, at its first attempt."""
    settings.DOSSIER_SECONDS = 0.05
    slow, other = queued(trails.refused()), queued(trails.refused())
    with monkeypatch.context() as patched:
        patched.setattr(jobs, "sealed", lambda *_, **__: all(iter(lambda: True, False)))  # never ends
        patched.setattr(jobs, "sweep", lambda *_, **__: [])
        assert seal(slow).state == Dossier.State.QUEUED
    assert (slow.attempt, slow.owner) == (1, "")
    settings.DOSSIER_SECONDS = 80
    monkeypatch.setattr(jobs, "sweep", lambda *_, **__: [])
    assert seal(other).state == Dossier.State.SEALED
    assert other.attempt == 1


def test_the_shells_call_the_jobs(monkeypatch: pytest.MonkeyPatch) -> None:
    row = queued(trails.refused())
    rung: list[Next] = []
    monkeypatch.setattr("evidence.bell.ring", lambda *nexts: rung.extend(nexts))

    tasks.sweep()
    tasks.seal_dossier(dossier_id=str(row.pk))

    row.refresh_from_db()
    assert row.state == Dossier.State.SEALED
    assert [each.ids["dossier_id"] for each in rung] == [str(row.pk)]
