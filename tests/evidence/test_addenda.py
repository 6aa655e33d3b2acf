"""Addenda: recorded with the change they tell, chained to the sealed dossier, sealed and time-stamped by themselves."""

import hashlib
import json
from datetime import timedelta

import pytest
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from evidence import addenda, chain, events, files, holdings, renewal, tasks, timestamps, trail
from evidence.dossier.container import container
from evidence.models import Addendum, Dossier
from tests.evidence import trails
from tests.evidence.dossiers import queued
from tests.evidence.dossiers import seal as sealed

pytestmark = pytest.mark.django_db


def complaint(row: Dossier, n: int = 1, **given: object) -> Addendum:
    event = events.ComplaintReceived(signer=row.subject, n=n, means="page", text="Ce n’est pas moi.")
    with transaction.atomic():
        return addenda.record(row, event, actor=trail.SYSTEM, at=timezone.now(), **given)  # type: ignore[arg-type]  # as asked


def test_an_addendum_waits_for_its_dossier_and_is_then_sealed() -> None:
    row = queued(trails.refused())
    recorded = complaint(row)
    assert addenda.sweep(timezone.now()) == []
    row = sealed(row)
    assert [each.ids for each in addenda.sweep(timezone.now())] == [{"dossier_id": str(row.pk)}]
    addenda.seal(str(row.pk), clock=timezone.now)
    recorded.refresh_from_db()
    assert recorded.sealed_at is not None
    assert addenda.sweep(timezone.now()) == []
    row.refresh_from_db()
    assert row.proven_until is not None


def test_each_cites_the_one_before_and_covers_all_that_is_there() -> None:
    """evidence.md, Dossier, 7: addenda chained to it by digest."""
    row = sealed(queued(trails.refused()))
    receipt = files.put_bytes(b"<receipt/>")
    complaint(row, 1, attached=[addenda.Attached("receipt.xml", receipt)])
    complaint(row, 2)
    addenda.seal(str(row.pk), clock=timezone.now)
    first, second = addenda.sealings(row)
    one, two = (container.content(each, f"addenda/00{n}.json") for n, each in ((1, first), (2, second)))
    told = json.loads(one)
    assert told["previous"] == row.xml_sha256
    assert told["files"] == [{"name": "receipt.xml", "sha256": receipt}]
    assert told["digest"] == hashlib.sha256(b"\0" + told["line"].encode()).hexdigest()
    assert {each["field"]: each["value"] for each in told["openings"]} == {"text": "Ce n’est pas moi."}
    assert json.loads(two)["previous"] == hashlib.sha256(one).hexdigest()


def test_a_name_that_could_not_stand_in_a_container_is_refused() -> None:
    row = sealed(queued(trails.refused()))
    for name in ("../x", "a/b", "", "reçu.xml"):
        with pytest.raises(ValueError, match="not the name"):
            complaint(row, attached=[addenda.Attached(name, "0" * 64)])
    assert Addendum.objects.count() == 0


def test_what_it_waits_for_is_told_and_nothing_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    """DESIGN: nothing degrades in silence."""
    row = sealed(queued(trails.refused()))
    recorded = complaint(row)

    def refuse() -> timestamps.Stamper:
        raise timestamps.TimestampRefused("no answer")

    with monkeypatch.context() as patched:
        patched.setattr(timestamps, "timestamper", refuse)
        addenda.seal(str(row.pk), clock=timezone.now)
    recorded.refresh_from_db()
    assert (recorded.sealed_at, recorded.attempt) == (None, 0)
    assert recorded.due_at > recorded.recorded_at
    Addendum.objects.update(due_at=recorded.recorded_at)
    tasks.seal_addenda(dossier_id=str(row.pk))
    recorded.refresh_from_db()
    assert recorded.sealed_at is not None


@pytest.mark.parametrize("damage", ["sealing", "attached"])
def test_what_an_addendum_is_made_of_is_read_with_the_files(damage: str) -> None:
    """`verify_journal --files`: a lost file of an addendum is named by the addendum's entry."""
    row = sealed(queued(trails.refused()))
    attached = addenda.Attached("letter.txt", files.put_bytes(f"of {row.pk}".encode()))
    recorded = complaint(row, attached=[attached])
    addenda.seal(str(row.pk), clock=timezone.now)
    recorded.refresh_from_db()
    known: set[str] = set()
    holdings.check(row.trail, known=known)
    assert {recorded.sealing_sha256, attached.sha256} <= known
    files.path_of(recorded.sealing_sha256 if damage == "sealing" else attached.sha256).unlink()
    with pytest.raises(chain.Broken) as broken:
        holdings.check(row.trail, known=set())
    assert broken.value.seq == recorded.entry.seq


