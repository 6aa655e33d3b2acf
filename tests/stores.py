"""PostgreSQL and Redis of one's own: `python -m tests.stores COMMAND…` runs a command between their start and end.

The command finds them in DATABASE_URL and CELERY_BROKER_URL; its exit status is this one's. Both listen on sockets in
a folder of their own and nowhere else, so any number of them run side by side. What they hold goes with them.
"""

import os
import signal
import subprocess
import sys
import uuid
from collections.abc import Mapping
from contextlib import ExitStack
from types import FrameType, TracebackType
from typing import NoReturn, Self

import environ
import psycopg
import redis

from tests.servers import PostgreSQL, Redis, running


class Stores:
    """Both of them, between `with` and its end. `environment()` is what a process that is to use them is told."""

    def __enter__(self) -> Self:
        with ExitStack() as opened:
            self.postgresql = opened.enter_context(running(PostgreSQL))
            self.redis = opened.enter_context(running(Redis))
            self._opened = opened.pop_all()
        return self

    def __exit__(
        self, _type: type[BaseException] | None, _error: BaseException | None, _where: TracebackType | None
    ) -> None:
        self._opened.close()

    def environment(self) -> dict[str, str]:
        return {"DATABASE_URL": self.postgresql.url(), "CELERY_BROKER_URL": self.redis.url()}


def fresh(environment: Mapping[str, str]) -> dict[str, str]:
    """An empty database and an empty broker on the servers that `environment` names; nothing where it names none.

    For a process that is not to meet what tests beside it write: each Paraphe that a test starts has its own.
    """
    if "DATABASE_URL" not in environment:
        return {}
    place = environ.Env.db_url_config(environment["DATABASE_URL"])
    database = f"own_{uuid.uuid4().hex}"
    with psycopg.connect(host=place["HOST"], user=place["USER"], dbname=place["NAME"], autocommit=True) as connection:
        connection.execute(psycopg.sql.SQL("CREATE DATABASE {}").format(psycopg.sql.Identifier(database)))
    socket = environment["CELERY_BROKER_URL"].removeprefix("redis+socket://").partition("?")[0]
    with redis.Redis(unix_socket_path=socket) as client:
        number = client.incr("given")
    return {
        "DATABASE_URL": environment["DATABASE_URL"].rpartition("/")[0] + f"/{database}",
        "CELERY_BROKER_URL": f"redis+socket://{socket}?virtual_host={number}",
    }


def main(command: list[str]) -> int:
    """Run `command` with both stores in its environment; gives its exit status (128 + n where signal n ended it)."""
    if not command:
        sys.stderr.write("usage: python -m tests.stores COMMAND…\n")
        return 2
    signal.signal(signal.SIGTERM, _terminated)
    with Stores() as stores, subprocess.Popen(command, env=os.environ | stores.environment()) as process:
        try:
            status = process.wait()
        except (KeyboardInterrupt, SystemExit):
            process.terminate()
            process.wait()
            raise
    return status if status >= 0 else 128 - status


def _terminated(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except KeyboardInterrupt:
        sys.exit(130)
