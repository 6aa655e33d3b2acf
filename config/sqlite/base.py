"""SQLite as Django has it, where writers of several processes wait for each other by the millisecond.

SQLite's own patience sleeps longer at each try (up to 100 ms) while the lock is free for others meanwhile: under four
clients one transaction in twenty waited 80 ms for those of a few.
"""

import sqlite3
import time

from django.db.backends.sqlite3 import base

LOOK_SECONDS = 0.002
PRIMARY_CODE = 0xFF  # of an extended result code


class DatabaseWrapper(base.DatabaseWrapper):
    """A connection whose transactions begin as soon as the one before has ended."""

    def _start_transaction_under_autocommit(self) -> None:
        """Begin to write; raises OperationalError ("database is locked") after the timeout that the options give."""
        seconds = float(self.settings_dict["OPTIONS"]["timeout"])
        deadline = time.monotonic() + seconds
        self.connection.execute("PRAGMA busy_timeout = 0")
        try:
            with self.wrap_database_errors:
                while not self._begun(give_up=time.monotonic() >= deadline):
                    time.sleep(LOOK_SECONDS)
        finally:
            self.connection.execute(f"PRAGMA busy_timeout = {round(seconds * 1000)}")

    def _begun(self, *, give_up: bool) -> bool:
        """Whether the lock was free."""
        try:
            self.connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError as error:
            if give_up or error.sqlite_errorcode & PRIMARY_CODE != sqlite3.SQLITE_BUSY:
                raise
            return False
        return True
