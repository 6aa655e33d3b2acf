"""The database between two tests with real transactions: emptied where something is in it, nothing made anew.

Django's own `flush` empties every table, and has content types and permissions written again, for each such test: most
of what a short test costs. Those two follow from the models alone, and no test changes them.
"""

from collections.abc import Iterator
from typing import Any

import pytest
from django.core.management.commands import flush
from django.db.backends.base.operations import BaseDatabaseOperations

from tests.safety_catches import off

KEPT = {"django_content_type", "auth_permission"}


@pytest.fixture(autouse=True, scope="session")
def _emptied_between_tests() -> Iterator[None]:
    """The safety catches must let it pass."""
    execute = BaseDatabaseOperations.execute_sql_flush

    def execute_sql_flush(operations: Any, sql_list: Any) -> None:
        if sql_list:
            with off():
                execute(operations, sql_list)

    with pytest.MonkeyPatch.context() as patched:
        patched.setattr(BaseDatabaseOperations, "execute_sql_flush", execute_sql_flush)
        patched.setattr(flush, "sql_flush", statements)
        patched.setattr(flush, "emit_post_migrate_signal", lambda *_arguments, **_options: None)
        yield


def statements(_style: Any, connection: Any, **_options: Any) -> list[str]:
    """What empties the tables that hold something, in any order: foreign keys are looked at when all is done."""
    tables = set(connection.introspection.django_table_names(only_existing=True, include_views=False)) - KEPT
    quoted = sorted(map(connection.ops.quote_name, tables))
    with connection.cursor() as cursor:
        filled = (f"SELECT '{name}' WHERE EXISTS (SELECT 1 FROM {name})" for name in quoted)  # noqa: S608 - of models
        cursor.execute(" UNION ALL ".join(filled))
        return [f"DELETE FROM {name}" for (name,) in cursor.fetchall()]  # noqa: S608 - the same
