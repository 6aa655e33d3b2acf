"""The log over all trails: one place for each entry, in whichever batches and pieces, and every forgery of it named."""

import threading
from collections.abc import Callable

import pytest
from django.db import DatabaseError, IntegrityError, connection, connections, transaction

from evidence import log, merkle
from evidence.chain import Broken
from evidence.models import Entry, LogNode, Trail
from tests.evidence.grown import grow, told

pytestmark = pytest.mark.usefixtures("ceremony")


def test_every_entry_has_one_place_and_keeps_it() -> None:
    grow(5)
    assert log.integrate() == 5
    places = {entry.digest: log.place(entry.digest) for entry in Entry.objects.all()}
    assert sorted(places.values()) == [0, 1, 2, 3, 4]  # type: ignore[type-var]  # none is None
    grow(8, trails=3)
    assert log.integrate() == log.integrate() == log.check() == 13
    assert {digest: log.place(digest) for digest in places} == places
    assert log.place("0" * 64) is None


def test_batches_give_the_same_log(monkeypatch: pytest.MonkeyPatch) -> None:
    """A trail that is longer than a batch goes in piece by piece."""
    grow(9, trails=1)
    monkeypatch.setattr(log, "BATCH", 2)
    assert log.integrate() == 9
    hashes = [bytes.fromhex(each) for each in Entry.objects.order_by("seq").values_list("digest", flat=True)]
    in_memory = {(node.level, node.index): node.hash for node in merkle.grown(0, {}, hashes)}
    assert log.root(9) == merkle.root(9, lambda level, index: in_memory[level, index])
    assert LogNode.objects.count() == len(in_memory)


@pytest.mark.django_db(transaction=True)
def test_two_workers_at_once_do_the_work_once() -> None:
    grow(40, trails=4)
    sizes: list[int] = []
    gate = threading.Barrier(3)

    def work() -> None:
        gate.wait()
        try:
            sizes.append(log.integrate())
        finally:
            connections.close_all()

    threads = [threading.Thread(target=work) for _ in range(3)]
    for each in threads:
        each.start()
    for each in threads:
        each.join()
    assert sizes == [40, 40, 40]
    assert log.check() == 40


def test_a_log_that_contradicts_its_trails_is_left_as_it_is() -> None:
    """An entry has one place: where a trail has forgotten that, nothing is added, and nobody tries for ever."""
    grow(3)
    log.integrate()
    Trail.objects.filter(logged_seq=2).update(logged_seq=1)
    with pytest.raises(IntegrityError), transaction.atomic():
        log.integrate()
    assert log.size() == 3


@pytest.mark.usefixtures("unlocked_entries")
@pytest.mark.parametrize(
    ("forge", "reason"),
    [
        (lambda: LogNode.objects.filter(level=0, index=2).update(hash=b"x" * 32), "not the digest of its entry"),
        (lambda: LogNode.objects.filter(level=1, index=1).update(hash=b"x" * 32), "not that of its leaves"),
        (lambda: LogNode.objects.filter(level=2, index=0).delete(), "is missing"),
        (lambda: LogNode.objects.filter(level=0, index=1).delete(), "gap"),
        (lambda: LogNode.objects.create(level=1, index=3, hash=b"x" * 32), "not that of its leaves"),
        (lambda: LogNode.objects.create(level=9, index=0, hash=b"x" * 32), "above its root"),
        (lambda: Trail.objects.filter(logged_seq=3).update(logged_seq=2), "the trails say that 6"),
    ],
)
@pytest.mark.parametrize("levels", [1, 2, 14])
def test_a_log_that_was_forged_is_named(
    forge: Callable[[], object], reason: str, levels: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """In whichever pieces it is read."""
    monkeypatch.setattr(log, "_LEVELS", levels)
    monkeypatch.setattr(log, "_PIECE", 1 << levels)
    grow(7)
    log.integrate()
    forge()
    with pytest.raises(Broken, match=reason):
        log.check()
    assert reason in str(told()["reason"])


@pytest.mark.parametrize("count", [0, 1, 2, 3, 4, 5, 15, 16, 17])
def test_a_sound_log_of_any_size_is_read_in_pieces(count: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(log, "_LEVELS", 2)
    monkeypatch.setattr(log, "_PIECE", 4)
    grow(count)
    assert log.integrate() == log.check() == count


def test_entries_put_in_while_the_log_is_read_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    grow(5)
    log.integrate()
    leaves = log._leaves

    def grown_meanwhile(first: int, width: int) -> list[bytes]:
        if width == 5:
            grow(4)
            log.integrate()
        return leaves(first, width)

    monkeypatch.setattr(log, "_leaves", grown_meanwhile)
    assert log.check() == 9


@pytest.mark.parametrize("action", ["UPDATE evidence_lognode SET level = 3", "DELETE FROM evidence_lognode"])
def test_nodes_are_only_ever_added(action: str) -> None:
    grow(1)
    log.integrate()
    refused = pytest.raises(DatabaseError, match="a node of the log is never changed")
    with refused, transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(action)
