"""Scanning the whole journal: it says what `trail.check` says, of every trail, on every core there is."""

import gc
import json
from collections.abc import Callable
from concurrent.futures import Executor
from datetime import timedelta

import pytest
from django.conf import settings
from django.core.management import call_command
from django.db import connection, transaction

from evidence import chain, cores, events, log, pieces, scan, trail
from evidence.models import Entry, Opening, Trail
from tests.evidence.bare_trails import AT, a_trail, append, of, three

CHANGES: dict[str, Callable[[Entry], object]] = {
    "bytes": lambda entry: of(entry).update(canonical=bytes(entry.canonical).replace(b"system", b"signer")),
    "digest": lambda entry: of(entry).update(digest="0" * 64),
    "kind": lambda entry: of(entry).update(kind="link.fetched"),
    "at": lambda entry: of(entry).update(at=AT),
    "source": lambda entry: of(entry).update(source="client"),
    "seq": lambda entry: of(entry).update(seq=7),
    "removed": lambda entry: (Opening.objects.filter(entry=entry).delete(), of(entry)._raw_delete("default")),
    "value": lambda entry: Opening.objects.filter(entry=entry, field="ip").update(value="192.0.2.8"),
    "salt": lambda entry: Opening.objects.filter(entry=entry, field="ip").update(salt=b"\1" * 16),
    "field": lambda entry: Opening.objects.filter(entry=entry, field="ip").update(field="login"),
    "head": lambda entry: Trail.objects.filter(pk=entry.trail_id).update(head_seq=2),
}


@pytest.mark.django_db
@pytest.mark.parametrize("change", CHANGES)
def test_whatever_is_changed_is_found_and_named_as_of_one_trail(change: str, unlocked_entries: None) -> None:
    """evidence.md, Trail: a full scan that names the first bad seq, gaps and a cut tail included."""
    rows = three()
    assert [(row.pk, count) for row, count in scan.trails()] == [(row.pk, 3) for row in rows]
    CHANGES[change](Entry.objects.get(trail=rows[1], seq=2))
    with pytest.raises(scan.Fault) as fault:
        list(scan.trails())
    with pytest.raises(chain.Broken) as alone:
        trail.check(rows[1])
    assert fault.value.row == rows[1]
    assert (fault.value.broken.seq, fault.value.broken.reason) == (alone.value.seq, alone.value.reason)


@pytest.mark.django_db
def test_an_entry_added_in_the_middle_of_the_reading_is_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    rows = three()
    read_all = pieces.read_all

    def added_meanwhile(pool: Executor | None) -> pieces.Read:
        read = read_all(pool)
        append(rows[1], 4)
        return read

    monkeypatch.setattr(pieces, "read_all", added_meanwhile)
    assert [count for _, count in scan.trails()] == [3, 4, 3]


