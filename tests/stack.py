"""The whole of Paraphe as `make run` starts it, on free ports and an empty state folder."""

import http.client
import os
import re
import signal
import socket
import ssl
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from queue import Empty, Queue

import pytest

from tests import prepared, stores
from tests.shared import shared_by

ROOT = Path(__file__).resolve().parents[1]
READY = "Ctrl-C ends everything"
READY_SECONDS = 90
NOT_SEALED, MINUTES = 3, 5


class Stack:
    """One running Paraphe. What it says is in `said`; `manage` runs a command on its state folder."""

    def __init__(self, state: Path, **environment: str) -> None:
        self.state = state
        self.https_port, self.http_port, self.service_port = free_ports(3)
        self.url = f"https://localhost:{self.https_port}"
        self.environment = {
            **{name: value for name, value in os.environ.items() if name != "PUBLIC_URL"},
            "STATE_DIR": str(state),
            "HTTPS_PORT": str(self.https_port),
            "HTTP_PORT": str(self.http_port),
            "SERVICE_PORT": str(self.service_port),
            "DJANGO_SETTINGS_MODULE": "config.settings",
            "SWEEP_SECONDS": "1",
            "ARCHIVES": "",  # hundreds of orders are signed here: what becomes of their dossiers has tests of its own
            "DOSSIER_PATIENCE_SECONDS": "0",  # tests wait for dossiers while others order signatures
            "WORKER_NICENESS": "0",
            "DOSSIER_NICENESS": "0",  # tests wait for workers while others keep the processors busy
            # Not the two seconds of the other tests: on a busy machine a dossier takes longer and loses its claim.
            "LEASE_SECONDS": "30",
            **({} if "DATABASE_URL" in environment else stores.fresh(os.environ)),
            **environment,
        }
        self.process: subprocess.Popen[str] | None = None
        self.said: list[str] = []
        self._lines: Queue[str | None] = Queue()

    def start(self) -> "Stack":
        """Start and wait until it says that it is ready; fails with all it said where it does not."""
        self.said, self._lines = [], Queue()
        command = [sys.executable, "-m", "config.run"]
        self.process = subprocess.Popen(
            command, cwd=ROOT, env=self.environment, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True
        )
        self._reader = threading.Thread(target=self._read, daemon=True)
        self._reader.start()
        self.wait_for(READY)
        return self

    def prepared(self) -> "Stack":
        """Give its folder what every first start makes alike: `start` finds it there."""
        prepared.give(self.state)
        return self

    def wait_for(self, words: str, *, seconds: float = READY_SECONDS) -> str:
        """Give the next line that holds `words`; fails where the process ends, or is silent for `seconds`, before."""
        while True:
            try:
                line = self._lines.get(timeout=seconds)
            except Empty:
                line = None
            assert line is not None, "\n".join([f"waited in vain for {words!r}", *self.said])
            if words in line:
                return line

    def stop(self, number: int = signal.SIGTERM) -> int:
        """End it by a signal and give its exit status (0 where it was never started)."""
        if self.process is None:
            return 0
        self.process.send_signal(number)
        status = self.process.wait(timeout=40)
        self._reader.join(timeout=10)
        return status

    def manage(self, *arguments: str | Path, check: bool = True) -> subprocess.CompletedProcess[str]:
        """Run `manage.py …` on this state folder; with `check`, a status other than 0 fails with what it said."""
        command = [sys.executable, "manage.py", *map(str, arguments)]
        done = subprocess.run(
            command, cwd=ROOT, env=self.environment, capture_output=True, text=True, check=False, timeout=120
        )
        assert not check or done.returncode == 0, done.stdout + done.stderr
        return done

    def export(self, reference: str, out: Path) -> None:
        """Run `export_dossier` until all is sealed: it waits a minute, and others have ordered before this test."""
        for _ in range(MINUTES):
            done = self.manage("export_dossier", reference, "--out", out, check=False)
            if done.returncode != NOT_SEALED:
                break
        assert done.returncode == 0, done.stdout + done.stderr

    def get(self, path: str) -> tuple[int, bytes]:
        """GET from the people's listener; the certificate must be good for localhost under the sandbox's access CA."""
        context = ssl.create_default_context(cafile=self.state / "sandbox" / "tls-root.crt")
        connection = http.client.HTTPSConnection("localhost", self.https_port, timeout=10, context=context)
        return _answer(connection, path)

    def get_plain(self, path: str) -> tuple[int, bytes]:
        """GET from the plain HTTP listener."""
        return _answer(http.client.HTTPConnection("localhost", self.http_port, timeout=10), path)

    def found(self, pattern: str) -> str:
        """The first group of `pattern` in what was said so far."""
        match = re.search(pattern, "\n".join(self.said))
        assert match, "\n".join(self.said)
        return match[1]

    def processes(self) -> list[int]:
        """Every live process that works on this state folder, found by its environment."""
        mark, found = f"STATE_DIR={self.state}\0".encode(), []
        for folder in Path("/proc").glob("[0-9]*"):
            try:
                if mark in (folder / "environ").read_bytes():
                    found.append(int(folder.name))
            except OSError:  # it has ended meanwhile, or is another user's
                continue
        return found

    def _read(self) -> None:
        assert self.process is not None
        assert self.process.stdout is not None
        with self.process.stdout as lines:
            for line in lines:
                self.said.append(line.rstrip("\n"))
                self._lines.put(line)
        self._lines.put(None)


