"""How the database would answer what a call asks it."""

import re
from collections.abc import Callable

from django.db import connection
from django.test.utils import CaptureQueriesContext


def plans_of(call: Callable[[], object], *, of: str) -> list[str]:
    """The plans of the questions about a table that a call asks; those for one row by its key left out."""
    with CaptureQueriesContext(connection) as asked:
        call()
    about = re.compile(rf'(?:FROM|UPDATE) "{of}"')
    keyed = re.compile(rf'"{of}"\."(?:id|public_id)" = ')
    return [plan(query["sql"]) for query in asked if about.search(query["sql"]) and not keyed.search(query["sql"])]


def plan(sql: str) -> str:
    """How the database would answer; inside a transaction."""
    explain = "EXPLAIN QUERY PLAN " if connection.vendor == "sqlite" else "EXPLAIN "
    with connection.cursor() as cursor:
        if connection.vendor == "postgresql":
            cursor.execute("SET LOCAL enable_seqscan = off")  # of a table that is empty it would read all
        cursor.execute(explain + sql)
        return "\n".join(str(row[-1]) for row in cursor.fetchall())