def mixed(count: int = 3) -> list[Trail]:
    """Trails whose entries were written in turns, as those of several signers at once are."""
    rows = [trail.open_trail(tenant="1", reference=f"EXS-{n}", at=AT + timedelta(seconds=n)) for n in range(count)]
    for number in range(1, 7):
        for row in rows:
            append(row, number, terminal=trail.Terminal("192.0.2.7", "50000", "Firefox"))
    return rows


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [1, 4, 5, 5000])
def test_entries_are_read_in_the_order_in_which_they_were_written(
    at_once: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Whatever a piece ends with: runs of a trail join, what is opened is found, nothing is read twice."""
    monkeypatch.setattr(pieces, "ENTRIES", at_once)
    rows = mixed()
    Opening.objects.filter(entry__trail=rows[0], entry__seq__lt=4).delete()
    monkeypatch.setattr(scan, "_fits", lambda *_given: pytest.fail("it was read twice"))
    assert [(row.pk, count) for row, count in scan.trails()] == [(row.pk, 6) for row in rows]


@pytest.mark.django_db
@pytest.mark.parametrize("at_once", [4, 5000])
@pytest.mark.parametrize("change", CHANGES)
def test_what_is_changed_in_a_piece_is_found_and_named(
    at_once: int, change: str, monkeypatch: pytest.MonkeyPatch, unlocked_entries: None
) -> None:
    monkeypatch.setattr(pieces, "ENTRIES", at_once)
    rows = mixed()
    CHANGES[change](Entry.objects.get(trail=rows[1], seq=2))
    with pytest.raises(scan.Fault) as fault:
        list(scan.trails())
    with pytest.raises(chain.Broken) as alone:
        trail.check(rows[1])
    assert (fault.value.row, fault.value.broken.args) == (rows[1], alone.value.args)


@pytest.mark.django_db
def test_what_is_opened_elsewhere_is_read_by_its_trail(monkeypatch: pytest.MonkeyPatch) -> None:
    """Tables that were filled anew in another order: it takes longer, and no opening is passed over."""
    monkeypatch.setattr(pieces, "ENTRIES", 4)
    rows = mixed()
    for opening in Opening.objects.filter(entry__trail=rows[1], entry__seq=2):
        Opening.objects.filter(pk=opening.pk).update(id=opening.pk + 1000)
    assert [count for _, count in scan.trails()] == [6, 6, 6]
    Opening.objects.filter(entry__trail=rows[1], entry__seq=2, field="ip").update(value="192.0.2.8")
    with pytest.raises(scan.Fault) as fault:
        list(scan.trails())
    assert (fault.value.row, fault.value.broken.seq) == (rows[1], 2)


@pytest.mark.django_db
def test_a_trail_whose_runs_do_not_join_is_named(monkeypatch: pytest.MonkeyPatch, unlocked_entries: None) -> None:
    """Two sound halves: the second follows an entry that somebody took out, between two pieces."""
    monkeypatch.setattr(pieces, "ENTRIES", 1)
    rows = mixed()
    Opening.objects.filter(entry__trail=rows[1], entry__seq=4).delete()
    of(Entry.objects.get(trail=rows[1], seq=4))._raw_delete("default")
    with pytest.raises(scan.Fault) as fault:
        list(scan.trails())
    assert (fault.value.row, fault.value.broken.seq) == (rows[1], 4)


def how_it_reads() -> tuple[bool, int | None]:
    """In a process of the pool: whether garbage is looked for, and how much of SQLite's file is read as memory."""
    if connection.vendor != "sqlite":
        return gc.isenabled(), None
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA mmap_size")
        return gc.isenabled(), cursor.fetchone()[0]


@pytest.mark.django_db(transaction=True)
def test_a_large_journal_is_read_by_several_processes(
    monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(pieces, "ENTRIES", 3)
    rows = three(7)
    with cores.pool() as pool:
        assert pool is not None
        assert pool.submit(how_it_reads).result() == (False, cores.MAPPED if connection.vendor == "sqlite" else None)
        assert [(row.pk, count) for row, count in scan.trails(pool)] == [(row.pk, 3) for row in rows]
    Opening.objects.filter(entry__trail=rows[5], entry__seq=3, field="port").update(value="50001")
    with pytest.raises(SystemExit):
        call_command("verify_journal")
    told = json.loads(capsys.readouterr().out)
    assert (told["trail"], told["seq"]) == (rows[5].reference, 3)


@pytest.mark.django_db(transaction=True)
def test_what_is_wrong_with_the_log_is_said_by_the_process_that_reads_it(capsys: pytest.CaptureFixture[str]) -> None:
    """In words, as what is wrong with a trail: an operator who restored an older backup reads them."""
    rows = three()
    log.integrate()
    Trail.objects.filter(pk=rows[0].pk).update(logged_seq=2)
    with pytest.raises(SystemExit):
        call_command("verify_journal")
    reason = "the trails say that 8 of their entries are in the log"
    assert json.loads(capsys.readouterr().out) == {
        "valid": False,
        "log": settings.LOG_ORIGIN,
        "seq": 9,
        "reason": reason,
    }


@pytest.mark.django_db
def test_an_instant_is_compared_to_the_millisecond() -> None:
    """SQLite leaves out a fraction that is zero; the entry does not."""
    row = a_trail()
    with transaction.atomic():
        trail.append(row, events.LinkFetched(signer="s"), actor=trail.SYSTEM, at=AT.replace(microsecond=0))
    assert [count for _, count in scan.trails()] == [1]


@pytest.mark.django_db
def test_an_erased_value_and_one_that_is_not_in_its_normal_form_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """NFC is what is committed to; and an entry whose other values were erased still opens those that are left."""
    row = a_trail()
    append(row, terminal=trail.Terminal("192.0.2.7", "50000", "Cafe\u0301"))
    append(row, terminal=trail.Terminal("192.0.2.7", "50000", "Firefox"))
    Opening.objects.filter(entry__seq=2, field="port").delete()
    monkeypatch.setattr(trail, "check", lambda _row: pytest.fail("it was read twice"))
    assert [count for _, count in scan.trails()] == [2]
    assert Opening.objects.filter(value="Cafe\u0301").exists()


@pytest.mark.django_db
def test_data_that_are_not_flat_are_no_fault(monkeypatch: pytest.MonkeyPatch) -> None:
    """Objects and texts with a brace in them are read, not only compared; the trail is not read twice for it."""
    row = a_trail()
    bound = events.BoundConsent(id="terms", version="1", language="fr", sha256="a" * 64)
    nested = events.ConsentShown(signer="s", consents=[bound])
    braces = events.SignClicked(signer="}", label="{", binding="b" * 64)
    with transaction.atomic():
        trail.extend(row, [(nested, AT), (braces, AT)], actor=trail.SYSTEM)
    monkeypatch.setattr(trail, "check", lambda _row: pytest.fail("it was read twice"))
    assert [count for _, count in scan.trails()] == [2]
