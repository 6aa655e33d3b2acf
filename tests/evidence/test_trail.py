"""The trail: numbered, chained, never changed, and its openings apart from it."""

import threading
from collections.abc import Iterator
from datetime import timedelta

import pytest
from django.core.management import call_command
from django.db import DatabaseError, connection, connections, transaction
from django.utils.timezone import now

from evidence import chain, events, trail
from evidence.models import Entry, Opening, Trail
from tests.evidence.bare_trails import AT, a_trail, append

LATER = AT + timedelta(seconds=1)


@pytest.mark.django_db
def test_entries_are_numbered_and_chained() -> None:
    row = a_trail()
    for number in (1, 2, 3):
        append(row, number)
    read = list(trail.entries(row))
    assert [entry.seq for entry in read] == [1, 2, 3]
    assert read[0].members["previous"] == chain.GENESIS
    assert read[2].members["previous"] == read[1].digest
    assert trail.check(row) == 3


@pytest.mark.django_db
def test_entries_of_one_change_are_added_together_each_with_its_instant() -> None:
    row = a_trail()
    append(row)
    told = [(events.SignRequested(signer="s", binding="b"), AT), (events.CodeRequested(signer="s"), LATER)]
    with transaction.atomic():
        stored = trail.extend(row, told, actor=trail.Actor(role="signer", session="x"))
        assert trail.extend(row, [], actor=trail.SYSTEM) == []
    assert [entry.seq for entry in stored] == [2, 3]
    read = list(trail.entries(row))[1:]
    assert [(entry.kind, entry.at) for entry in read] == [
        ("sign.requested", chain.instant(AT)),
        ("code.requested", chain.instant(LATER)),
    ]
    assert trail.check(row) == 3


@pytest.mark.django_db
def test_who_holds_an_older_row_numbers_from_where_the_trail_ends() -> None:
    """Rows in memory fall behind when another writer has added entries, and run ahead when a change is undone."""
    row, other = a_trail(), Trail.objects.get()
    append(row, 1)
    append(other, 2)
    with transaction.atomic():
        append(other, 3)
        transaction.set_rollback(True)
    append(other, 4)
    append(row, 5)
    assert [entry.at for entry in trail.entries(row)] == [
        chain.instant(AT + timedelta(seconds=n)) for n in (1, 2, 4, 5)
    ]
    assert trail.check(row) == 4


@pytest.mark.django_db
def test_personal_values_are_committed_to_and_not_chained() -> None:
    """evidence.md, Trail: personal values never enter data or actor."""
    row = a_trail()
    entry = append(row, terminal=trail.Terminal("192.0.2.7", "50000", "Firefox"))
    canonical = bytes(entry.canonical)
    for value in (b"camille", b"250 OK", b"192.0.2.7", b"50000", b"Firefox"):
        assert value not in canonical
    (read,) = trail.entries(row)
    assert read.value("recipient") == "camille@exemple.fr"
    assert read.value("ip") == "192.0.2.7"
    assert set(read.members["commitments"]) == {"recipient", "answer", "ip", "port", "user_agent"}


@pytest.mark.django_db
def test_erasing_a_value_leaves_the_chain_whole() -> None:
    row = a_trail()
    entry = append(row)
    Opening.objects.filter(entry=entry, field="recipient").delete()
    assert trail.check(row) == 1
    (read,) = trail.entries(row)
    assert read.value("recipient") is None


@pytest.mark.django_db(transaction=True)
def test_nothing_is_recorded_outside_a_transaction() -> None:
    row = a_trail()
    with pytest.raises(RuntimeError, match="transaction"):
        trail.append(row, events.LinkFetched(signer="s"), actor=trail.SYSTEM, at=AT)


@pytest.mark.django_db
def test_the_database_refuses_to_change_or_remove_an_entry() -> None:
    """reliability.md, forged trail; DESIGN: insert only, triggers as a safety catch."""
    row = a_trail()
    entry = append(row)
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk).update(kind="forged")
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic():
        Entry.objects.filter(pk=entry.pk)._raw_delete("default")


@pytest.mark.django_db
def test_replacing_by_an_insert_does_not_walk_past_the_catch() -> None:
    """evidence.md: on SQLite also PRAGMA recursive_triggers=ON."""
    row = a_trail()
    entry = append(row)
    columns = "id, seq, kind, at, source, digest, canonical, trail_id"
    forged = f"INTO evidence_entry ({columns}) SELECT {columns.replace('kind', repr('forged'))} FROM evidence_entry"  # noqa: S608 - constants
    sql, key = {
        "sqlite": (f"INSERT OR REPLACE {forged} WHERE id = %s", entry.pk.hex),
        "postgresql": (f"INSERT {forged} WHERE id = %s ON CONFLICT (id) DO UPDATE SET kind = 'forged'", str(entry.pk)),
    }[connection.vendor]
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql, [key])


