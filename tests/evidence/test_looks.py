"""Consultations of a sealed dossier: each an entry, those of a day one addendum."""

from datetime import datetime, timedelta

import pytest
from django.utils import timezone

from evidence import addenda, looks, tasks, trail
from evidence.events import DocumentDownloaded, DossierDownloaded, SheetConsulted
from evidence.models import Addendum, Dossier
from tests.evidence import trails
from tests.evidence.dossiers import queued

pytestmark = pytest.mark.django_db


@pytest.fixture
def row() -> Dossier:
    return queued(
        trails.refused(), state=Dossier.State.SEALED, sealed_at=timezone.now(), xml_sha256="a", pdf_sha256="b"
    )


def look(row: Dossier, at: datetime) -> None:
    event = SheetConsulted(page="dossier", signer=row.subject)
    looks.look(row.trail, event, actor=trail.Actor(role="client", login="julie"), at=at)


def test_many_looks_cost_one_addendum_a_day(row: Dossier) -> None:
    begin = timezone.now()
    for minute in range(5):
        look(row, begin + timedelta(minutes=minute))
    kinds = [entry.kind for entry in trail.entries(row.trail)]
    assert kinds.count("sheet.consulted") == 5
    looks.gather(begin + looks.EVERY - timedelta(seconds=1))
    assert Addendum.objects.count() == 0
    looks.gather(begin + looks.EVERY)
    looks.gather(begin + looks.EVERY)
    made = Addendum.objects.get()
    assert [each.seq for each in looks.earlier(made)] == [made.entry.seq - n for n in (4, 3, 2, 1)]
    look(row, begin + looks.EVERY)
    look(row, begin + looks.EVERY)
    looks.gather(begin + 2 * looks.EVERY)
    assert [len(looks.earlier(each)) for each in Addendum.objects.order_by("n")] == [4, 1]
    assert Addendum.objects.latest("n").entry.seq == made.entry.seq + 2


def test_looks_at_other_pages_and_other_dossiers_are_not_among_them(row: Dossier) -> None:
    begin = timezone.now()
    look(row, begin)
    for event in (SheetConsulted(page="sheet"), SheetConsulted(page="dossier", signer="somebody-else")):
        looks.look(row.trail, event, actor=trail.SYSTEM, at=begin)
    look(row, begin)
    looks.gather(begin + looks.EVERY)
    made = Addendum.objects.get()
    assert [each.seq for each in looks.earlier(made)] == [made.entry.seq - 3]


def test_what_is_taken_is_among_them(row: Dossier) -> None:
    """The dossier by anybody, a document by its signer; not a document that somebody of the client takes."""
    begin = timezone.now()
    taken = DocumentDownloaded(signer=row.subject, document="d1", form="signed", sha256="0" * 64)
    for event in (
        taken,
        DossierDownloaded(signer=row.subject, form="asice"),
        taken.model_copy(update={"signer": None}),
    ):
        looks.look(row.trail, event, actor=trail.SYSTEM, at=begin)
    looks.gather(begin + looks.EVERY)
    made = Addendum.objects.get()
    assert [each.kind for each in (*looks.earlier(made), made.entry)] == ["document.downloaded", "dossier.downloaded"]
    look(row, begin + looks.EVERY)
    looks.gather(begin + 2 * looks.EVERY)
    assert looks.earlier(Addendum.objects.latest("n")) == []


def test_before_the_sealing_nothing_is_gathered(row: Dossier) -> None:
    Dossier.objects.filter(pk=row.pk).update(state=Dossier.State.QUEUED, sealed_at=None)
    look(row, timezone.now())
    row.refresh_from_db()
    assert row.looked_at is None


def test_a_mark_without_a_look_is_taken_away_and_stops_nobody(row: Dossier) -> None:
    Dossier.objects.filter(pk=row.pk).update(looked_at=timezone.now() - looks.EVERY)
    looks.gather(timezone.now())
    row.refresh_from_db()
    assert (row.looked_at, Addendum.objects.count()) == (None, 0)


def test_the_sweep_gathers_them(row: Dossier, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("evidence.bell.ring", lambda *_nexts: None)
    look(row, timezone.now() - looks.EVERY)
    tasks.sweep()
    assert Addendum.objects.get().entry.kind == "sheet.consulted"
    assert addenda.sweep(timezone.now()) == []  # this one has no container
