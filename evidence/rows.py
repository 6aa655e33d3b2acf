"""Many rows at once, as the database gives them."""

from collections.abc import Iterator
from itertools import chain
from typing import Any

from django.db import connection
from django.db.models import QuerySet

_AT_ONCE = 5000


def read(rows: QuerySet[Any, Any]) -> list[tuple[Any, ...]]:
    """The rows of a query in the database's own types, for making Django's of them costs more than all checks."""
    return list(chain.from_iterable(read_many(rows)))


def read_many(rows: QuerySet[Any, Any]) -> Iterator[list[tuple[Any, ...]]]:
    """The same by the thousand: where there are millions, not all are held."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(sql, values)
        while found := cursor.fetchmany(_AT_ONCE):
            yield found
