"""DESIGN, "Two ways to run": what settings make of the addresses of database and broker; nobody waits for ever."""

from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from django.db import OperationalError
from django.db.backends.base.base import BaseDatabaseWrapper
from django.db.utils import ConnectionHandler
from pytest_django import DjangoDbBlocker

from config import stores
from tests.servers import PostgreSQL, running


@pytest.fixture(scope="module")
def postgresql() -> Iterator[PostgreSQL]:
    """A server of the module's own, beside whatever database the other tests have."""
    with running(PostgreSQL) as server, server.connect() as connection:
        connection.execute("CREATE TABLE taken (id int)")
        yield server


@pytest.fixture
def connect(postgresql: PostgreSQL, django_db_blocker: DjangoDbBlocker) -> Iterator[Callable[[], BaseDatabaseWrapper]]:
    """Opens a connection as settings would, of the moment."""
    made: list[BaseDatabaseWrapper] = []

    def open_one() -> BaseDatabaseWrapper:
        made.append(ConnectionHandler({"default": stores.database(postgresql.url())})["default"])
        return made[-1]

    with django_db_blocker.unblock():
        yield open_one
        for each in made:
            each.close()


def shown(connection: BaseDatabaseWrapper, name: str) -> str:
    with connection.cursor() as cursor:
        cursor.execute(f"SHOW {name}")
        return str(cursor.fetchone()[0])


@pytest.mark.parametrize(
    ("name", "value"),
    [("lock_timeout", "10s"), ("statement_timeout", "30s"), ("idle_in_transaction_session_timeout", "30s")],
)
def test_every_wait_on_postgresql_has_an_end(connect: Callable[[], BaseDatabaseWrapper], name: str, value: str) -> None:
    assert shown(connect(), name) == value


def test_migrations_may_take_their_time(
    connect: Callable[[], BaseDatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("DATABASE_STATEMENT_SECONDS", "0")
    assert shown(connect(), "statement_timeout") == "0"


def test_who_waits_for_a_lock_is_told_in_the_end(
    postgresql: PostgreSQL, connect: Callable[[], BaseDatabaseWrapper], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(stores, "LOCK_MILLISECONDS", 100)
    with postgresql.connect() as other, other.transaction(), connect().cursor() as cursor:
        other.execute("LOCK TABLE taken")
        with pytest.raises(OperationalError, match="lock timeout"):
            cursor.execute("SELECT * FROM taken")


@pytest.mark.parametrize("address", ["redis://redis/0", "rediss://redis/0", "redis+socket:///run/redis?virtual_host=1"])
def test_redis_in_each_of_its_forms_gets_time_limits(address: str, tmp_path: Path) -> None:
    options = stores.broker_options(address, folder=tmp_path / "broker")

    assert options["socket_timeout"] == options["socket_connect_timeout"] == 1
    assert not (tmp_path / "broker").exists()


def test_the_folder_is_made(tmp_path: Path) -> None:
    stores.broker_options("folder://localhost", folder=tmp_path / "broker")

    assert {path.name for path in (tmp_path / "broker").iterdir()} == {"in", "control"}