@pytest.mark.django_db
def test_emptying_the_table_does_not_walk_past_the_catch() -> None:
    """Both have a short way that looks at no row: TRUNCATE, and SQLite's DELETE without a condition."""
    append(a_trail())
    connection.check_constraints()  # PostgreSQL empties no table while some are still to be looked at
    sql = {"sqlite": "DELETE FROM evidence_entry", "postgresql": "TRUNCATE evidence_entry CASCADE"}
    with pytest.raises(DatabaseError, match="never changed"), transaction.atomic(), connection.cursor() as cursor:
        cursor.execute(sql[connection.vendor])
    assert Entry.objects.count() == 1


@pytest.mark.django_db
def test_a_cut_tail_and_a_wrong_index_column_are_found(unlocked_entries: None) -> None:
    row = a_trail()
    append(row, 1)
    last = append(row, 2)
    Entry.objects.filter(pk=last.pk).update(kind="link.fetched")
    with pytest.raises(chain.Broken, match="index columns") as error:
        trail.check(row)
    assert error.value.seq == 2
    Opening.objects.filter(entry=last).delete()
    Entry.objects.filter(pk=last.pk).delete()
    with pytest.raises(chain.Broken, match="tail is cut") as error:
        trail.check(row)
    assert error.value.seq == 2


@pytest.mark.django_db
def test_an_entry_added_during_a_scan_is_no_cut_tail(monkeypatch: pytest.MonkeyPatch) -> None:
    """verify_journal runs beside people who sign: what it reads twice, before and after an entry, must fit."""
    row = a_trail()
    append(row)
    read = trail._read
    scans: list[Trail] = []

    def added_meanwhile(of: Trail) -> Iterator[tuple[Entry, trail.Read]]:
        if not scans:
            append(row, 2)
        scans.append(of)
        return read(of)

    monkeypatch.setattr(trail, "_read", added_meanwhile)
    assert trail.check(row) == 2
    assert len(scans) == 2


@pytest.mark.django_db
def test_a_changed_opening_is_found() -> None:
    row = a_trail()
    entry = append(row)
    Opening.objects.filter(entry=entry, field="recipient").update(value="other@exemple.fr")
    with pytest.raises(chain.Broken, match="recipient"):
        trail.check(row)


@pytest.mark.django_db
def test_verify_journal_names_the_first_bad_entry(capsys: pytest.CaptureFixture[str], unlocked_entries: None) -> None:
    """Issue: verify_journal exits 1 and names the first bad entry where one is wrong."""
    row = a_trail()
    entries = [append(row, number) for number in (1, 2, 3)]
    call_command("verify_journal")
    assert '"valid": true, "trails": 1, "entries": 3' in capsys.readouterr().out
    Entry.objects.filter(pk=entries[1].pk).update(canonical=bytes(entries[1].canonical).replace(b"system", b"signer"))
    with pytest.raises(SystemExit) as error:
        call_command("verify_journal")
    assert error.value.code == 1
    assert '"seq": 2' in capsys.readouterr().out


@pytest.mark.django_db(transaction=True)
def test_parallel_writers_leave_no_gap() -> None:
    """evidence.md: append under a lock on one head row per trail."""
    row = a_trail()

    def write() -> None:
        for number in range(1, 6):
            append(row, number)
        connections.close_all()

    threads = [threading.Thread(target=write) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert trail.check(row) == 20


def test_a_mistyped_or_unknown_field_does_not_run() -> None:
    """evidence.md: one frozen typed class per kind; a mistyped field must not run."""
    with pytest.raises(ValueError, match="signer"):
        events.LinkFetched(signer=1)  # type: ignore[arg-type]  # that is the mistake
    with pytest.raises(ValueError, match="who"):
        events.LinkFetched(signer="s", who="x")  # type: ignore[call-arg]  # that is the mistake
    event = events.LinkFetched(signer="s")
    with pytest.raises(ValueError, match="frozen"):
        event.signer = "t"  # type: ignore[misc]  # that is the mistake


@pytest.mark.django_db
def test_the_instants_of_bytes_and_column_agree() -> None:
    row = a_trail()
    with transaction.atomic():
        entry = trail.append(row, events.LinkFetched(signer="s"), actor=trail.SYSTEM, at=now())
    assert chain.members(bytes(entry.canonical))["at"] == chain.instant(Entry.objects.get(pk=entry.pk).at)
