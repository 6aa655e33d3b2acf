"""Whether the process of this container is well: `python -m config.probe listener|worker|beat`, 0 where it is.

For health checks of containers, which ask often: nothing of Django is imported for a listener or the clock.
"""

import http.client
import os
import socket
import sys
import time
from collections.abc import Callable
from pathlib import Path

from config.env import env, state_dir

SECONDS = 4.0
BEAT_SECONDS = 600.0  # Celery's clock writes its schedule every three minutes


class UnixConnection(http.client.HTTPConnection):
    """HTTP over the socket of a path."""

    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(self.timeout)
        self.sock.connect(self.host)


def listener() -> bool:
    """Whether what listens on BIND (`unix:PATH` or `host:port`) answers as a server of HTTP, whatever it answers."""
    address = env.str("BIND")
    path = address.removeprefix("unix:")
    kind = UnixConnection if path != address else http.client.HTTPConnection
    connection = kind(path, timeout=SECONDS)
    try:
        connection.request("GET", "/health/live", headers={"Host": "localhost", "X-Forwarded-Proto": "https"})
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except OSError:
        return False
    finally:
        connection.close()


def worker() -> bool:
    """Whether the worker of this machine answers the broker's ping."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "config.settings")
    from config.celery import app  # noqa: PLC0415 - the other probes need not wait for it

    return bool(app.control.ping(destination=[f"celery@{socket.gethostname()}"], timeout=SECONDS))


def beat() -> bool:
    """Whether the clock has written its schedule lately."""
    schedule = Path(env.str("BEAT_DIR", default=str(state_dir() / "beat"))) / "schedule"
    try:
        return time.time() - schedule.stat().st_mtime < BEAT_SECONDS
    except OSError:
        return False


PROBES: dict[str, Callable[[], bool]] = {"listener": listener, "worker": worker, "beat": beat}


def main(arguments: list[str]) -> int:
    """0: well. 1: not. 2: no such probe."""
    if len(arguments) != 1 or arguments[0] not in PROBES:
        sys.stderr.write(f"usage: python -m config.probe {'|'.join(PROBES)}\n")
        return 2
    return 0 if PROBES[arguments[0]]() else 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
