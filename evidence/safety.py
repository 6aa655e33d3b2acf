"""Safety catches in the database: an entry of a trail is never changed or removed.

Code and admin offer no such change; the triggers refuse what goes around them. SQL for both databases.
"""

TABLE = "evidence_entry"
SENTENCE = "an entry of a trail is never changed"

SQLITE = {
    f"{TABLE}_no_{action}": f"CREATE TRIGGER {TABLE}_no_{action} BEFORE {action} ON {TABLE} "
    f"BEGIN SELECT RAISE(ABORT, '{SENTENCE}'); END"
    for action in ("update", "delete")
}
POSTGRESQL_FUNCTION = (
    "CREATE OR REPLACE FUNCTION evidence_entry_refuse() RETURNS trigger AS "
    f"$$ BEGIN RAISE EXCEPTION '{SENTENCE}'; END; $$ LANGUAGE plpgsql"
)
POSTGRESQL = {
    "evidence_entry_no_change": f"CREATE TRIGGER evidence_entry_no_change BEFORE UPDATE OR DELETE ON {TABLE} "
    "FOR EACH ROW EXECUTE FUNCTION evidence_entry_refuse()",
    "evidence_entry_no_truncate": f"CREATE TRIGGER evidence_entry_no_truncate BEFORE TRUNCATE ON {TABLE} "
    "FOR EACH STATEMENT EXECUTE FUNCTION evidence_entry_refuse()",
}


def statements_on(vendor: str) -> list[str]:
    """The statements that put the catches on, for a database vendor of Django's."""
    if vendor == "sqlite":
        return list(SQLITE.values())
    return [POSTGRESQL_FUNCTION, *POSTGRESQL.values()]


def statements_off(vendor: str) -> list[str]:
    """The statements that take the catches off (reverse migration; tests empty their database between two)."""
    if vendor == "sqlite":
        return [f"DROP TRIGGER IF EXISTS {name}" for name in SQLITE]
    return [f"DROP TRIGGER IF EXISTS {name} ON {TABLE}" for name in POSTGRESQL]
