"""The steps between installed packages and a server that can start: database, static files, keys, sample data.

`python -m config.prepare` takes all of them. A process of its own, started by config.run, so that Django is imported
once for all steps. Progress goes to standard error; standard output carries the one JSON object that
`manage.py sandbox --json` prints. `python -m config.prepare static|database` takes one: the image's build and the
stack's start do each where it belongs.
"""

import hashlib
import io
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

import django
from django.conf import settings
from django.contrib.staticfiles.finders import get_finders
from django.core.management import CommandError, call_command

NOT_SERVED = ["*.py"]  # scripts that fetch or cut what lies beside them


def main(arguments: Sequence[str]) -> None:
    """Take the steps named, or all; what is up to date already is left as it is. Another name ends with status 2."""
    steps: dict[tuple[str, ...], Callable[[], object]] = {
        (): everything,
        ("static",): collect_static,
        ("database",): migrate,
    }
    if tuple(arguments) not in steps:
        sys.stderr.write("usage: python -m config.prepare [static|database]\n")
        raise SystemExit(2)
    django.setup()
    steps[tuple(arguments)]()


def everything() -> None:
    """Bring STATE_DIR up to date with this code."""
    migrate()
    collect_static()
    _say("keys and certificates")
    told = io.StringIO()
    call_command("ceremony", stdout=told)
    sys.stderr.write("".join(told.getvalue().splitlines(keepends=True)[-1:]))  # the rest lists every file
    _say("sample data")
    answer = io.StringIO()
    call_command("sandbox", "--json", stdout=answer)
    sys.stdout.write(answer.getvalue())


def migrate() -> None:
    """Bring the database up to date with this code, unless SIGNING_GATEWAY asks for what is not given."""
    call_command("check", tags=["gateway"], stdout=io.StringIO())
    _say("database")
    call_command("migrate", interactive=False, verbosity=0)


def collect_static() -> bool:
    """Collect and compress static files where a source has changed since the last time; tells whether it did."""
    stamp = Path(settings.STATIC_ROOT) / "sources.sha256"
    digest = static_sources_digest()
    if stamp.exists() and stamp.read_text() == digest:
        return False
    _say("static files")
    call_command("collectstatic", interactive=False, clear=True, verbosity=0, ignore_patterns=NOT_SERVED)
    stamp.write_text(digest)
    return True


def static_sources_digest() -> str:
    """SHA-256 over name, size and time of change of each file that collectstatic would take."""
    known = hashlib.sha256()
    for finder in get_finders():
        for name, storage in finder.list(NOT_SERVED):
            status = Path(storage.path(name)).stat()
            known.update(f"{name}\0{status.st_size}\0{status.st_mtime_ns}\n".encode())
    return known.hexdigest()


def _say(step: str) -> None:
    sys.stderr.write(f"paraphe: {step}\n")
    sys.stderr.flush()


if __name__ == "__main__":
    try:
        main(sys.argv[1:])
    except CommandError as error:
        sys.exit(f"paraphe: {error}")
