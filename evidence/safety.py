"""Safety catches in the database: an entry of a trail and a node of the log are never changed or removed.

Code and admin offer no such change; the triggers refuse what goes around them. SQL for both databases.
"""

SENTENCES = {
    "evidence_entry": "an entry of a trail is never changed",
    "evidence_lognode": "a node of the log is never changed",
}
TABLES = tuple(SENTENCES)


def statements_on(vendor: str, *tables: str) -> list[str]:
    """The statements that put the catches on these tables, for a database vendor of Django's."""
    make = _sqlite if vendor == "sqlite" else _postgresql
    return [statement for table in tables for statement in make(table)]


def statements_off(vendor: str, *tables: str) -> list[str]:
    """The statements that take the catches off (reverse migration; tests empty their database between two)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {table}_no_{action}" for table in tables for action in ("update", "delete")]
    return [f"DROP TRIGGER IF EXISTS {table}_no_{action} ON {table}" for table in tables for action in _ACTIONS]


def _sqlite(table: str) -> list[str]:
    return [
        f"CREATE TRIGGER {table}_no_{action} BEFORE {action} ON {table} "
        f"BEGIN SELECT RAISE(ABORT, '{SENTENCES[table]}'); END"
        for action in ("update", "delete")
    ]


_ACTIONS = {"change": "UPDATE OR DELETE ON {table} FOR EACH ROW", "truncate": "TRUNCATE ON {table} FOR EACH STATEMENT"}


def _postgresql(table: str) -> list[str]:
    refuse = (
        f"CREATE OR REPLACE FUNCTION {table}_refuse() RETURNS trigger AS "
        f"$$ BEGIN RAISE EXCEPTION '{SENTENCES[table]}'; END; $$ LANGUAGE plpgsql"
    )
    triggers = [
        f"CREATE TRIGGER {table}_no_{action} BEFORE {when.format(table=table)} EXECUTE FUNCTION {table}_refuse()"
        for action, when in _ACTIONS.items()
    ]
    return [refuse, *triggers]
