"""Taking the safety catches of the trail off: for tests that forge entries, and for emptying a database."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from django.db import connection

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
