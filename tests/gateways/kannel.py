"""A real Kannel (bearerbox, smsbox) in a folder of its own, with two SMS centres behind it.

Numbers that begin with +336 go to Kannel's own simulator, which delivers all at once; the others to the tests' centre.
"""

import os
import shutil
import subprocess
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from config.supervisor import end_with_parent
from tests.gateways.smpp import Centre, Plan, Submitted
from tests.stack import free_ports

SIMULATOR = "/usr/lib/kannel/test/fakesmsc"
START_SECONDS = 20.0
CONFIGURATION = """
group = core
admin-port = {admin}
admin-interface = 127.0.0.1
admin-password = adm
smsbox-port = {box}
smsbox-interface = 127.0.0.1
box-allow-ip = "127.0.0.1"
box-deny-ip = "*.*.*.*"
store-type = spool
store-location = "{folder}/spool"
dlr-storage = spool
dlr-spool = "{folder}/dlr"
sms-resend-freq = 1
sms-resend-retry = 3
log-file = "{folder}/bearerbox.log"
log-level = 2

group = smsc
smsc = fake
smsc-id = simulator
host = 127.0.0.1
port = {simulator}
connect-allow-ip = 127.0.0.1
allowed-prefix = "+336;336"

group = smsc
smsc = smpp
smsc-id = centre
host = 127.0.0.1
port = {centre}
transceiver-mode = true
smsc-username = paraphe
smsc-password = secret
system-type = ""
reconnect-delay = 1
source-addr-autodetect = true
denied-prefix = "+336;336"

group = smsbox
smsbox-id = box1
bearerbox-host = 127.0.0.1
sendsms-port = {send}
sendsms-interface = 127.0.0.1
http-request-retry = 5
http-queue-delay = 1
log-file = "{folder}/smsbox.log"
log-level = 2

group = sendsms-user
username = paraphe
password = secret
user-allow-ip = "127.0.0.1"
user-deny-ip = "*.*.*.*"
max-messages = 4
concatenation = true
"""


@dataclass
class Kannel:
    """What a test sees of it: where to send, what the centre took, what it is to do with a number."""

    url: str
    folder: Path
    centre: Centre
    plans: dict[str, Plan] = field(default_factory=dict)

    @property
    def settings(self) -> dict[str, str]:
        """Settings.SMS_GATEWAY for it."""
        return {"url": self.url, "username": "paraphe", "password": "secret", "sender": "Paraphe"}

    def said(self) -> str:
        """Everything that its processes wrote into their logs."""
        return "".join(file.read_text(errors="replace") for file in self.folder.glob("*.log"))


@contextmanager
def running() -> Iterator[Kannel]:
    """Start it; everything of it ends with the block."""
    plans: dict[str, Plan] = {}

    def plan(message: Submitted) -> Plan:
        return plans.get(message.number, Plan())

    with ExitStack() as stack:
        folder = Path(tempfile.mkdtemp(prefix="kannel-"))
        stack.callback(shutil.rmtree, folder, ignore_errors=True)
        centre = Centre(plan)
        stack.callback(centre.server_close)
        stack.callback(centre.shutdown)
        admin, box, send, simulator = free_ports(4)
        ports = {"admin": admin, "box": box, "send": send, "simulator": simulator, "centre": centre.port}
        for name in ("spool", "dlr"):
            (folder / name).mkdir()
        configuration = folder / "kannel.conf"
        configuration.write_text(CONFIGURATION.format(folder=folder, **ports))
        status = f"http://127.0.0.1:{admin}/status.txt?password=adm"
        for command, mark in (
            (["bearerbox", str(configuration)], "Status"),
            (["smsbox", str(configuration)], "box1"),
            ([SIMULATOR, "-H", "127.0.0.1", "-r", str(simulator), "-m", "0", "1 2 text x"], "simulator"),
        ):
            stack.enter_context(_process(command, folder))
            _wait(status, mark, folder)
        _wait(status, "online", folder, times=2)
        yield Kannel(f"http://127.0.0.1:{send}/cgi-bin/sendsms", folder, centre, plans)


@contextmanager
def _process(command: list[str], folder: Path) -> Iterator[None]:
    with (folder / "out").open("ab") as out:
        running = subprocess.Popen(
            command,
            cwd=folder,
            stdout=out,
            stderr=out,
            env=os.environ,
            preexec_fn=end_with_parent,  # noqa: PLW1509 - a prctl
        )
    try:
        yield
    finally:
        running.terminate()
        try:
            running.wait(timeout=10)
        except subprocess.TimeoutExpired:
            running.kill()
            running.wait()


def _wait(status: str, mark: str, folder: Path, *, times: int = 1) -> None:
    """Wait until Kannel says of itself what is waited for."""
    until = time.monotonic() + START_SECONDS
    said = ""
    while time.monotonic() < until:
        try:
            with urllib.request.urlopen(status, timeout=2) as answer:
                said = answer.read().decode()
        except OSError as error:
            said = str(error)
        if said.count(mark) >= times:
            return
        time.sleep(0.02)
    raise AssertionError(f"{mark} not seen:\n{said}\n{(folder / 'out').read_text()}")
