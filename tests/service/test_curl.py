"""Issue 4: the service is called by curl with `--cacert tls-root.crt --cert client.crt`, the issue's own words.

A public library (PHP, on libcurl) sets CURLOPT_SSLCERT and CURLOPT_SSLCERTPASSWD and nothing else: one file again, with
its password.
"""

import json
import re
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.stack import Stack

Call = Callable[[str], tuple[int, str]]


@pytest.fixture
def curl(stack: Stack) -> Call:
    """Status and standard error of a call with `--cert` and nothing besides."""

    def call(certificate: str) -> tuple[int, str]:
        line = ["curl", "--silent", "--show-error", "--output", "/dev/null", "--write-out", "%{http_code}"]
        line += ["--cacert", str(stack.state / "sandbox" / "tls-root.crt"), "--cert", certificate]
        line += [f"https://localhost:{stack.service_port}/health/live"]
        done = subprocess.run(line, stdin=subprocess.DEVNULL, capture_output=True, text=True, check=False, timeout=60)
        return int(done.stdout), done.stderr

    return call


def opens(folder: Path, password: str, curl: Call) -> None:
    assert curl(str(folder / "client.crt")) == (200, "")
    assert curl(f"{folder / 'client.pem'}:{password}") == (200, "")
    assert curl(f"{folder / 'client.pem'}:not-{password}")[0] == 0  # the key stays shut, and nothing is sent


def test_the_sandbox_files_as_the_issue_has_them(stack: Stack, curl: Call) -> None:
    folder = stack.state / "sandbox"
    told = re.findall(r"client\.pem, mot de passe (\S+)", (folder / "README").read_text())
    opens(folder, told[-1], curl)


def test_rotated_ones(stack: Stack, curl: Call, tmp_path: Path) -> None:
    told = json.loads(stack.manage("rotate_access", "EXS", "--out", tmp_path / "next").stdout)
    opens(tmp_path / "next", told["password"], curl)
