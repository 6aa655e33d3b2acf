"""This process pointed at another database, with a bell that nobody hears; who else writes there."""

import sqlite3
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

from django.db import connections

from config.stores import database
from evidence import bell


def writable(file: Path) -> bool:
    """Whether nobody holds the write lock of an SQLite file at this moment."""
    with closing(sqlite3.connect(file, timeout=0)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.rollback()
        return True


@contextmanager
def pointed_at(address: str) -> Iterator[None]:
    """Let `default` be this database, in every thread that asks for it first inside the block."""
    entry = connections.configure_settings({"default": database(address)})["default"]
    former_entry, former = connections.settings["default"], connections["default"]
    connections.settings["default"] = entry
    connections["default"] = connections.create_connection("default")
    try:
        yield
    finally:
        connections["default"].close()
        connections.settings["default"] = former_entry
        connections["default"] = former


@contextmanager
def silent_bell() -> Iterator[None]:
    former = bell.tell
    bell.tell = lambda *_arguments, **_options: None
    try:
        yield
    finally:
        bell.tell = former
