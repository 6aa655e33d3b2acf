"""The stack of docker/compose.yml as plain processes: its command lines and environment, its secrets, its proxy.

No container is made. What the image, compose and the volumes give is given by folders instead: each process sees what
its container would see, so the signing keys are with the worker alone.
"""

import http.client
import os
import re
import ssl
import subprocess
import sys
import time
from collections.abc import Callable, Mapping
from contextlib import ExitStack
from pathlib import Path
from typing import Any

import yaml

from tests.stack import ROOT, free_ports
from tests.stores import Stores

NGINX = "/usr/sbin/nginx"
START_SECONDS = 60.0
COMPOSE: dict[str, Any] = yaml.safe_load((ROOT / "docker" / "compose.yml").read_text())
ENV = re.search(r"^ENV (?:.*\\\n)*.*$", (ROOT / "docker" / "Dockerfile").read_text(), re.MULTILINE)
IMAGE = dict(re.findall(r"\b([A-Z_]+)=(\S+)", ENV[0] if ENV else ""))
del IMAGE["PATH"]
ASKED = {
    "PKI_URL": "http://localhost/pki",
    "OPERATOR_NAME": "Exemple Exploitation",
    "OPERATOR_IDENTIFIER": "NTRFR-123456789",
    "DEFAULT_FROM_EMAIL": "signature@exemple.fr",
    "EMAIL_HOST": "mail.invalid",
    # Tried without a mail server: messages stay in the state folder.
    "EMAIL_BACKEND": "otp.delivery.mailbox.MailboxBackend",
    "SANDBOX": "1",
}


