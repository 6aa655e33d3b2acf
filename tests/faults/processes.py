"""Workers and web server of a fault test, each in a process group of its own."""

import os
import signal
import ssl
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping
from pathlib import Path

from config.supervisor import end_with_parent
from tests.stack import free_ports

ROOT = Path(__file__).resolve().parents[2]
START_SECONDS = 60.0
PAUSE = 0.03
GUNICORN = ["-m", "gunicorn", "tests.faults.web:application", "--config", "python:config.gunicorn_people"]
WORKER = ["-m", "celery", "-A", "tests.faults.app", "worker", "--concurrency", "1", "--loglevel", "INFO"]
QUIET = ["--without-mingle", "--without-gossip"]


def until(holds: Callable[[], bool], *, seconds: float, what: str) -> float:
    """Wait until a condition holds; gives how long that took, fails with `what` after `seconds`."""
    started = time.monotonic()
    while not holds():
        assert time.monotonic() - started < seconds, f"waited {seconds:.0f} s in vain: {what}"
        time.sleep(PAUSE)
    return time.monotonic() - started


class Process:
    """One process and its children: started, frozen, killed together."""

    def __init__(self, name: str, command: list[str], *, state: Path, environment: Mapping[str, str]) -> None:
        self.name, self.state = name, state
        self.log = state / f"{name}.log"
        self._ready = state / f"{name}.ready"
        self._command = [sys.executable, *command]
        self._environment = {**environment, "READY_FILE": str(self._ready)}
        self._running: subprocess.Popen[bytes] | None = None

    @property
    def alive(self) -> bool:
        return self._running is not None and self._running.poll() is None

    def start(self) -> None:
        """Start it where it is not running; `wait_until_ready` waits."""
        if self.alive:
            return
        self._ready.unlink(missing_ok=True)
        with self.log.open("ab") as out:
            self._running = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env=self._environment,
                stdout=out,
                stderr=out,
                start_new_session=True,
                preexec_fn=end_with_parent,  # noqa: PLW1509 - a prctl; no test thread runs while processes start
            )

    def wait_until_ready(self) -> None:
        until(self.is_ready, seconds=START_SECONDS, what=f"{self.name} did not start, see its log")

    def is_ready(self) -> bool:
        assert self.alive, f"{self.name} has ended:\n{self.log.read_text()[-4000:]}"
        return self._ready.exists()

    def signal(self, number: int) -> None:
        """Send a signal to the whole group."""
        assert self._running is not None
        os.killpg(self._running.pid, number)

    def kill(self) -> None:
        """End it and its children at once."""
        if self.alive:
            self.signal(signal.SIGKILL)
        if self._running is not None:
            self._running.wait(timeout=20)

    def freeze(self) -> None:
        self.signal(signal.SIGSTOP)

    def thaw(self) -> None:
        self.signal(signal.SIGCONT)


def worker(name: str, *options: str, state: Path, environment: Mapping[str, str]) -> Process:
    """A Celery worker with one child. No beat beside it: workers ring the sweep themselves."""
    # Celery warns root of messages that run code; ours are JSON (CELERY_ACCEPT_CONTENT).
    as_root = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
    command = [*WORKER, *QUIET, "--hostname", f"{name}@faults", *options]
    return Process(name, command, state=state, environment={**environment, **as_root})


class Web(Process):
    """Gunicorn as `make run` starts it for people: two processes of four threads, TLS."""

    def __init__(self, *, state: Path, environment: Mapping[str, str], root: Path) -> None:
        (port,) = free_ports(1)
        self.url, self.root = f"https://localhost:{port}", root
        ports = {"HTTPS_PORT": str(port), "LISTENER": "people"}
        super().__init__("web", GUNICORN, state=state, environment={**environment, **ports})

    def is_ready(self) -> bool:
        assert self.alive, f"web has ended:\n{self.log.read_text()[-4000:]}"
        context = ssl.create_default_context(cafile=self.root)
        try:
            with urllib.request.urlopen(f"{self.url}/health/live", context=context, timeout=5) as answer:
                return bool(answer.status == 200)
        except (urllib.error.URLError, OSError):
            return False
