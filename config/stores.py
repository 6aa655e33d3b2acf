"""Database and broker by their addresses: SQLite and a folder on one machine, PostgreSQL and Redis in the stack."""

from pathlib import Path
from typing import Any

from config.env import env

# Writers queue at BEGIN IMMEDIATE instead of failing in the middle; FULL because a trail must survive a power cut;
# recursive_triggers so that INSERT OR REPLACE cannot walk past the safety catches of the trail.
SQLITE_OPTIONS = {
    "timeout": 20,
    "transaction_mode": "IMMEDIATE",
    "init_command": "PRAGMA journal_mode=WAL; PRAGMA synchronous=FULL; PRAGMA recursive_triggers=ON;",
}
CONNECTION_SECONDS = 60
CONNECT_SECONDS = 3
NETWORK_MILLISECONDS = 10_000
LOCK_MILLISECONDS = 10_000
IDLE_TRANSACTION_MILLISECONDS = 30_000
BROKER_SECONDS = 1.0
REDELIVERY_SECONDS = 180


def database(address: str) -> dict[str, Any]:
    """Django's entry for a database address (`sqlite:///…`, `postgres://…`).

    On PostgreSQL nobody waits for ever: not for a server that is gone (3 s to connect, 10 s without an answer on the
    network), not for a lock (10 s), not behind a transaction that was left open (30 s). Statements have
    DATABASE_STATEMENT_SECONDS (30; 0: no end, for migrations and whole scans).
    """
    entry: dict[str, Any] = env.db_url_config(address)
    if entry["ENGINE"].endswith("sqlite3"):
        return entry | {"ENGINE": "config.sqlite", "OPTIONS": SQLITE_OPTIONS, "CONN_MAX_AGE": CONNECTION_SECONDS}
    limits = {
        "lock_timeout": LOCK_MILLISECONDS,
        "statement_timeout": env.int("DATABASE_STATEMENT_SECONDS", default=30) * 1000,
        "idle_in_transaction_session_timeout": IDLE_TRANSACTION_MILLISECONDS,
    }
    options = {
        "connect_timeout": CONNECT_SECONDS,
        "tcp_user_timeout": NETWORK_MILLISECONDS,
        "application_name": "paraphe",
        "options": " ".join(f"-c {name}={value}" for name, value in limits.items()),
    }
    return entry | {
        "OPTIONS": entry.get("OPTIONS", {}) | options,
        "CONN_MAX_AGE": CONNECTION_SECONDS,
        "CONN_HEALTH_CHECKS": True,
    }


def broker_options(address: str, *, folder: Path) -> dict[str, Any]:
    """Celery's transport options for a broker address (`folder://`, or `redis://`, `rediss://`, `redis+socket://`).

    The folder's messages lie in `folder`, which is made. With Redis a ring ends after a second whatever the server
    does: without `max_retries` kombu sleeps two more before it gives up. A message that a worker had fetched and not
    begun when it died comes back after `visibility_timeout`, which is above the longest a task may take, so that none
    comes back while it waits behind another; the sweeper is quicker in any case.
    """
    if address.startswith("folder://"):
        for each in (folder / "in", folder / "control"):
            each.mkdir(parents=True, exist_ok=True)
        return {
            "data_folder_in": str(folder / "in"),
            "data_folder_out": str(folder / "in"),
            "control_folder": str(folder / "control"),
            "store_processed": False,
            "polling_interval": 0.02,
        }
    return {
        "socket_timeout": BROKER_SECONDS,
        "socket_connect_timeout": BROKER_SECONDS,
        "socket_keepalive": True,
        "max_retries": 0,
        "visibility_timeout": REDELIVERY_SECONDS,
    }
