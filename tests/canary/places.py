"""Everything that a running Paraphe keeps or says, as bytes by the name of the place."""

import base64
import os
import re
import signal
import sqlite3
import subprocess
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import environ
import redis

from tests.stack import Stack

BODY = re.compile(rb'"body": "([A-Za-z0-9+/=]+)"')
OCTETS = re.compile(rb"X'((?:[0-9A-F]{2})+)'|\\\\x((?:[0-9a-f]{2})+)")  # as SQLite and as pg_dump write them
COPY = re.compile(r"^COPY public\.(\w+) .*?^\\\.$", re.MULTILINE | re.DOTALL)


@contextmanager
def worker_stopped(stack: Stack) -> Iterator[None]:
    """While it lasts the worker does nothing, and messages stay with the broker."""
    workers = [pid for pid in stack.processes() if b"celery" in Path(f"/proc/{pid}/cmdline").read_bytes()]
    assert workers
    _signal(workers, signal.SIGSTOP)
    while not _writable(stack):  # stopped in the middle of a transaction: it would keep everybody from writing
        _signal(workers, signal.SIGCONT)
        _signal(workers, signal.SIGSTOP)
    _hang_up(stack.environment.get("CELERY_BROKER_URL", ""))
    try:
        yield
    finally:
        _signal(workers, signal.SIGCONT)


def _signal(processes: list[int], number: int) -> None:
    for pid in processes:
        os.kill(pid, number)


def _writable(stack: Stack) -> bool:
    """Whether nobody holds SQLite's one write lock; PostgreSQL has one for each row."""
    if stack.environment.get("DATABASE_URL", "").startswith("postgres"):
        return True
    with closing(sqlite3.connect(stack.state / "db.sqlite3", timeout=1, isolation_level=None)) as connection:
        try:
            connection.execute("BEGIN IMMEDIATE")
        except sqlite3.OperationalError:
            return False
        connection.execute("ROLLBACK")
        return True


def broker(stack: Stack) -> bytes:
    """What waits with the broker: the folder's files, or Redis' dump; bodies of messages also as they read."""
    url = stack.environment.get("CELERY_BROKER_URL", "")
    kept = _redis_dump(url) if url.startswith("redis") else b"\n".join(_files(stack.state / "broker").values())
    return kept + b"".join(base64.b64decode(body) for body in BODY.findall(kept))


def database(stack: Stack) -> dict[str, bytes]:
    """Each table of the database, as its dump writes it; octets also as they are."""
    return {name: content + b"\n".join(_octets(content)) for name, content in _dumped(stack).items()}


def _octets(dumped: bytes) -> list[bytes]:
    return [bytes.fromhex((a or b).decode()) for a, b in OCTETS.findall(dumped)]


def _dumped(stack: Stack) -> dict[str, bytes]:
    url = stack.environment.get("DATABASE_URL", "")
    if not url.startswith("postgres"):
        return _sqlite_tables(stack.state / "db.sqlite3")
    found = {match[1]: match[0].encode() for match in COPY.finditer(_pg_dump(url))}
    assert "signing_signer" in found
    return found


def state(stack: Stack) -> dict[str, bytes]:
    """Every file of the state folder, by its path there; the database's own files apart."""
    kept = _files(stack.state)
    return {name: content for name, content in kept.items() if not name.startswith("db.sqlite3")}


def _files(folder: Path) -> dict[str, bytes]:
    found = {}
    for path in sorted(folder.rglob("*")):
        try:
            found[str(path.relative_to(folder))] = path.read_bytes()
        except (IsADirectoryError, FileNotFoundError):  # what a worker keeps for a moment may go meanwhile
            continue
    return found


def _sqlite_tables(path: Path) -> dict[str, bytes]:
    found: dict[str, bytes] = {}
    with sqlite3.connect(f"file:{path}?mode=ro", uri=True) as connection:
        for line in connection.iterdump():
            if match := re.match(r'INSERT INTO "(\w+)"', line):
                found[match[1]] = found.get(match[1], b"") + line.encode() + b"\n"
    assert "signing_signer" in found
    return found


def _pg_dump(url: str) -> str:
    options = environ.Env.db_url_config(url)
    command = ["pg_dump", "--data-only", "--no-owner", f"--host={options['HOST']}", f"--username={options['USER']}"]
    done = subprocess.run([*command, options["NAME"]], capture_output=True, text=True, check=True, timeout=60)
    return done.stdout


def _hang_up(url: str) -> None:
    """End what a stopped worker still asks of Redis: the next message would go to it, and be seen nowhere."""
    if url.startswith("redis"):
        with redis.Redis(unix_socket_path=_socket(url)) as client:
            for each in client.client_list():
                if each["cmd"] == "brpop":
                    client.client_kill_filter(_id=each["id"])


def _socket(url: str) -> str:
    return url.removeprefix("redis+socket://").partition("?")[0]


def _redis_dump(url: str) -> bytes:
    """The file that Redis writes, its strings as they are (LZF would hide them)."""
    socket = _socket(url)

    def ask(*words: str) -> list[str]:
        command = ["redis-cli", "-s", socket, *words]
        return subprocess.run(command, capture_output=True, text=True, check=True, timeout=30).stdout.splitlines()

    ask("CONFIG", "SET", "rdbcompression", "no")
    ask("SAVE")
    folder, name = ask("CONFIG", "GET", "dir")[1], ask("CONFIG", "GET", "dbfilename")[1]
    return (Path(folder) / name).read_bytes()
