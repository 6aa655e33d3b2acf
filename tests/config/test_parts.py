"""Issue 3, Stack: the same entry points in containers as in `make run`; only the worker has signing keys."""

import http.client
import os
import socket
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

import pytest
from cryptography import x509
from cryptography.hazmat.primitives.serialization import Encoding

from config import parts
from config.parts import command
from tests.http_signer import HttpSigner
from tests.stack import ROOT, Stack

FORWARDED = {"Host": "localhost", "X-Forwarded-Proto": "https", "X-Forwarded-For": "198.51.100.7"}


class UnixConnection(http.client.HTTPConnection):
    def connect(self) -> None:
        self.sock = socket.socket(socket.AF_UNIX, socket.SOCK_STREAM)
        self.sock.settimeout(10)
        self.sock.connect(self.host)


def ask(place: Path, path: str, **headers: str) -> tuple[int, http.client.HTTPMessage, str]:
    """GET as nginx asks over the socket; status 0 while nobody listens, or answers."""
    connection = UnixConnection(str(place))
    try:
        connection.request("GET", path, headers=FORWARDED | headers)
        answer = connection.getresponse()
        return answer.status, answer.headers, answer.read().decode()
    except (FileNotFoundError, ConnectionRefusedError, TimeoutError):
        return 0, http.client.HTTPMessage(), ""
    finally:
        connection.close()


@contextmanager
def part(name: str, place: Path, environment: dict[str, str]) -> Iterator[Path]:
    """A listener behind a proxy, on a socket; gives the socket once it answers."""
    bound, log = place / f"{name}.sock", place / f"{name}.log"
    told = environment | {"BEHIND_PROXY": "1", "BIND": f"unix:{bound}"}
    with (
        log.open("wb") as out,
        subprocess.Popen(
            [sys.executable, "-m", "config.parts", name], cwd=ROOT, env=told, stdout=out, stderr=out
        ) as process,
    ):
        try:
            HttpSigner.wait(lambda: process.poll() is not None or ask(bound, "/")[0] != 0)
            assert process.poll() is None, log.read_text()
            yield bound
        finally:
            process.terminate()


@pytest.fixture
def place() -> Iterator[Path]:
    """A short folder: the path of a socket has 107 bytes."""
    with tempfile.TemporaryDirectory(prefix="p") as name:
        yield Path(name)


@pytest.fixture
def without_keys(stack: Stack, place: Path) -> dict[str, str]:
    """The environment of a process beside the running Paraphe that has its secret, and none of its signing keys."""
    (place / "secret").write_text((stack.state / "keys" / "secret_key").read_text())
    keep = {name: value for name, value in stack.environment.items() if name != "SECRET_KEY"}
    return keep | {"KEYS_DIR": str(place / "no-keys"), "SECRET_KEY_FILE": str(place / "secret")}


def test_people_are_served_without_any_signing_key(stack: Stack, place: Path, without_keys: dict[str, str]) -> None:
    """reliability.md, Images: only the worker mounts signing keys."""
    link = stack.found(r"to sign +(\S+)").removeprefix(stack.url)
    with part("people", place, without_keys) as bound:
        assert ask(bound, "/health/live")[0] == 200
        status, headers, text = ask(bound, link)
        assert status == 200
        assert "Accéder aux documents" in text
        cookies = [value for name, value in headers.items() if name.lower() == "set-cookie"]
        assert all("Secure" in cookie for cookie in cookies)
    assert not (place / "no-keys").exists()


def test_the_service_behind_a_proxy_takes_its_word_for_the_caller(
    stack: Stack, place: Path, without_keys: dict[str, str]
) -> None:
    """Stack facts, 3: nginx hands over the certificate that it has verified."""
    own = x509.load_pem_x509_certificate((stack.state / "sandbox" / "client.crt").read_bytes())  # the key stays here
    pem = quote(own.public_bytes(Encoding.PEM))
    with part("service", place, without_keys) as bound:
        assert ask(bound, "/health/live", **{"X-Client-Cert": pem})[0] == 200
        assert ask(bound, "/health/live", **{"X-Client-Cert": ""})[0] == 401
        assert ask(bound, "/health/live", X_Client_Cert=pem)[0] == 401
    assert not (place / "no-keys").exists()


def test_a_process_without_secret_and_folder_says_so(stack: Stack, place: Path, without_keys: dict[str, str]) -> None:
    """It must not make a secret of its own, that nobody else has, where it was to be given one."""
    told = without_keys | {"SECRET_KEY_FILE": str(place / "absent"), "LOG_LEVEL": "ERROR"}
    ended = subprocess.run(
        [sys.executable, "-m", "config.parts", "people"],
        cwd=ROOT,
        env=told,
        capture_output=True,
        text=True,
        check=False,
    )
    assert ended.returncode != 0
    assert "absent" in ended.stderr


@pytest.mark.parametrize("name", ["nothing", ""])
def test_a_name_that_is_none_is_told(name: str) -> None:
    ended = subprocess.run(
        [sys.executable, "-m", "config.parts", *name.split()], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert ended.returncode == 2
    assert ended.stderr.startswith("usage: ")


def test_one_clock_and_any_number_of_workers() -> None:
    """The worker of the stack has no clock in it; that of a single machine has."""
    assert "-B" not in command("worker")[0]
    assert "-B" in command("worker-beat")[0]


@pytest.mark.parametrize(("name", "made"), [("beat", True), ("worker-beat", True), ("worker", False)])
def test_beat_finds_its_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, name: str, *, made: bool) -> None:
    """docs/stack.md, Without containers: nobody made it before, and beat does not."""
    became: list[list[str]] = []
    monkeypatch.setenv("BEAT_DIR", str(tmp_path / "state" / "beat"))
    monkeypatch.setattr(os, "execve", lambda _program, line, _environment: became.append(line))
    parts.main([name])
    assert len(became) == 1
    assert (tmp_path / "state" / "beat").is_dir() == made
