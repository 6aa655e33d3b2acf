"""Many rows at once, as the database gives them."""

from collections.abc import Iterator
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_AT_ONCE = 5000


def read(rows: QuerySet[Any, Any]) -> Iterator[tuple[Any, ...]]:
    """The rows of a query in the database's own types, for making Django's of them costs more than all checks."""
    for some in read_many(rows):
        yield from some


def read_many(rows: QuerySet[Any, Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The same by the thousand: where there are millions, what a generator costs for each counts."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(_AT_ONCE):
            yield found
