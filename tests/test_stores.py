"""Stack facts, section 5: servers of one's own around a command, and nothing of them left."""

import os
import signal
import subprocess
import sys
import tempfile
from collections.abc import Iterator
from pathlib import Path

import pytest

from tests import twice
from tests.stack import ROOT

STORES = [sys.executable, "-m", "tests.stores"]
TRIED = """
import os, sys, psycopg, redis
from urllib.parse import urlsplit
from environ import Env
database = Env.db_url_config(os.environ["DATABASE_URL"])
with psycopg.connect(host=database["HOST"], user=database["USER"], dbname=database["NAME"]) as connection:
    assert connection.execute("SELECT 1").fetchone() == (1,)
redis.Redis(unix_socket_path=urlsplit(os.environ["CELERY_BROKER_URL"]).path).set("key", "value")
print("both answer", flush=True)
sys.stdin.read()
sys.exit(7)
"""


@pytest.fixture
def place() -> Iterator[Path]:
    """A folder for temporary files that nobody may reach: below pytest's own only root goes."""
    with tempfile.TemporaryDirectory(prefix="s") as name:
        Path(name).chmod(0o755)
        yield Path(name)


def begin(place: Path) -> subprocess.Popen[str]:
    """The command, with both servers answering."""
    process = subprocess.Popen(
        [*STORES, sys.executable, "-c", TRIED],
        cwd=ROOT,
        env=os.environ | {"TMPDIR": str(place)},
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    assert process.stdout is not None
    assert process.stdout.readline() == "both answer\n"
    return process


def left(place: Path) -> list[str]:
    """Files in the folder, and processes whose command names it."""
    mark, processes = str(place).encode(), []
    for folder in Path("/proc").glob("[0-9]*"):
        try:
            command = (folder / "cmdline").read_bytes()
        except OSError:  # it has ended meanwhile
            continue
        if mark in command:
            processes.append(command.decode())
    return [*map(str, place.iterdir()), *processes]


def test_a_command_finds_both_and_gives_its_status(place: Path) -> None:
    process = begin(place)
    assert len(left(place)) > 2

    process.communicate()

    assert process.returncode == 7
    assert left(place) == []


def test_ended_by_a_signal_it_leaves_nothing(place: Path) -> None:
    process = begin(place)

    process.send_signal(signal.SIGTERM)
    process.communicate(timeout=30)

    assert process.returncode == 143
    assert left(place) == []


def test_without_a_command_it_says_how_it_is_used() -> None:
    ended = subprocess.run(STORES, cwd=ROOT, capture_output=True, text=True, check=False)

    assert ended.returncode == 2
    assert ended.stderr == "usage: python -m tests.stores COMMAND…\n"


def test_what_runs_once_is_there() -> None:
    """A file that was renamed would be run on both stores again, and nobody would know."""
    assert not [each for each in twice.ONCE if not (twice.ROOT / each).exists()]
