"""Servers of one's own, PostgreSQL and Redis, each in a folder of its own: ended, killed, frozen and started again."""

import ctypes
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from typing import Any, Self, TypeVar

import psycopg
import redis

POSTGRESQL_PLACES = Path("/usr/lib/postgresql")  # Debian keeps the server out of PATH, a folder for each version
POSTGRESQL_QUICK = ("fsync=off", "synchronous_commit=off", "full_page_writes=off", "listen_addresses=")
# Vacuuming by itself would count tables that are all but empty, and plans would be those of such tables.
POSTGRESQL_STILL = ("autovacuum=off",)
START_SECONDS = 30.0
REDIS_DATABASES = 256
PR_SET_PDEATHSIG = 1
_libc = ctypes.CDLL(None)
S = TypeVar("S", bound="Server")


class Server:
    """One server process that can be ended, killed, frozen and started again on the same socket and data."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        self.process: subprocess.Popen[bytes] | None = None

    def command(self) -> list[str]:
        """What starts it."""
        raise NotImplementedError

    def answers(self) -> bool:
        """Whether it takes work."""
        raise NotImplementedError

    def start(self) -> Self:
        """Start and wait until it answers; fails with what it said where it does not."""
        log = self.folder / "log"
        with log.open("ab") as out:
            self.process = subprocess.Popen(
                self.command(),
                stdout=out,
                stderr=out,
                start_new_session=True,  # Ctrl-C in a terminal is for the tests, which then end it
                preexec_fn=_end_with_parent,  # noqa: PLW1509 - one system call; start servers from the main thread
                **unprivileged(),
            )
        process = self.process
        if not _within(START_SECONDS, lambda: self.answers() or process.poll() is not None) or not self.answers():
            self.kill()
            raise RuntimeError(f"{type(self).__name__} did not start:\n{log.read_text()}")
        return self

    def stop(self, number: int = signal.SIGINT) -> None:
        """End it at once, whatever is connected; nothing where it has ended."""
        if self.process is None:
            return
        self.process.send_signal(signal.SIGCONT)
        self.process.send_signal(number)
        try:
            self.process.wait(timeout=20)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()
        self.process = None

    def kill(self) -> None:
        """End it as a power cut would."""
        self.stop(signal.SIGKILL)

    def freeze(self) -> None:
        """Leave it connected and silent, until `thaw`."""
        assert self.process is not None
        self.process.send_signal(signal.SIGSTOP)

    def thaw(self) -> None:
        """Let a frozen one go on."""
        assert self.process is not None
        self.process.send_signal(signal.SIGCONT)


class PostgreSQL(Server):
    """A PostgreSQL whose superuser `paraphe` needs no password. A freeze holds new connections, not open ones."""

    def __init__(self, folder: Path) -> None:
        super().__init__(folder)
        options = ["-U", "paraphe", "-A", "trust", "-E", "UTF8", "--locale=C.UTF-8", "--no-sync", "--no-instructions"]
        command = [postgresql_program("initdb"), "-D", str(folder / "data"), *options]
        done = subprocess.run(command, capture_output=True, text=True, check=False, **unprivileged())
        if done.returncode:
            raise RuntimeError(f"initdb failed:\n{done.stdout}{done.stderr}")

    def command(self) -> list[str]:
        quick = [word for option in (*POSTGRESQL_QUICK, *POSTGRESQL_STILL) for word in ("-c", option)]
        return [postgresql_program("postgres"), "-D", str(self.folder / "data"), "-k", str(self.folder), *quick]

    def answers(self) -> bool:
        try:
            self.connect().close()
        except psycopg.OperationalError:
            return False
        return True

    def connect(self, database: str = "postgres") -> psycopg.Connection[tuple[Any, ...]]:
        """A connection of the superuser, outside any transaction."""
        return psycopg.connect(
            host=str(self.folder), user="paraphe", dbname=database, autocommit=True, connect_timeout=5
        )

    def url(self, database: str = "postgres") -> str:
        """What DATABASE_URL takes."""
        return f"postgres://paraphe@/{self.folder}/{database}"


class Redis(Server):
    """A Redis that keeps nothing on disk: stopped is flushed."""

    @property
    def socket(self) -> str:
        return str(self.folder / "socket")

    def command(self) -> list[str]:
        where = ["--port", "0", "--unixsocket", self.socket, "--dir", str(self.folder)]
        return ["redis-server", *where, "--save", "", "--appendonly", "no", "--databases", str(REDIS_DATABASES)]

    def answers(self) -> bool:
        try:
            with self.client() as client:
                return bool(client.ping())
        except redis.RedisError:
            return False

    def client(self, database: int = 0) -> redis.Redis:
        """A client of one of its databases."""
        return redis.Redis(unix_socket_path=self.socket, db=database, socket_timeout=5)

    def url(self, database: int = 0) -> str:
        """What CELERY_BROKER_URL takes."""
        return f"redis+socket://{self.socket}?virtual_host={database}"


@contextmanager
def running(kind: type[S]) -> Iterator[S]:
    """One started server in a folder of its own, both gone at the end of the block."""
    # Directly below the folder for temporary files: a socket's path has 107 bytes, and nobody must reach it.
    with tempfile.TemporaryDirectory(prefix="stores-", ignore_cleanup_errors=True) as name:
        folder = Path(name)
        folder.chmod(0o755)
        os.chown(folder, unprivileged().get("user", -1), -1)
        server = kind(folder)
        try:
            yield server.start()
        finally:
            server.stop()


def unprivileged() -> Mapping[str, Any]:
    """Arguments of subprocess that make root nobody: PostgreSQL refuses to run as root."""
    if os.geteuid() != 0:
        return {"cwd": "/"}
    nobody = pwd.getpwnam("nobody")
    return {"user": nobody.pw_uid, "group": nobody.pw_gid, "extra_groups": [], "cwd": "/"}


def postgresql_program(name: str) -> str:
    """Where a program of PostgreSQL's server is: the newest version of Debian's, else the one in PATH."""
    versions = sorted(POSTGRESQL_PLACES.glob(f"*/bin/{name}"), key=lambda path: int(path.parts[-3]))
    found = str(versions[-1]) if versions else shutil.which(name)
    if found is None:
        raise RuntimeError(f"{name} is not installed; `make test` installs it on Debian")
    return found


def _end_with_parent() -> None:
    # As config.supervisor does; to import that would set DJANGO_SETTINGS_MODULE for the command.
    _libc.prctl(PR_SET_PDEATHSIG, signal.SIGTERM)


def _within(seconds: float, condition: Callable[[], bool]) -> bool:
    deadline = time.monotonic() + seconds
    while not condition():
        if time.monotonic() > deadline:
            return False
        time.sleep(0.02)
    return True
