"""The issue, "What a newcomer does": `make run` as real processes, and the sentences when it cannot start."""

import os
import signal
import socket
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack import ROOT, Stack, free_ports


def refused(**environment: str) -> str:
    """What is said where `make run` cannot start; its status is not 0."""
    ports = dict(zip(("HTTPS_PORT", "HTTP_PORT", "SERVICE_PORT"), map(str, free_ports(3)), strict=True))
    ports |= {"DJANGO_SETTINGS_MODULE": "config.settings"}
    command = [sys.executable, "-m", "config.run"]
    ended = subprocess.run(
        command, cwd=ROOT, env=os.environ | ports | environment, capture_output=True, text=True, timeout=60, check=False
    )
    assert ended.returncode == 1, ended.stdout + ended.stderr
    assert "Traceback" not in ended.stderr
    return ended.stderr


@pytest.mark.parametrize("variable", ["HTTPS_PORT", "HTTP_PORT", "SERVICE_PORT"])
def test_a_port_in_use_is_named(variable: str, tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        said = refused(STATE_DIR=str(tmp_path), **{variable: port})

    assert f"port {port} of 127.0.0.1 cannot be used" in said
    assert f"{variable}={int(port) + 1} make run" in said


def test_a_state_folder_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    """Even root cannot make a folder below a file."""
    (tmp_path / "file").touch()

    said = refused(STATE_DIR=str(tmp_path / "file" / "state"))

    assert "STATE_DIR cannot be written" in said
    assert str(tmp_path / "file") in said


def test_production_is_started_otherwise_and_nothing_is_made_for_it(tmp_path: Path) -> None:
    """No keys of a sandbox in a folder that is meant for production; where it is written is there to be read."""
    said = refused(STATE_DIR=str(tmp_path / "state"), SANDBOX="0")

    assert not (tmp_path / "state").exists()
    assert "manage.py check --deploy" in said
    for place in ("docs/stack.md", "docs/keys.md"):
        assert place in said
        assert "SANDBOX" in (ROOT / place).read_text()


def test_one_state_folder_has_one_run(tmp_path: Path) -> None:
    """Two beats on one queue would ring twice; two webs on one folder only confuse."""
    import fcntl  # noqa: PLC0415 - of this test alone

    with (tmp_path / "run.lock").open("w") as held:
        fcntl.flock(held, fcntl.LOCK_EX)

        assert "running already" in refused(STATE_DIR=str(tmp_path))


def test_it_serves_ends_and_finds_its_state_again(new_stack: Callable[..., Stack]) -> None:
    """Ready with address, link, mailbox and admin; a signal ends every process; the second time all is there."""
    stack = new_stack().start()
    try:
        assert stack.get("/health/live")[0] == 200
        assert stack.get("/health/ready")[0] == 200
        for path in ("/health/live", "/admin/", "/static/admin/css/base.css"):
            assert stack.get_plain(path)[0] == 404, f"{path} is served without TLS, where /pki/* only is"
        link = stack.found(r"to sign +(\S+)")
        assert link.startswith(stack.url)
        assert stack.found(r"mailbox +(\S+)").startswith(stack.url)
        assert stack.found(r"admin +(\S+)").startswith(stack.url)
        assert len(stack.processes()) > 5
    finally:
        status = stack.stop(signal.SIGINT)
    assert status == 0
    assert not stack.processes()

    root = (stack.state / "sandbox" / "root.crt").read_bytes()
    again = stack.start()
    try:
        assert again.get(link.removeprefix(again.url))[0] == 200
        assert (again.state / "sandbox" / "root.crt").read_bytes() == root
    finally:
        assert again.stop() == 0
    assert not again.processes()
    token = link.rsplit("/", 1)[1]
    assert not [log.name for log in (stack.state / "logs").iterdir() if token in log.read_text()]
