"""Taking the safety catches of the trail off: for tests that forge entries, and for emptying a database."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import connection
from django.db.backends.base.operations import BaseDatabaseOperations

from evidence import safety


@contextmanager
def off() -> Iterator[None]:
    """Take the catches off, and put them on again."""
    with connection.cursor() as cursor:
        for statement in safety.statements_off(connection.vendor, *safety.TABLES):
            cursor.execute(statement)
        yield
        for statement in safety.statements_on(connection.vendor, *safety.TABLES):
            cursor.execute(statement)


@pytest.fixture
def unlocked_entries(db: None) -> Iterator[None]:
    """A database whose entries can be forged, within a test that is rolled back."""
    with off():
        yield


@pytest.fixture(autouse=True, scope="session")
def _emptied_between_tests() -> Iterator[None]:
    """Django empties the tables after a test with real transactions: the catches must let that pass."""
    patched = pytest.MonkeyPatch()
    flush = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(operations: Any, sql_list: Any) -> None:
        with off():
            flush(operations, sql_list)

    patched.setattr(BaseDatabaseOperations, "execute_sql_flush", execute_sql_flush)
    yield
    patched.undo()
