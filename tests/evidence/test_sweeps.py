"""Many rows looked at one after the other: what one raises is undone, told, and nobody else's business."""

from datetime import UTC, datetime

import pytest
from django.db import connection

from evidence import sweeps
from evidence.bell import Next
from evidence.models import Heartbeat

AT = datetime(2026, 11, 30, 9, 0, tzinfo=UTC)
pytestmark = pytest.mark.django_db(transaction=True)


class Quicker(Exception):
    """Somebody else was."""


@pytest.fixture
def rows() -> list[Heartbeat]:
    return [Heartbeat.objects.create(name=name, at=AT, good=True) for name in ("poison", "late", "well")]


def spoiled(row: Heartbeat) -> str:
    """Changes the row, then raises for two of them."""
    Heartbeat.objects.filter(pk=row.pk).update(good=False)
    if row.name == "poison":
        raise ValueError
    if row.name == "late":
        raise Quicker
    return row.name


def test_what_a_row_raises_is_undone_and_told(rows: list[Heartbeat], caplog: pytest.LogCaptureFixture) -> None:
    assert sweeps.each(rows, spoiled, job="spoil", passing=(Quicker,)) == ["well"]
    assert set(Heartbeat.objects.filter(good=True).values_list("name", flat=True)) == {"poison", "late"}
    (told,) = caplog.records
    assert (told.levelname, told.__dict__["job"], told.__dict__["row"]) == ("ERROR", "spoil", str(rows[0].pk))


@pytest.mark.parametrize("in_transaction", [True, False])
def test_files_are_read_outside_any_transaction(rows: list[Heartbeat], *, in_transaction: bool) -> None:
    """DESIGN, Decisions: none is open across crypto, disk or network."""
    seen = sweeps.each(rows, lambda _row: connection.in_atomic_block, job="look", in_transaction=in_transaction)
    assert seen == [in_transaction] * 3


def broken(_at: datetime) -> list[Next]:
    raise ValueError


def test_a_part_that_fails_is_told_and_the_others_give_theirs(caplog: pytest.LogCaptureFixture) -> None:
    found = sweeps.parts(AT, broken, lambda _at: None, lambda _at: [Next("a.task")])
    assert found == [Next("a.task")]
    (told,) = caplog.records
    assert (told.levelname, told.__dict__["job"]) == ("ERROR", f"{__name__}.broken")