class Composed:
    """The running stack; `manage` runs a command where compose would run it: in the worker."""

    def __init__(self, folder: Path, stores: Stores) -> None:
        self.folder, self.state, self.log = folder, folder / "state", folder / "processes.log"
        self.people, self.service, self.pki = free_ports(3)
        self.url = f"https://localhost:{self.people}"
        self.configuration = folder / "nginx.conf"
        for name in ("state", "secrets", "tmp", "run", "no-keys"):
            (folder / name).mkdir()
        for name, value in (
            ("secret_key", "k" * 64),
            ("database_url", stores.environment()["DATABASE_URL"]),
            ("broker_url", stores.environment()["CELERY_BROKER_URL"]),
        ):
            (folder / "secrets" / name).write_text(value + "\n")

    def prepare(self) -> None:
        """What docs/stack.md does before the first start."""
        self.run("web", "-m", "config.prepare", "static")
        self.run("migrate", "-m", "config.prepare", "database")
        self.manage("ceremony")
        self.manage("sandbox")
        self.configuration.write_text(self._proxy())

    def start(self, ended: ExitStack) -> None:
        """Start every process and wait until the proxy reaches its three; each is ended with `ended`."""
        for name in ("web", "service", "pki", "worker", "beat"):
            (part,) = COMPOSE["services"][name]["command"]
            self._started(ended, [sys.executable, "-m", "config.parts", part], self.environment(name))
        # As root it would become another user, who may not reach the sockets; the container never is root.
        globally = "daemon off;" + (" user root;" if os.geteuid() == 0 else "")
        self._started(ended, [NGINX, "-c", str(self.configuration), "-g", globally], os.environ)
        client = self.state / "sandbox" / "client"
        self.until(lambda: self.ask(self.people, "/health/ready")[0] == 200)
        self.until(lambda: self.ask(self.service, "/health/live", certificate=client)[0] == 200)
        self.until(lambda: self.ask(self.pki, "/pki/root.crl")[0] == 200)

    def environment(self, name: str) -> dict[str, str]:
        """What the container `name` has: image, compose, folders in the place of its mounts."""
        given = IMAGE | COMPOSE["services"][name]["environment"]
        asked = ASKED | {"PUBLIC_URL": self.url}
        keys = self.folder / ("keys" if name == "worker" else "no-keys")
        moved = {
            "/run/secrets/": f"{self.folder}/secrets/",
            "/run/paraphe/": f"{self.folder}/run/",
            "/srv/state": str(self.state),
            "/srv/static": f"{self.folder}/static",
            "/srv/keys": str(keys),
            "/tmp": f"{self.folder}/tmp",
        }
        ours = {variable: replaced(interpolated(value, asked), moved) for variable, value in given.items()}
        return {"PATH": os.environ["PATH"], "HOME": "/nonexistent", **ours}

    def run(self, name: str, *arguments: str) -> str:
        """Run Python in the container `name`; gives what it wrote, fails with it where it failed."""
        done = subprocess.run(
            [sys.executable, *arguments],
            cwd=ROOT,
            env=self.environment(name),
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def manage(self, *arguments: str | Path) -> str:
        return self.run("worker", "manage.py", *map(str, arguments))

    def ask(
        self,
        port: int,
        path: str,
        *,
        method: str = "GET",
        certificate: Path | None = None,
        headers: Mapping[str, str] | None = None,
    ) -> tuple[int, str, http.client.HTTPMessage]:
        """Over TLS, or plain from the PKI's port."""
        connection = self.connection(port, certificate=certificate)
        try:
            connection.request(method, path, headers=dict(headers or {}))
            answer = connection.getresponse()
            return answer.status, answer.read().decode(errors="replace"), answer.headers
        finally:
            connection.close()

    def connection(self, port: int, *, certificate: Path | None = None) -> http.client.HTTPConnection:
        """One to a port of the proxy."""
        if port == self.pki:
            return http.client.HTTPConnection("127.0.0.1", port, timeout=10)
        context = ssl.create_default_context(cafile=self.state / "sandbox" / "tls-root.crt")
        if certificate:
            context.load_cert_chain(certificate.with_suffix(".crt"), certificate.with_suffix(".key"))
        return http.client.HTTPSConnection("localhost", port, timeout=10, context=context)

    def until(self, holds: Callable[[], bool]) -> None:
        """Wait for what is to hold once everything is up; fails with all that the processes said."""
        deadline = time.monotonic() + START_SECONDS
        while not self._holds(holds):
            assert time.monotonic() < deadline, self.log.read_text()
            time.sleep(0.05)

    def _holds(self, holds: Callable[[], bool]) -> bool:
        try:
            return holds()
        except OSError:
            return False

    def _proxy(self) -> str:
        """docker/nginx.conf as it is, but for folders, ports and where TLS has its key."""
        text = (ROOT / "docker" / "nginx.conf").read_text()
        for there, port in ((8443, self.people), (8444, self.service), (8080, self.pki)):
            assert f"listen {there}" in text
            text = text.replace(f"listen {there}", f"listen 127.0.0.1:{port}")
        moved = {
            "/run/paraphe/": f"{self.folder}/run/",
            "/run/secrets/tls_certificate": f"{self.state}/pki/tls.crt",
            "/run/secrets/tls_key": f"{self.folder}/keys/tls.key",
            "/srv/pki/": f"{self.state}/pki/",
            "/srv/files/": f"{self.state}/files/",
            "/tmp/": f"{self.folder}/tmp/",
            "/dev/stderr": f"{self.folder}/error.log",
        }
        assert all(there in text for there in moved)
        return replaced(text, moved)

    def _started(self, ended: ExitStack, command: list[str], environment: Mapping[str, str]) -> None:
        with self.log.open("ab") as log:
            process = subprocess.Popen(command, cwd=ROOT, env=dict(environment), stdout=log, stderr=log)
        ended.callback(process.wait, timeout=40)
        ended.callback(process.terminate)


def interpolated(value: str, asked: Mapping[str, str]) -> str:
    """A value of compose.yml: `${NAME:-default}`, and `${NAME:?why}` for what must be given."""

    def given(match: re.Match[str]) -> str:
        if match[1] in asked:
            return asked[match[1]]
        assert match[2] == ":-", f"{match[1]} must be given: {match[3]}"
        return match[3]

    return re.sub(r"\$\{([A-Z_]+)(:-|:\?)([^}]*)\}", given, str(value))


def replaced(text: str, moved: Mapping[str, str]) -> str:
    """Every key of `moved` by its value, in one go: what is put in is not looked at again."""
    return re.sub("|".join(map(re.escape, moved)), lambda there: moved[there[0]], text)
