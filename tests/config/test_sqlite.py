"""Writers on SQLite wait for each other, as long as the options say and no longer than it takes."""

import threading
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from django.db import OperationalError
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config import stores


@pytest.fixture
def file(tmp_path: Path, django_db_blocker: DjangoDbBlocker) -> Iterator[Path]:
    with django_db_blocker.unblock():
        yield tmp_path / "db.sqlite3"


def connected(file: Path, *, seconds: float) -> Any:
    entry = stores.database(f"sqlite:///{file}")
    entry["OPTIONS"] = {**entry["OPTIONS"], "timeout": seconds}
    return ConnectionHandler({"default": entry})["default"]


def begin(connection: Any) -> None:
    connection.set_autocommit(False, force_begin_transaction_with_broken_autocommit=True)


def patience(connection: Any) -> int:
    with connection.cursor() as cursor:
        cursor.execute("PRAGMA busy_timeout")
        return int(cursor.fetchone()[0])


def test_a_writer_begins_when_the_one_before_ends(file: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    looked = threading.Event()
    pause = threading.Event()

    def sleep(_seconds: float) -> None:
        looked.set()
        pause.wait(10)

    monkeypatch.setattr("time.sleep", sleep)
    first = connected(file, seconds=20)
    begin(first)
    with first.cursor() as cursor:
        cursor.execute("CREATE TABLE said (word text)")
    seen: list[Any] = []

    def second() -> None:
        connection = connected(file, seconds=20)
        begin(connection)
        with connection.cursor() as cursor:
            seen.extend(cursor.execute("SELECT count(*) FROM said").fetchone())
        connection.rollback()
        connection.close()

    waiting = threading.Thread(target=second)
    waiting.start()
    assert looked.wait(10), "the second did not find the lock taken"
    assert seen == []
    first.commit()
    pause.set()
    waiting.join(10)
    first.close()
    assert seen == [0]


def test_who_waits_too_long_is_told_and_waits_again_as_before(file: Path) -> None:
    first, second = connected(file, seconds=20), connected(file, seconds=0.01)
    begin(first)
    with pytest.raises(OperationalError, match="locked"):
        begin(second)
    assert patience(second) == 10
    first.rollback()
    second.close()
    first.close()


def test_what_is_not_a_lock_is_not_waited_for(file: Path) -> None:
    connection = connected(file, seconds=20)
    begin(connection)
    with pytest.raises(OperationalError, match="within a transaction"):
        connection._start_transaction_under_autocommit()
    connection.rollback()
    connection.close()
