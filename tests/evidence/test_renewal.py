"""Issue, part 6: beat time-stamps anew what nears the end of its authority; the system's clock moves."""

import json
import os
import subprocess
import sys
from pathlib import Path

from tests.verification.containers import read

ROOT = Path(__file__).parents[2]


def clocked(folder: Path, **more: str) -> dict[str, str]:
    """The environment of a process whose clock is in a file: libfaketime reads it each time that the hour is asked."""
    preloaded = next(Path("/usr/lib").glob("*/faketime/libfaketimeMT.so.1"))
    told = {"LD_PRELOAD": str(preloaded), "FAKETIME_TIMESTAMP_FILE": str(folder / "clock"), "FAKETIME_NO_CACHE": "1"}
    return told | {"FAKETIME_DONT_FAKE_MONOTONIC": "1"} | more


def test_a_dossier_outlives_the_authority_that_stamped_it(tmp_path: Path) -> None:
    """Renewed by beat 180 days before the end; a year after it both verifiers hold every claim."""
    clock = tmp_path / "clock"
    clock.write_text("+0")
    own = ("PYTEST_", "STATE_DIR", "DATABASE_URL")  # its database is a file of its own
    inherited = {name: value for name, value in os.environ.items() if not name.startswith(own)}
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:randomly", "-p", "no:cacheprovider"]
    done = subprocess.run(
        [*command, "tests/evidence/years_later.py"],
        env=inherited | clocked(tmp_path, YEARS_LATER_OUT=str(tmp_path)),
        cwd=ROOT,
        capture_output=True,
        text=True,
        check=False,
        timeout=300,
    )
    assert done.returncode == 0, done.stdout[-4000:] + done.stderr[-1000:]
    told = json.loads((tmp_path / "told.json").read_text())
    assert told["now"] > told["first"]
    said = json.loads((tmp_path / "verdict.json").read_text())
    assert said["verdict"] == "valid"
    assert [each["claim"] for each in said["claims"]][-1] == "addendum"
    (tmp_path / "verifier.py").write_bytes(read(tmp_path / "dossier.asice")["verifier.py"])
    verified = subprocess.run(
        [sys.executable, "-I", "-S", "verifier.py", "dossier.asice"],
        env={"PATH": "/usr/bin:/bin", "PYTHONIOENCODING": "utf-8"},  # it asks no clock
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )
    assert verified.returncode == 0, verified.stdout
    assert "dossier.stamped" in verified.stdout