@pytest.fixture
def new_stack(tmp_path: Path) -> Iterator[Callable[..., Stack]]:
    """Makes a Paraphe of the test's own, not started yet (`new_stack(SANDBOX="0").start()`); it ends with the test."""
    made: list[Stack] = []

    def make(**environment: str) -> Stack:
        made.append(Stack(tmp_path / f"state-{len(made)}", **environment))
        return made[-1]

    yield make
    for each in made:
        each.stop()


class Shared:
    """A Paraphe that tests use one after the other; it runs from the first that asks until the last in a row.

    One that only waits still takes a tenth of a processor: it sweeps every second, and asks a folder for messages.
    """

    def __init__(self) -> None:
        self._running: Stack | None = None

    def running(self, tmp_path_factory: pytest.TempPathFactory) -> Stack:
        """The one there is, or a new one on an empty state folder."""
        if self._running is None:
            self._running = Stack(tmp_path_factory.mktemp("stack") / "state").prepared()
            self._running.start()
        return self._running

    def end(self) -> None:
        """End it, if it runs; fails with all it said where it does not end well."""
        ended, self._running = self._running, None
        assert ended is None or ended.stop() == 0, "\n".join(ended.said)


_shared = {"stack": Shared(), "neighbour": Shared()}


@pytest.hookimpl(wrapper=True)
def pytest_runtest_teardown(item: pytest.Item, nextitem: pytest.Item | None) -> Iterator[None]:
    """After a file's last test and its own end, end what the next test does not want: those that share are in a row."""
    yield
    if nextitem is None or nextitem.path != item.path:
        for name, shared in _shared.items():
            if nextitem is None or name not in shared_by(nextitem):
                shared.end()


# Per file, not per session: a file later in the run, after others without it, is given one that runs.
@pytest.fixture(scope="module")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A running Paraphe shared by the tests of this process: make an envelope of your own, change no settings."""
    return _shared["stack"].running(tmp_path_factory)


@pytest.fixture(scope="module")
def neighbour(tmp_path_factory: pytest.TempPathFactory) -> Stack:
    """A Paraphe that is another company's here: not the one of the other tests, which has one client only."""
    return _shared["neighbour"].running(tmp_path_factory)


def free_ports(count: int) -> list[int]:
    """Ports of 127.0.0.1 that were free a moment ago, all different."""
    probes = [socket.create_server(("127.0.0.1", 0)) for _ in range(count)]
    ports: list[int] = [probe.getsockname()[1] for probe in probes]
    for probe in probes:
        probe.close()
    return ports


def _answer(connection: http.client.HTTPConnection, path: str) -> tuple[int, bytes]:
    try:
        connection.request("GET", path)
        answer = connection.getresponse()
        return answer.status, answer.read()
    finally:
        connection.close()
