"""What is the same in every new state folder, made once in a process of tests: empty tables, collected static files.

`config.prepare` makes them for most of a start's time, and finds them up to date where they are there.
"""

import os
import shutil
import subprocess
import sys
from functools import cache
from pathlib import Path

from django.conf import settings

ROOT = Path(__file__).resolve().parents[1]
MAKE = "import django; django.setup(); from config import prepare; prepare.migrate(); prepare.collect_static()"


def give(state: Path) -> None:
    """Put them into a state folder that is not there yet. A database elsewhere (DATABASE_URL) is not touched."""
    state.mkdir(mode=0o750, parents=True)
    shutil.copyfile(_made() / "db.sqlite3", state / "db.sqlite3")
    shutil.copytree(_made() / "static", state / "static")


@cache
def _made() -> Path:
    folder: Path = settings.STATE_DIR / "prepared"  # goes with the tests' own state
    environment = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    subprocess.run(
        [sys.executable, "-c", MAKE],
        cwd=ROOT,
        env=environment | {"STATE_DIR": str(folder), "DJANGO_SETTINGS_MODULE": "config.settings"},
        check=True,
        timeout=120,
    )
    return folder
