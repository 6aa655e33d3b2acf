"""`make run`: prepares STATE_DIR, serves people, clients' machines and PKI, runs the worker, and says where to go."""

import fcntl
import http.client
import json
import os
import shutil
import signal
import socket
import ssl
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path
from types import FrameType
from typing import IO, NoReturn

from config.env import BASE_DIR, env, state_dir
from config.listeners import PORTS, bind_address, port
from config.parts import command
from config.supervisor import Part, Supervisor, end_with_parent

READY_SECONDS = 60.0
FOLDERS = ("logs", "beat", "tmp")
PRODUCTION = (
    "`make run` is the sandbox, with keys, accounts and a client of its own; SANDBOX=0 is production, and nothing was "
    "made here. What it needs, and the first start, stand in docs/stack.md (processes, database, secrets) and "
    "docs/keys.md (keys, issuing CA); `SANDBOX=0 .venv/bin/python manage.py check --deploy` says what still lacks"
)


def main() -> int:
    """Run until told to stop; gives the exit status. Refuses, with a sentence, before anything is started."""
    for number in (signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, _stopped_early)
    if not env.bool("SANDBOX", default=True):
        stop(PRODUCTION)
    state = state_dir()
    address = bind_address()
    with claim(state):
        for listener, (variable, _) in PORTS.items():
            check_port(variable, address, port(listener))
        # Celery's messages are written to the temporary folder and then renamed: it must be on the state's disk.
        os.environ |= {"DJANGO_SETTINGS_MODULE": "config.settings", "TMPDIR": str(state / "tmp")}
        sample = prepare()
        started = time.monotonic()
        probe = Probe(address, port("people"), state / "sandbox" / "tls-root.crt")
        announce = Announcement(probe, sample, started)
        supervisor = Supervisor(logs=state / "logs", out=sys.stdout, shown=announce.lets_through)
        return supervisor.run(parts(), tick=lambda: announce(supervisor.say))


def parts() -> list[Part]:
    """The processes of one machine: pages, the service, lists over plain HTTP, worker with its clock."""
    listeners = [Part(name, *command(name)) for name in PORTS]
    return [*listeners, Part("worker", *command("worker-beat"))]


def claim(state: Path) -> IO[str]:
    """Make STATE_DIR and its working folders, and hold it for this process; the claim ends when the file is closed."""
    try:
        state.mkdir(mode=0o750, parents=True, exist_ok=True)
        claimed = (state / "run.lock").open("a")
    except OSError as error:
        stop(f"STATE_DIR cannot be written: {error.filename}: {error.strerror}. Name another: STATE_DIR=… make run")
    try:
        fcntl.flock(claimed, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except BlockingIOError:
        stop(f"Paraphe is running already on {state}. Stop it, or name another folder: STATE_DIR=… make run")
    shutil.rmtree(state / "tmp", ignore_errors=True)  # left behind by a run that was killed
    for name in FOLDERS:
        (state / name).mkdir(mode=0o700, exist_ok=True)
    return claimed


def check_port(variable: str, address: str, port: int) -> None:
    """Stop with a sentence where `port` cannot be listened on; `variable` is what names another."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind((address, port))
            probe.listen()
        except (OSError, OverflowError) as error:
            stop(f"port {port} of {address} cannot be used ({error}). Name another: {variable}={port + 1} make run")


def prepare() -> dict[str, object]:
    """Run config.prepare and give what it prints about the sample; stops where it fails (it has said why)."""
    command, environment = [sys.executable, "-m", "config.prepare"], os.environ | {"LOG_LEVEL": "WARNING"}
    with subprocess.Popen(
        command,
        env=environment,
        stdout=subprocess.PIPE,
        text=True,
        preexec_fn=end_with_parent,  # noqa: PLW1509 - safe: this process has one thread
    ) as process:
        try:
            answer, _ = process.communicate()
        except (KeyboardInterrupt, SystemExit):
            process.terminate()
            raise
    if process.returncode:
        stop("the state folder could not be prepared; nothing was started")
    sample: dict[str, object] = json.loads(answer)
    return sample


class Probe:
    """Asks this machine's own /health/ready over TLS; the access CA of the sandbox must have signed the answer."""

    def __init__(self, address: str, port: int, root: Path) -> None:
        self._address = "127.0.0.1" if address in ("", "0.0.0.0") else address  # noqa: S104 - compared, not bound
        self._port = port
        self._context = ssl.create_default_context(cafile=root)
        self._context.check_hostname = False  # asked by address, whatever name PUBLIC_URL has

    def __call__(self) -> str:
        """Empty when ready, else what is wrong in a few words."""
        connection = http.client.HTTPSConnection(self._address, self._port, timeout=2, context=self._context)
        try:
            connection.request("GET", "/health/ready", headers={"Host": "localhost"})
            answer = connection.getresponse()
            return "" if answer.status == http.HTTPStatus.OK else answer.read(2000).decode(errors="replace")
        except (OSError, http.client.HTTPException) as error:
            return str(error)
        finally:
            connection.close()


class Announcement:
    """Says once, as soon as everything is ready, where to go; keeps in sight what was said."""

    def __init__(self, probe: Callable[[], str], sample: dict[str, object], started: float) -> None:
        self._probe, self._sample, self._started = probe, sample, started
        self._done = False

    def __call__(self, say: Callable[[str], None]) -> None:
        """Look again, unless it has been said; stop everything where that takes too long."""
        if self._done:
            return
        wrong = self._probe()
        if not wrong:
            self._done = True
            say(ready_text(self._sample))
        elif time.monotonic() - self._started > READY_SECONDS:
            stop(f"not ready after {READY_SECONDS:.0f} s: {wrong}")

    def lets_through(self, line: str) -> bool:
        """Whether a line of a part is for the console too.

        Everyday lines of the structured log stay in STATE_DIR/logs, and so do, before anybody is told the address, the
        server's complaints about its answers to our own question whether it is ready.
        """
        everyday = line.startswith("{") and '"level": "INFO"' in line
        own_question = not self._done and '"logger": "django.request"' in line
        return bool(line.strip()) and not everyday and not own_question


def ready_text(sample: dict[str, object]) -> str:
    """What a newcomer is shown; `sample` is the answer of `manage.py sandbox --json`."""
    public = env.str("PUBLIC_URL", f"https://localhost:{port('people')}").rstrip("/")
    admin = sample["admin"]
    assert isinstance(admin, dict)  # noqa: S101 - the shape agreed with the command
    return f"""
Paraphe is ready.

  address   {public}/
  to sign   {sample["link"]}
  mailbox   {sample["mailbox"]}
  service   https://localhost:{port("service")}/   certificate {_shown("client.crt")} (or client.p12: see its README)
  admin     {admin["url"]}   login {admin["login"]}   password {admin["password"]}

The browser warns until it trusts {_shown("tls-root.crt")}. Ctrl-C ends everything.
"""


def _shown(name: str) -> Path:
    """Where a file of the sandbox is, as short as can be."""
    place = state_dir() / "sandbox" / name
    return place.relative_to(BASE_DIR) if place.is_relative_to(BASE_DIR) else place


def stop(sentence: str) -> NoReturn:
    """End with a sentence on standard error and status 1."""
    sys.stderr.write(f"paraphe: {sentence}\n")
    raise SystemExit(1)


def _stopped_early(_signal: int, _frame: FrameType | None) -> NoReturn:
    raise SystemExit(143)


if __name__ == "__main__":
    end_with_parent()
    try:
        sys.exit(main())
    except KeyboardInterrupt:
        sys.exit(130)