def test_one_that_fails_waits_longer_each_time_and_is_then_quarantined(caplog: pytest.LogCaptureFixture) -> None:
    """As dossiers: tried MAX_ATTEMPTS times; those after it in the chain wait; other dossiers go on."""
    row, other = (sealed(queued(trails.refused())) for _ in range(2))
    poison, after, good = complaint(row, 1), complaint(row, 2), complaint(other)
    files.path_of(row.sealing_sha256).unlink()
    waits = []
    for _ in range(settings.MAX_ATTEMPTS):
        before = timezone.now()
        addenda.seal_due(str(row.pk), clock=timezone.now)
        poison.refresh_from_db()
        waits.append(poison.due_at - before)
        addenda.seal(str(row.pk), clock=lambda before=before: before)  # type: ignore[misc]  # too early
        Addendum.objects.filter(pk=poison.pk).update(due_at=before)
    poison.refresh_from_db()
    assert poison.attempt == settings.MAX_ATTEMPTS
    assert poison.quarantined_at is not None
    assert waits[:-1] == sorted(waits[:-1])
    assert [each.getMessage() for each in caplog.records if each.levelname == "ERROR"][-1] == "addendum quarantined"
    assert addenda.sweep(timezone.now() + timedelta(days=1)) == []
    assert [Addendum.objects.get(pk=each.pk).sealed_at is None for each in (after, good)] == [True, False]


def test_one_whose_workers_die_is_held_by_a_lease_and_then_quarantined() -> None:
    row = sealed(queued(trails.refused()))
    recorded = complaint(row)
    later = recorded.recorded_at + timedelta(seconds=settings.LEASE_SECONDS)
    Addendum.objects.update(attempt=settings.MAX_ATTEMPTS, due_at=later)
    addenda.seal(str(row.pk), clock=timezone.now)
    assert Addendum.objects.get().quarantined_at is None
    addenda.seal(str(row.pk), clock=lambda: later)
    assert Addendum.objects.get().quarantined_at == later


def test_a_dossier_near_the_end_of_its_authority_is_stamped_again_once(monkeypatch: pytest.MonkeyPatch) -> None:
    row = sealed(queued(trails.refused()))
    renewal.renew(clock=timezone.now)
    row.refresh_from_db()
    assert row.proven_until is not None
    assert row.proven_until > timezone.now() + timedelta(days=365)
    assert Addendum.objects.count() == 0
    ends = timezone.now() + timedelta(days=30)
    Dossier.objects.filter(pk=row.pk).update(proven_until=ends)
    renewal.renew(clock=timezone.now)
    renewal.renew(clock=timezone.now)
    (again,) = Addendum.objects.all()
    assert again.entry.kind == "dossier.stamped"
    addenda.seal(str(row.pk), clock=timezone.now)
    row.refresh_from_db()
    assert row.proven_until > ends
    renewal.renew(clock=timezone.now)
    assert Addendum.objects.count() == 1


def test_no_renewal_by_an_authority_that_ends_no_later(caplog: pytest.LogCaptureFixture) -> None:
    row = sealed(queued(trails.refused()))
    renewal.renew(clock=timezone.now)
    renewal.renew(clock=lambda: timezone.now() + timedelta(days=3 * 365))
    assert Addendum.objects.count() == 0
    assert "no later authority" in caplog.text
    assert str(row.pk) in str([each.__dict__ for each in caplog.records])


def test_nothing_is_recorded_outside_a_transaction(monkeypatch: pytest.MonkeyPatch) -> None:
    row = queued(trails.refused())
    monkeypatch.setattr("evidence.addenda.connection", type("Outside", (), {"in_atomic_block": False}))
    with pytest.raises(RuntimeError, match="transaction"):
        addenda.record(
            row, events.SheetConsulted(page="dossier", signer=row.subject), actor=trail.SYSTEM, at=timezone.now()
        )
